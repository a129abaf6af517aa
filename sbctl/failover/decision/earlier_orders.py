"""Orders that were given before: one that is still on its way, one whose cooldown lasts, and what a forced order is told of it.

They are read in the signal, so that a second operator with nothing but a kit learns of them too. A drill's order holds nobody up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sbctl.core.moving.run import Run
from sbctl.core.problem import Exit, Problem
from sbctl.failover.decision.refusing import command_of, refused
from sbctl.failover.decision.request import FailoverRequest, Guard
from sbctl.failover.decision.snapshot import TrafficSnapshot
from sbctl.failover.kit.kit import Kit
from sbctl.failover.mechanism import Refusal, mechanism_named
from sbctl.failover.signal import Signal

RECENT = "recent-order"
"""The code of what a forced order is told and not refused for."""


@dataclass(frozen=True)
class Past:
    """What the journals at hand say. `last` is the last failover that ended; `left` the run whose place an order would take.

    `ended` are runs that are known to have come to their end, `settled` those of them that were acknowledged or aborted. `drill`
    is the drill that was cut off and of which `left` is a part.
    """

    last: Run | None = None
    left: Run | None = None
    drill: Run | None = None
    ended: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()


def of_drill(given: Signal, order: FailoverRequest) -> bool:
    """Whether a signal is that of a drill, and the order is not that same drill's."""
    return bool(given.drill) and given.drill != order.drill


def on_its_way(order: FailoverRequest, kit: Kit, world: TrafficSnapshot, past: Past) -> Iterator[Refusal]:
    """Another operator's signal that DNS does not show yet: whoever comes second is told, and does not order it again.

    By force that holds only while the region that was ordered is well: traffic cannot be on its way to one that is not. The
    region that is left by force is not asked, and counts as lost; not so the one that an open run had left.
    """
    given = world.signal
    # A run that is over has done what its signal was given for: nobody waits for DNS to show it.
    over = given.drill or given.run in past.ended
    if not over and not (order.mode == "forced" and _is_lost(given.region, world, past)):
        yield from mechanism_named(order.mechanism).under_way(order, kit, world)


def _is_lost(region: str, world: TrafficSnapshot, past: Past) -> bool:
    signs = ("silent", "failing") if past.left is not None else ("silent", "failing", "unknown")
    return any(view.region == region and view.health in signs for view in world.regions)


@dataclass(frozen=True)
class _Given:
    at: datetime
    text: str
    run: str


def _newest(world: TrafficSnapshot, past: Past) -> _Given | None:
    """The last order that nobody has acknowledged, by the signal, or by the journals where they know a later one."""
    given, last, found = world.signal, past.last, []
    if given.region and given.when and not given.drill and given.run not in past.settled:
        found.append(_Given(given.when, f"traffic was ordered to {given.region} by {given.whose}", given.run))
    if last is not None and last.ended is not None and not _settled(last, past):
        why = f": {last.order['reason']}" if last.order.get("reason") else ""
        found.append(
            _Given(last.ended.when(world.at), f"{last.id} by {last.order.get('by') or 'somebody'} ended{why}", last.id)
        )
    return max(found, key=lambda one: one.at, default=None)


def _settled(last: Run, past: Past) -> bool:
    """Whether nobody is held up by a run that ended: it was a drill's, or somebody acknowledged it or its return."""
    return last.acknowledged or last.id in past.settled or bool(last.order.get("drill"))


def cooldown(order: FailoverRequest, kit: Kit, world: TrafficSnapshot, past: Past) -> Iterator[tuple[Guard, Problem]]:
    """An order of a short while ago refuses a planned move and a return; a forced one goes on."""
    said = _recent(kit, world, past)
    if order.mode == "forced" or said is None:
        return
    given, detail = said
    known = given.run in past.ended
    ack = f"Acknowledge it: sbctl history ack {given.run}. Or wait. " if known else "Speak to them, or wait. "
    fix = f"{ack}If it must be: {command_of(order, kit, 'cooldown')}"
    yield "cooldown", refused("cooldown", "Traffic was ordered elsewhere a short while ago", detail, fix)


def told(order: FailoverRequest, kit: Kit, world: TrafficSnapshot, past: Past) -> Iterator[Problem]:
    """What a forced order is told of another one of a short while ago, and every order of a drill whose place it takes."""
    drill = past.drill.id if past.drill else world.signal.drill if of_drill(world.signal, order) else ""
    if past.drill or (drill and drilled(order, kit, world)):
        detail = (
            f"{drill} was cut off; the signal is of {world.signal.whose}"
            if world.signal.run
            else f"{drill} was cut off"
        )
        yield Problem(
            code="drill-ended",
            summary="This order takes the place of a drill",
            detail=detail,
            at=drill,
            fix="What the drill broke is put back by: sbctl drill restore",
            exit=Exit.DONE,
        )
    said = _recent(kit, world, past)
    if order.mode == "forced" and said is not None:
        yield Problem(code=RECENT, summary="Another order was given a short while ago", detail=said[1], exit=Exit.DONE)


def drilled(order: FailoverRequest, kit: Kit, world: TrafficSnapshot) -> bool:
    """Whether traffic is where a drill has ordered it, and belongs elsewhere: an operator's order may take it over there."""
    given = world.signal
    return of_drill(given, order) and given.region == order.target != kit.primary.region


def _recent(kit: Kit, world: TrafficSnapshot, past: Past) -> tuple[_Given, str] | None:
    given = _newest(world, past)
    if given is None:
        return None
    limit = kit.rules.guards.cooldown_seconds
    passed = (world.at - given.at).total_seconds()
    if passed >= limit:
        return None
    left = min(limit, limit - passed)
    ago = f"{max(0.0, passed):.0f} s ago: {given.text}"
    return given, f"{ago}; the cooldown is {limit:.0f} s, {left:.0f} s are left"
