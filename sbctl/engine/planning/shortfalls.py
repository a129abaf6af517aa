"""What AWS does not give, or does not take back: told at every plan, and no change of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from sbctl.core.kinds.compare import is_left
from sbctl.core.kinds.spec import Desired
from sbctl.core.kinds.values import plain, resolve
from sbctl.core.problem import Exit, Problem
from sbctl.core.state import State
from sbctl.engine.matching.observed import ObservedWorld
from sbctl.engine.matching.targets import Kinds


def shortfalls(kinds: Kinds, wanted: Iterable[Desired], world: ObservedWorld) -> Iterator[Problem]:
    """A note for each resource of which its kind says so."""
    for item in wanted:
        live = world.live.get(item.address)
        if live is None:
            continue
        short = kinds[item.address.kind].shortfall(resolve(item.values, world.lookup), live)
        if short:
            yield Problem(**asdict(short), at=str(item.address), exit=Exit.DONE)


def left_as_applied(kinds: Kinds, wanted: Iterable[Desired], world: ObservedWorld, state: State) -> Iterator[Problem]:
    """A note for each field that sbctl applied, the config no longer says, and AWS has no way to take back."""
    for item in wanted:
        live, record = world.live.get(item.address), state.get(item.address)
        if live is None or record is None:
            continue
        kind, now = kinds[item.address.kind], plain(live.spec)
        kept = {**dict.fromkeys(record.left, "AWS did not take it back"), **kind.spec.stays}
        for field, why in kept.items():
            if item.values.get(field) is None and is_left(kind, field, now, record.applied):
                yield Problem(
                    code="stays-as-applied",
                    summary="A setting that the config no longer has stays in AWS",
                    detail=f"{field} stays {now[field]!r}: {why}",
                    at=str(item.address),
                    fix="Set another value in the config, or change it in the console.",
                    exit=Exit.DONE,
                )
