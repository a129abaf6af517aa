"""A failover from beginning to end: look, decide, begin, carry on, take back. What may be asked of the operator is not here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sbctl.core.alike import did_you_mean
from sbctl.core.events import Listener
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.reading import Reading
from sbctl.core.run import Kind, Run, latest
from sbctl.failover.decision.decide import Decision, decide, source_of
from sbctl.failover.decision.observe import MOMENT_SECONDS, PATIENCE_SECONDS, Eyes, active_region, look
from sbctl.failover.decision.request import Order
from sbctl.failover.decision.snapshot import World
from sbctl.failover.decision.supersede import gave_signal, replaced_by, signal_of_run, silent_target
from sbctl.failover.execution.actions import Hands
from sbctl.failover.execution.open_runs import Runs, close_replaced
from sbctl.failover.execution.runner import Outcome, Wishes, carry_on, take_back
from sbctl.failover.execution.steps import Move, moves_for, wanted_signal
from sbctl.failover.kit.kit import Kit
from sbctl.failover.signal import Signal, newest

Measure = Callable[[str, str], tuple[Reading, ...]]
"""Measures something from a source region to a target region."""


@dataclass(frozen=True)
class Measures:
    """How a decision's figures are had: `lag` and `parity` now, `known` what was measured before and costs no call."""

    lag: Measure
    parity: Measure
    known_lag: Measure
    known_backlog: Measure


@dataclass(frozen=True)
class Prepared:
    """A failover that has been thought through and not begun."""

    order: Order
    world: World
    decision: Decision
    moves: tuple[Move, ...]
    left: Run | None = None
    """The open run whose place it takes."""
    notes: tuple[Problem, ...] = ()
    """What could not be made sure of beforehand, and stops nothing."""


def prepare(eyes: Eyes, kit: Kit, order: Order, runs: Runs, measures: Measures, left: Run | None = None) -> Prepared:
    """Look at the world and decide. Nothing is written. On the forced path the region that is left is not asked anything.

    `left` is the open run whose place the order would take: its target is asked whether it answers.
    Raises SbctlError when the target is no region of the kit.
    """
    check_regions(kit, order)
    forced = order.mode == "forced"
    needed = {order.target} | ({str(left.order["target"])} if left else set())
    patience = MOMENT_SECONDS if forced else PATIENCE_SECONDS
    world = look(eyes, kit, _spared(eyes, kit, order, left), frozenset(needed), patience)
    source = source_of(order, kit, world, left)
    planned = not forced
    lag = measures.lag if planned else measures.known_lag
    if source != order.target:
        world = world.model_copy(
            update={
                "lag": lag(source, order.target),
                "backlog": measures.known_backlog(source, order.target),
                "parity": measures.parity(source, order.target) if planned else (),
            }
        )
    last = latest((run for run in runs.all() if run.status == "finished"), "failover")
    ended = frozenset(run.id for run in runs.all() if run.status != "open")
    decision = decide(order, kit, world, last, left, ended)
    moves = moves_for(order, kit, world, "<run>", eyes.clock.now().isoformat(), newest_of(world, left))
    return Prepared(order, world, decision, moves, left)


def check_regions(kit: Kit, order: Order) -> None:
    """Raise SbctlError when the order names what is no region of the kit."""
    for name, code in (("--to", order.target), ("--from", order.source)):
        if code and code not in {region.region for region in kit.regions}:
            raise SbctlError(_no_such_region(name, code, kit))


def _spared(eyes: Eyes, kit: Kit, order: Order, left: Run | None) -> frozenset[str]:
    """The regions that are left by force: as the operator says, else as DNS says, else the primary.

    Of an open run whose place the order takes, it is the one that it left by force.
    """
    if order.mode == "planned":
        return frozenset()
    if left is not None:
        gone = {str(left.begun.data["source"])} if left.order.get("mode") == "forced" else set()
        return frozenset(gone) - {order.target, str(left.order["target"])}
    answer = eyes.dns.ask(kit.public_name, kit.record_type)
    active = kit.answering(answer.values)
    found = order.source or (active if active != order.target else "") or kit.primary.region
    return frozenset({found}) - {order.target}


def newest_of(world: World, left: Run | None) -> Signal:
    """The newest signal that anybody knows of; that of an open run whose target is silent stands in its journal."""
    known = [world.signal]
    if left is not None and gave_signal(left):
        known.append(signal_of_run(left))
    return newest(known)


def begin(
    kind: Kind, prepared: Prepared, kit: Kit, runs: Runs, *, now: datetime, last_good: str | None, name: str = ""
) -> Run:
    """Write the run's first event. From here on it is open until it has come to an end, and a run that it replaces is closed.

    `name` "": a new one.
    """
    order, world, left = prepared.order, prepared.world, prepared.left
    name, at = name or runs.name(kind), now.isoformat()
    known = newest_of(world, left)
    moves = moves_for(order, kit, world, name, at, known)
    more = {"supersedes": left.id, "replaced": replaced_by(left)} if left else {}
    run = runs.begin(
        kind,
        name,
        order=order.model_dump(mode="json"),
        source=prepared.decision.source,
        decision=prepared.decision.as_json(),
        loss=prepared.decision.loss.model_dump(),
        signal=wanted_signal(order, known, name, at).as_json(),
        known=(world.view(order.target).signal or Signal()).generation,
        previous=left.begun.data["previous"] if left else world.signal.region,
        last_good=last_good,
        kit_serial=kit.serial,
        moves=[move.model_dump(mode="json") for move in moves],
        **more,
    )
    close_replaced(run, runs)
    return run


def hands_for(run: Run, kit: Kit, eyes: Eyes, listen: Listener, stopping: Callable[[], bool]) -> Hands:
    """What the moves of a run are made with, also after a kill: all of it stands in the journal."""
    order = Order.model_validate(run.order)
    signal = Signal.model_validate(run.begun.data["signal"])
    expected = float(run.begun.data["decision"]["expected_seconds"])
    replaced = frozenset(run.begun.data.get("replaced", ()))
    return Hands(eyes, kit, order, signal, int(run.begun.data["known"]), expected, listen, stopping, replaced)


def proceed(run: Run, hands: Hands, runs: Runs, wishes: Wishes) -> Outcome:
    """Make the moves that are left."""
    return carry_on(run, hands, runs, wishes)


def abort(run: Run, hands: Hands, runs: Runs) -> Outcome:
    """Take back what can be taken back. Where the target does not answer, say what is known and what can be done."""
    source = str(run.begun.data["source"])

    def previous(move: Move) -> str:
        return str(run.begun.data["previous"]) if move.name == "signal" else source

    outcome = take_back(run, hands, runs, previous)
    silent = [problem for problem in outcome.problems if problem.code == "region-unreachable"]
    if not silent or run.order.get("mechanism") == "records":
        return outcome
    active, said = active_region(hands.eyes, hands.kit)
    traffic = f"DNS answers {active or said}"
    return Outcome(outcome.run, (silent_target(outcome.run, hands.kit, silent[0].detail, traffic),))


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
