"""What sbctl last applied, as a spec: what a resource was wanted to be, whatever the config says by now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.spec import Desired
from sbctl.core.state import Record, State
from sbctl.engine.matching.targets import Kinds


def applied_spec(kind: Kind[Any, Any], record: Record | None) -> Any:
    """The spec that was last applied; None while nothing was, or by a version whose fields were others."""
    if record is None or not record.applied:
        return None
    try:
        return kind.spec.model_validate(dict(record.applied))
    except ValidationError:
        return None


def as_applied(kinds: Kinds, desired: Iterable[Desired], state: State) -> list[Desired]:
    """Each resource wanted as it was last applied; what was never applied is left out, since no region has it.

    An edit of the config that is not deployed yet makes no region worse than another.
    """
    found = []
    for item in desired:
        record = state.get(item.address)
        if record is not None and record.applied:
            spec = applied_spec(kinds[item.address.kind], record)
            found.append(item if spec is None else replace(item, spec=spec))
    return found
