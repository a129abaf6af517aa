"""Decides whether a failover may go ahead, from what was seen and the rules alone: one sentence with the numbers in it.

A pure function: no calls, no clock, no files. Every refusal names the figure, the limit and the option that overrides it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from sbctl.core.kinds.spec import Frozen
from sbctl.core.moving.recovery_bound import WorstCase
from sbctl.core.moving.run import Run
from sbctl.core.problem import Problem
from sbctl.core.reading import Reading, worst_verdict
from sbctl.core.text.counted import counted
from sbctl.failover.decision.data_loss import Loss, estimate
from sbctl.failover.decision.earlier_orders import Past, cooldown, drilled, on_its_way, told
from sbctl.failover.decision.refusing import command_of, forced_command, guarded, refused, with_all
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.decision.snapshot import SHARED, TrafficSnapshot, came_by_itself, holder
from sbctl.failover.decision.supersede import answers, replaced_by, still_answers
from sbctl.failover.kit.kit import Kit
from sbctl.failover.mechanism import Refusal, mechanism_named

MOST_PLACES = 6
"""How many tables and buckets that are behind are named in one problem."""
QUOTA = "quota"
"""The check that compares what regions may carry."""


class Decision(Frozen):
    """`go` says whether nothing refuses; `sentence` says why, in words; `expected` is the worst case until traffic moved."""

    go: bool
    source: str
    target: str
    sentence: str
    refusals: tuple[Problem, ...] = ()
    overridden: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    loss: Loss
    expected: WorstCase
    notes: tuple[Problem, ...] = ()
    """What the operator is told, and stops nothing: of other orders, and of a drill whose place is taken."""

    def as_json(self) -> dict[str, Any]:
        parts = [part.model_dump() for part in self.expected.parts]
        return {
            "go": self.go,
            "sentence": self.sentence,
            "overridden": [*self.overridden],
            "evidence": [*self.evidence],
            "expected_seconds": self.expected.seconds,
            "expected_parts": parts,
        }


def decide(order: FailoverRequest, kit: Kit, world: TrafficSnapshot, past: Past) -> Decision:
    """Whether the order may be carried out in this world, after what the journals at hand tell."""
    source = source_of(order, kit, world, past.left, rehearsed=past.drill is not None)
    found = [*_refusals(order, kit, world, source, past)]
    refused_by = [one for one in found if one[0] not in order.overridden]
    refusals = with_all(order, kit, refused_by) if refused_by else ()
    overridden = tuple(f"{guard}: {problem.detail}" for guard, problem in found if guard in order.overridden)
    expected = mechanism_named(order.mechanism).recovery_bound(kit.rules)
    loss = estimate(order.mode, world, source)
    notes = tuple(told(order, kit, world, past))
    return Decision(
        go=not refusals,
        source=source,
        target=order.target,
        sentence=_sentence(order, kit, world, source, expected, refusals),
        refusals=refusals,
        overridden=overridden,
        evidence=(*_evidence(order, kit, world, source), *(f"{one.summary}: {one.detail}" for one in notes)),
        loss=loss,
        expected=expected,
        notes=notes,
    )


def source_of(
    order: FailoverRequest, kit: Kit, world: TrafficSnapshot, left: Run | None = None, *, rehearsed: bool = False
) -> str:
    """The region that traffic leaves: what is active, else what the operator says, the signal, the primary.

    Where DNS has gone to the target by itself, it is where the open run has left traffic, or who held it by order. Where a drill
    has taken it there, it is where the drill has taken it from.
    """
    if left is not None and rehearsed and world.active in ("", order.target):
        ends = (left.source, str(left.order["target"]))
        return next((code for code in ends if code != order.target), order.target)
    if left is not None and world.active in ("", order.target):
        return str(left.order["target"] if "moved" in left.done() else left.source)
    if keeps(order, kit, world):
        return holder(kit, world)
    if kit.shared and world.active == order.target:  # which serves among others: traffic leaves one of those
        others = (code for code in (order.source, *world.serving, *(one.region for one in kit.by_priority)) if code)
        return next((code for code in others if code != order.target), order.target)
    if kit.shared and order.source in world.serving:
        return order.source
    return world.active or order.source or holder(kit, world)


def silent_side(order: FailoverRequest, world: TrafficSnapshot, source: str) -> str:
    """The region of the two that does not answer, which refuses a planned order: nothing is measured there. "" where none."""
    if "health" in order.overridden:
        return ""
    return next((one for one in (source, order.target) if world.view(one).health == "silent"), "")


def _refusals(order: FailoverRequest, kit: Kit, world: TrafficSnapshot, source: str, past: Past) -> Iterator[Refusal]:
    of_mechanism = [*mechanism_named(order.mechanism).refusals(order, kit, world)]
    yield from (one for one in of_mechanism if one[0] == "mechanism")
    if past.left is None:
        yield from _who_is_active(order, kit, world, past)
    else:
        yield from _replaced(order, kit, world, past.left, past)
    yield from _health(order, kit, world, source)
    yield from (one for one in of_mechanism if one[0] != "mechanism")
    told_already = world.view(order.target).caller is not None  # and it refuses whatever else there is
    measured = order.mode == "planned" and source != order.target and not silent_side(order, world, source)
    if measured and not told_already:
        yield from _lag(order, kit, world)
        yield from _parity(order, kit, world)
    yield from cooldown(order, kit, world, past)


def keeps(order: FailoverRequest, kit: Kit, world: TrafficSnapshot) -> bool:
    """Whether all that an order does is to keep traffic where it has gone by itself."""
    holds = order.mode == "forced" and mechanism_named(order.mechanism).signals
    return holds and came_by_itself(order.target, kit, world)


def _who_is_active(order: FailoverRequest, kit: Kit, world: TrafficSnapshot, past: Past) -> Iterator[Refusal]:
    shared = kit.strategy == SHARED and not world.signal.region
    there = world.active == order.target and not shared
    if there and not keeps(order, kit, world) and not drilled(order, kit, world):
        yield "active", _already_there(order, kit, world)
    yield from on_its_way(order, kit, world, past)
    if order.source and world.active and order.source != source_of(order, kit, world) and not shared:
        detail = f"--from says {order.source}, but {world.active} is active: {world.active_how}"
        yield "from", guarded(order, kit, "not-active", "The region to leave is not the active one", detail, "from")
    if not world.active and order.mode == "planned" and not order.source:
        detail = f"which region is active is not known: {world.active_how}"
        lost = source_of(order, kit, world)
        fix = f"Say it with --from REGION, or give --resolver HOST:PORT. If {lost} is lost: {forced_command(order, kit, lost)}"
        yield "from", refused("active-unknown", "Nobody can say which region is active", detail, fix)


def _already_there(order: FailoverRequest, kit: Kit, world: TrafficSnapshot) -> Problem:
    detail = f"{order.target} is the active region: {world.active_how}"
    problem = guarded(order, kit, "already-active", "Traffic is there already", detail, "active")
    if not came_by_itself(order.target, kit, world):
        return problem
    detail += f", by health checks alone; it goes back when {holder(kit, world)} looks well"
    keep = forced_command(order, kit, "", "kept there")
    fix = f"To keep it there: {keep}. {problem.fix}"
    return replace(problem, detail=detail, fix=fix)


def _replaced(order: FailoverRequest, kit: Kit, world: TrafficSnapshot, left: Run, past: Past) -> Iterator[Refusal]:
    """Where DNS has gone by itself is no reason against an order in the place of an open run; somebody else's order is.

    What a drill has left gives way to every order, whether its target answers or not.
    """
    if not past.drill and (said := answers(left, world)):
        yield "open", still_answers(left, order, said)
    if world.signal.run not in replaced_by(left):
        yield from on_its_way(order, kit, world, past)


def _health(order: FailoverRequest, kit: Kit, world: TrafficSnapshot, source: str) -> Iterator[Refusal]:
    view = world.view(order.target)
    if view.health != "healthy":
        detail = f"{order.target} is {view.health}: {view.detail}"
        yield "health", guarded(order, kit, "target-unhealthy", "The region to go to is not healthy", detail, "health")
    if order.mode == "planned" and source != order.target:
        left = world.view(source)
        if left.health != "healthy":
            detail = f"{source} is {left.health}: {left.detail}; a planned failover needs both sides healthy"
            lost, all_the_same = forced_command(order, kit, source), command_of(order, kit, "health")
            fix = f"If {source} is lost: {lost}. Otherwise wait; if it must be: {all_the_same}"
            yield "health", refused("source-unhealthy", "The region to leave is not healthy", detail, fix)


def _lag(order: FailoverRequest, kit: Kit, world: TrafficSnapshot) -> Iterator[Refusal]:
    """One problem, with every place: one remedy is for all of them."""
    limit = kit.rules.guards.max_lag_seconds
    late = [f"{one.subject} {one.source} → {one.target}: {_seen(one)}" for one in _too_late(world.lag, limit)]
    if late or not world.lag:
        more = f"; and {len(late) - MOST_PLACES} more" if len(late) > MOST_PLACES else ""
        found = "; ".join(late[:MOST_PLACES]) + more if late else "nobody measured it"
        detail = f"{found}; the guard allows {limit:g} s"
        yield "lag", guarded(order, kit, "lag", "Replication is too far behind for a planned failover", detail, "lag")


def _seen(reading: Reading) -> str:
    return reading.detail or f"{reading.value} {reading.unit}".strip()


def _too_late(lag: Iterable[Reading], limit: float) -> Iterator[Reading]:
    for reading in lag:
        seconds = reading.value if isinstance(reading.value, int | float) and reading.unit == "s" else None
        if reading.verdict in ("bad", "unknown") or (seconds is not None and seconds > limit):
            yield reading


def _parity(order: FailoverRequest, kit: Kit, world: TrafficSnapshot) -> Iterator[Refusal]:
    if not kit.rules.guards.require_parity:
        return
    differing = [reading for reading in world.parity if _disturbs(reading)]
    if not differing and world.parity:
        return
    shown = "; ".join(f"{one.subject}: {one.detail}" for one in differing[:3]) or "nobody compared the regions"
    more = f" and {len(differing) - 3} more" if len(differing) > 3 else ""
    detail = f"{counted(len(differing), 'difference')}: {shown}{more}" if differing else shown
    yield "parity", guarded(order, kit, "parity", "The regions are not alike", detail, "parity")


def _disturbs(reading: Reading) -> bool:
    """Whether a difference holds up a planned failover. A quota that AWS does not tell is no difference; a smaller one is."""
    return reading.verdict != "ok" and (reading.check, reading.verdict) != (QUOTA, "unknown")


def _evidence(order: FailoverRequest, kit: Kit, world: TrafficSnapshot, source: str) -> Iterator[str]:
    yield world.active_how
    for view in world.regions:
        took = f" in {view.seconds:.2f} s" if view.seconds else ""
        yield (
            f"{view.region} is {view.health}{took}: {view.detail}" if view.detail else f"{view.region} is {view.health}"
        )
    if order.mode == "forced":
        agreeing = ["the operator"] + (["DNS"] if world.active and world.active != source else [])
        agreeing += [f"{source}'s endpoint"] if world.view(source).health in ("silent", "failing") else []
        quorum = kit.rules.guards.quorum
        yield f"{len(agreeing)} of {quorum} sources say that {source} is lost: {', '.join(agreeing)}"
    if world.lag:
        yield f"replication is {worst_verdict(world.lag)} over {counted(len(world.lag), 'reading')}"


def _sentence(
    order: FailoverRequest,
    kit: Kit,
    world: TrafficSnapshot,
    source: str,
    expected: WorstCase,
    refusals: tuple[Problem, ...],
) -> str:
    if refusals:
        count = "one guard refuses" if len(refusals) == 1 else f"{len(refusals)} guards refuse"
        return f"Traffic stays with {world.active or source}: {count}, first: {refusals[0].detail}."
    view = world.view(order.target)
    if keeps(order, kit, world):
        return (
            f"Traffic has gone from {source} to {order.target} by health checks alone, and goes back when {source} looks well;"
            f" the signal keeps it in {order.target}, which answered {view.health} in {view.seconds:.2f} s."
        )
    return (
        f"Traffic goes from {source} to {order.target} ({order.mode}, by {order.mechanism}):"
        f" {order.target} answered {view.health} in {view.seconds:.2f} s,"
        f" and the move takes {expected.seconds:.0f} s at worst."
    )
