"""The first half of a failover: look at the world, decide, and show the steps. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass

from sbctl.core.moving.run import Run
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.text.alike import did_you_mean
from sbctl.failover.decision.decide import Decision, decide, silent_side, source_of
from sbctl.failover.decision.observe import MOMENT_SECONDS, PATIENCE_SECONDS, Observer, look
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.decision.snapshot import TrafficSnapshot
from sbctl.failover.decision.supersede import gave_signal, signal_of_run
from sbctl.failover.execution.open_runs import gives_way, past_of
from sbctl.failover.execution.tools import Tools
from sbctl.failover.kit.kit import Kit
from sbctl.failover.mechanism import RunStep, mechanism_named
from sbctl.failover.own.placing import in_mode, unset_variables, with_own
from sbctl.failover.signal import Signal, newest

LONGEST_REASON = 500
"""Characters of a reason that go into the signal; the journal keeps it whole."""


@dataclass(frozen=True)
class Prepared:
    """A failover that has been thought through and not begun."""

    order: FailoverRequest
    world: TrafficSnapshot
    decision: Decision
    all_steps: tuple[RunStep, ...]
    """Of both modes: the mode may change while the run is open."""
    left: Run | None = None
    """The open run whose place it takes."""
    notes: tuple[Problem, ...] = ()
    """What could not be made sure of beforehand, and stops nothing."""

    @property
    def steps(self) -> tuple[RunStep, ...]:
        """The steps that the order's mode takes, in their order."""
        return in_mode(self.all_steps, self.order.mode)


def prepare(order: FailoverRequest, tools: Tools) -> Prepared:
    """Look at the world and decide. Nothing is written. On the forced path the region that is left is not asked anything.

    The target of an open run whose place the order can take is asked whether it answers.
    Raises SbctlError when the target is no region of the kit.
    """
    kit, observer, runs, measures = tools.kit, tools.observer(), tools.runs, tools.measures
    check_regions(kit, order)
    left = gives_way(runs, order)
    past = past_of(runs.all(), left)
    forced, asked = order.mode == "forced", None if past.drill else left
    needed = {order.target} | ({str(asked.order["target"])} if asked else set())
    patience = MOMENT_SECONDS if forced else PATIENCE_SECONDS
    world = look(observer, kit, _spared(observer, kit, order, asked), frozenset(needed), patience)
    source = source_of(order, kit, world, left, rehearsed=past.drill is not None)
    measured = not forced and not silent_side(order, world, source)
    lag = measures.lag if measured else measures.known_lag
    if source != order.target:
        world = world.model_copy(
            update={
                "lag": lag(source, order.target),
                "backlog": measures.known_backlog(source, order.target),
                "parity": measures.parity(source, order.target) if measured else (),
            }
        )
    decision = decide(order, kit, world, past)
    wanted = wanted_signal(order, newest_of(world, left), "<run>", observer.clock.now().isoformat())
    steps = with_own(mechanism_named(order.mechanism).steps(order, kit, world, wanted), order, kit, decision.source)
    notes = (*decision.notes, *unset_variables(steps, order.mode, tools.outside.environment))
    return Prepared(order, world, decision, steps, left, notes)


def wanted_signal(order: FailoverRequest, known: Signal, run: str, at: str) -> Signal:
    """The signal that an order asks for: the next generation, in the name of its run."""
    return Signal(
        region=order.target,
        generation=known.generation + 1,
        run=run,
        by=order.by,
        at=at,
        reason=order.reason[:LONGEST_REASON],
        drill=order.drill,
    )


def check_regions(kit: Kit, order: FailoverRequest) -> None:
    """Raise SbctlError when the order names what is no region of the kit."""
    for name, code in (("--to", order.target), ("--from", order.source)):
        if code and code not in {region.region for region in kit.regions}:
            raise SbctlError(_no_such_region(name, code, kit))


def _spared(observer: Observer, kit: Kit, order: FailoverRequest, left: Run | None) -> frozenset[str]:
    """The regions that are left by force: as the operator says, else as DNS says, else the primary.

    Of an open run whose place the order takes, it is the one that it left by force.
    """
    if order.mode == "planned":
        return frozenset()
    if left is not None:
        gone = {left.source} if left.order.get("mode") == "forced" else set()
        return frozenset(gone) - {order.target, str(left.order["target"])}
    answer = observer.dns.ask(kit.public_name, kit.record_type)
    active = kit.answering(answer.values)
    found = order.source or (active if active != order.target else "") or kit.primary.region
    return frozenset({found}) - {order.target}


def newest_of(world: TrafficSnapshot, left: Run | None) -> Signal:
    """The newest signal that anybody knows of; that of an open run whose target is silent stands in its journal."""
    known = [world.signal]
    if left is not None and gave_signal(left):
        known.append(signal_of_run(left))
    return newest(known)


def _no_such_region(option: str, code: str, kit: Kit) -> Problem:
    known = [region.region for region in kit.by_priority]
    return Problem(
        code="unknown-region",
        summary="No traffic can go there",
        detail=f"{code!r} is none of {', '.join(known)}",
        at=option,
        fix=did_you_mean(code, known, "Name one of these regions, or deploy the region first."),
        exit=Exit.USAGE,
    )
