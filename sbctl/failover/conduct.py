"""A failover from beginning to end: look, decide, begin, carry on, take back. What may be asked of the operator is not here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sbctl.core.events import Listener
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.reading import Reading
from sbctl.core.run import Kind, Run, latest
from sbctl.failover.acts import Hands
from sbctl.failover.decision import Decision, decide, source_of
from sbctl.failover.kit import Kit
from sbctl.failover.moves import Move, moves_for, wanted_signal
from sbctl.failover.observe import Eyes, look
from sbctl.failover.order import Order
from sbctl.failover.runner import Outcome, Wishes, carry_on, moves_of, take_back
from sbctl.failover.signal import Signal
from sbctl.failover.world import World

Measure = Callable[[str, str], tuple[Reading, ...]]
"""Measures something from a source region to a target region."""


class Runs(Protocol):
    """Where runs are kept."""

    def name(self, kind: Kind) -> str: ...
    def begin(self, kind: Kind, name: str, **data: Any) -> Run: ...
    def add(self, run: Run, what: Any, move: str = "", **data: Any) -> Run: ...
    def all(self) -> tuple[Run, ...]: ...
    def open(self) -> Run | None: ...


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
    notes: tuple[Problem, ...] = ()
    """What could not be made sure of beforehand, and stops nothing."""


def prepare(eyes: Eyes, kit: Kit, order: Order, runs: Runs, measures: Measures) -> Prepared:
    """Look at the world and decide. Nothing is written. On the forced path the region that is left is not asked anything.

    Raises SbctlError when the target is no region of the kit.
    """
    check_regions(kit, order)
    forced = order.mode == "forced"
    world = look(eyes, kit, _spared(eyes, kit, order), needed=order.target if forced else "")
    source = source_of(order, kit, world)
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
    decision = decide(order, kit, world, latest((run for run in runs.all() if run.status == "finished"), "failover"))
    return Prepared(order, world, decision, moves_for(order, kit, world, "<run>", eyes.clock.now().isoformat()))


def check_regions(kit: Kit, order: Order) -> None:
    """Raise SbctlError when the order names what is no region of the kit."""
    for name, code in (("--to", order.target), ("--from", order.source)):
        if code and code not in {region.region for region in kit.regions}:
            raise SbctlError(_no_such_region(name, code, kit))


def _spared(eyes: Eyes, kit: Kit, order: Order) -> frozenset[str]:
    """The region that is left by force: as the operator says, else as DNS says, else the primary."""
    if order.mode == "planned":
        return frozenset()
    answer = eyes.dns.ask(kit.public_name, kit.record_type)
    found = order.source or kit.answering(answer.values) or kit.primary.region
    return frozenset({found}) - {order.target}


def begin(
    kind: Kind, prepared: Prepared, kit: Kit, runs: Runs, *, now: datetime, last_good: str | None, name: str = ""
) -> Run:
    """Write the run's first event. From here on it is open until it has come to an end. `name` "": a new one."""
    order, world = prepared.order, prepared.world
    name, at = name or runs.name(kind), now.isoformat()
    moves = moves_for(order, kit, world, name, at)
    return runs.begin(
        kind,
        name,
        order=order.model_dump(mode="json"),
        source=prepared.decision.source,
        decision=prepared.decision.as_json(),
        loss=prepared.decision.loss.model_dump(),
        signal=wanted_signal(order, world.signal, name, at).as_json(),
        known=(world.view(order.target).signal or Signal()).generation,
        previous=world.signal.region,
        last_good=last_good,
        kit_serial=kit.serial,
        moves=[move.model_dump(mode="json") for move in moves],
    )


def hands_for(run: Run, kit: Kit, eyes: Eyes, listen: Listener, stopping: Callable[[], bool]) -> Hands:
    """What the moves of a run are made with, also after a kill: all of it stands in the journal."""
    order = Order.model_validate(run.order)
    signal = Signal.model_validate(run.begun.data["signal"])
    expected = float(run.begun.data["decision"]["expected_seconds"])
    return Hands(eyes, kit, order, signal, int(run.begun.data["known"]), expected, listen, stopping)


def proceed(run: Run, hands: Hands, runs: Runs, wishes: Wishes) -> Outcome:
    """Make the moves that are left."""
    return carry_on(run, hands, runs, wishes)


def abort(run: Run, hands: Hands, runs: Runs) -> Outcome:
    """Take back what can be taken back."""
    source = str(run.begun.data["source"])

    def previous(move: Move) -> str:
        return str(run.begun.data["previous"]) if move.name == "signal" else source

    return take_back(run, hands, runs, previous)


def open_run(runs: Runs) -> Run:
    """The run that is open. Raises SbctlError when none is, or when its journal lacks what it takes to go on."""
    found = runs.open()
    if found is None:
        problem = Problem(
            code="no-open-run",
            summary="No failover is open",
            detail="There is nothing to resume or to abort.",
            at="the runs of this state",
            fix="sbctl history",
            exit=Exit.USAGE,
        )
        raise SbctlError(problem)
    _check(found)
    return found


def _check(run: Run) -> None:
    """Read all that the moves are made from before the first of them is."""
    begun = run.begun.data
    try:
        Order.model_validate(run.order)
        Signal.model_validate(begun["signal"])
        moves_of(run)
        float(begun["decision"]["expected_seconds"]), int(begun["known"])
        last = begun.get("last_good")
        if last is not None:
            datetime.fromisoformat(last)
        missing = {"source", "previous", "loss"} - begun.keys()
        if missing:
            raise KeyError(*sorted(missing))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise SbctlError(_unreadable(run, error)) from error


def _unreadable(run: Run, error: Exception) -> Problem:
    why = f"{error} is missing" if isinstance(error, KeyError) else str(error)
    return Problem(
        code="run-unreadable",
        summary="The open run's journal cannot be gone on with",
        detail=why,
        at=run.id,
        fix="sbctl status says where traffic is; put the run's file aside, and begin anew: sbctl failover --to REGION",
    )


def refuse_second(runs: Runs) -> None:
    """Raise SbctlError when a run is open already: it is resumed or aborted first."""
    found = runs.open()
    if found is not None:
        raise SbctlError(already_open(found))


def already_open(run: Run) -> Problem:
    """The problem that an open run is to whoever wants to begin something else."""
    target = run.order.get("target", "")
    return Problem(
        code="failover-open",
        summary="A failover is open",
        detail=f"{run.id} to {target} began at {run.begun.at:%Y-%m-%d %H:%M:%S} UTC and has not come to an end",
        at=run.id,
        fix="Go on with it: sbctl failover --resume. Or take it back: sbctl failover --abort.",
        exit=Exit.REFUSED,
    )


def _no_such_region(option: str, code: str, kit: Kit) -> Problem:
    return Problem(
        code="unknown-region",
        summary="No traffic can go there",
        detail=f"{code!r} is none of {', '.join(region.region for region in kit.by_priority)}",
        at=option,
        fix="Name one of these regions, or deploy the region first.",
        exit=Exit.USAGE,
    )
