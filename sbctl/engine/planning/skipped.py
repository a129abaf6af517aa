"""What `plan --fast` does not read: what costs a call a resource and changes only by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.problem import Exit, Problem
from sbctl.core.state import Record
from sbctl.core.text.counted import counted
from sbctl.engine.matching.applied import applied_spec
from sbctl.engine.matching.observed import ObservedWorld
from sbctl.engine.matching.targets import Kinds


def recorded(kind: Kind[Any, Any], record: Record) -> Live[Any] | None:
    """A resource as it is recorded; None where it must be read: its kind, or an unfinished step, asks for that."""
    if not kind.skippable or record.status != "ready":
        return None
    spec = applied_spec(kind, record)
    return None if spec is None else Live(spec=spec, ids=dict(record.ids), outputs=dict(record.outputs))


def skipped(kinds: Kinds, world: ObservedWorld) -> Iterator[Problem]:
    """The note that says what was not read; a plan is silent about changes of these by others."""
    numbers = Counter(kinds[address.kind].title for address in world.skipped)
    found = [counted(number, title) for title, number in sorted(numbers.items())]
    yield Problem(
        code="not-read",
        summary="--fast: not everything was read",
        detail=f"taken as recorded: {', '.join([*found, 'the reserved concurrency and the state of functions'])}",
        fix="Run the same command without --fast to see what others changed there.",
        exit=Exit.DONE,
    )
