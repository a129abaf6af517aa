"""What AWS does not give of what is wanted, for a limit of the account: told at every plan, and no change of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sbctl.core.problem import Exit, Problem
from sbctl.core.spec import Desired
from sbctl.core.tree import resolve
from sbctl.engine.targets import Kinds
from sbctl.engine.world import World


def shortfalls(kinds: Kinds, wanted: Iterable[Desired], world: World) -> Iterator[Problem]:
    """A note for each resource of which its kind says so."""
    for item in wanted:
        live = world.live.get(item.address)
        if live is None:
            continue
        short = kinds[item.address.kind].shortfall(resolve(item.values, world.lookup), live.spec)
        if short:
            yield Problem(
                code="limit-of-the-account",
                summary="A limit of the account stands in the way",
                detail=short,
                at=str(item.address),
                fix='Raise the quota "Concurrent executions" of Lambda in this region, then run sbctl deploy again.',
                exit=Exit.DONE,
            )
