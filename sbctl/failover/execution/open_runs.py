"""The run that is open: found, read through before anything is done by it, gone on with, refused over, or closed for another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from sbctl.core.moving.run import Kind, Run, latest
from sbctl.core.moving.run import open_run as open_one
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.failover.data.failover import DecisionTold
from sbctl.failover.decision.data_loss import Loss
from sbctl.failover.decision.earlier_orders import Past
from sbctl.failover.decision.rehearsals import drill_of, left_by_drill, parts_of
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.decision.supersede import gave_signal, replaces
from sbctl.failover.execution.runner import steps_of
from sbctl.failover.mechanism import mechanism_named
from sbctl.failover.signal import Signal


class Runs(Protocol):
    """Where runs are kept."""

    def name(self, kind: Kind) -> str: ...
    def begin(self, kind: Kind, name: str, **data: Any) -> Run: ...
    def add(self, run: Run, what: Any, move: str = "", **data: Any) -> Run: ...
    def all(self) -> tuple[Run, ...]: ...
    def open(self) -> Run | None: ...


def close_replaced(run: Run, runs: Runs) -> None:
    """Write into the journal of what this run replaces that it is over. Done again after a kill, if need be.

    An operator's order ends every drill that was cut off, with all that the drill had begun: what it broke is mended later.
    """
    replaced = {run.supersedes}
    known = runs.all()
    for drill in known if drill_of(run, known) is None else ():
        if drill.kind == "drill" and drill.status == "open" and drill.begun.at <= run.begun.at:
            replaced |= {one.id for one in parts_of(drill, known)}
            why = f"an order took its place: {run.id} by {run.order.get('by') or 'somebody'}"
            name = drill.order.get("name", "")
            runs.add(drill, "aborted", superseded_by=run.id, name=name, outcome="interrupted", why=why)
    for old in known:
        if old.id in replaced and old.id != run.id and old.status == "open":
            runs.add(old, "aborted", superseded_by=run.id, left_behind=gave_signal(old))


def gives_way(runs: Runs, order: FailoverRequest) -> Run | None:
    """The run whose place an order takes: what a drill that was cut off has left, or an open run that the order may replace.

    An operator's return from what the drill did undoes it, and takes no place. Raises SbctlError for an unreadable journal.
    """
    known = runs.all()
    left = None if order.drill else left_by_drill(known)
    if left is None:
        left = open_one(known)
        left = left if left is not None and replaces(left, order) else None
    if left is None or (left.id == order.undoes and left.status == "finished"):
        return None
    _check(left)
    return left


def past_of(known: Iterable[Run], left: Run | None) -> Past:
    """What the journals tell a decision. `left` is the run whose place the order takes."""
    runs = [*known]
    drill = drill_of(left, runs) if left is not None else None
    rehearsed = {run.id for run in runs if drill_of(run, runs) is not None}
    last = latest((run for run in runs if run.status == "finished" and run.id not in rehearsed), "failover")
    ended = frozenset(run.id for run in runs if run.status != "open")
    settled = {run.id for run in runs if run.acknowledged or run.status == "aborted" or run.id in rehearsed}
    # Who acknowledges a return acknowledges what it returned from.
    settled |= {str(run.order["undoes"]) for run in runs if run.acknowledged and run.order.get("undoes")}
    return Past(last, left, drill, ended, frozenset(settled))


def open_of_operator(runs: Runs) -> Run | None:
    """The open run, where it is an operator's; None when none is open, or one that a drill has left."""
    known = runs.all()
    found = open_one(known)
    return found if found is not None and drill_of(found, known) is None else None


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
        mechanism_named(FailoverRequest.model_validate(run.order).mechanism)
        Signal.model_validate(begun["signal"])
        steps_of(run)
        DecisionTold.model_validate(begun["decision"])
        Loss.model_validate(begun["loss"])
        int(begun["known"])
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
        summary="The open run cannot be resumed: its journal is damaged",
        detail=why,
        at=run.id,
        fix="Put the run's file aside; then sbctl status says where traffic is, and what comes next.",
    )


def goes_on(left: Run, kind: Kind, order: FailoverRequest) -> bool:
    """Whether an order asks for what an open run is about already: then the same command goes on with it."""
    same = (left.kind, left.order.get("target"), left.order.get("mechanism"), left.order.get("undoes", ""))
    wanted = (kind, order.target, order.mechanism, order.undoes)
    return same == wanted and order.source in ("", left.order.get("source"), left.source)


def refuse_second(runs: Runs) -> None:
    """Raise SbctlError when a run is open already: it is resumed or aborted first."""
    known = runs.all()
    found = open_one(known)
    if found is not None:
        raise SbctlError(already_open(found, drill_of(found, known)))


def already_open(run: Run, drill: Run | None = None) -> Problem:
    """The problem that an open run, perhaps of a drill that was cut off, is to whoever wants to begin something else."""
    target = run.order.get("target", "")
    who = f", by {run.order['by']}," if run.order.get("by") else ""
    fix = "Resume it: sbctl failover --resume. Or roll it back: sbctl failover --abort."
    if drill is not None:
        fix = f"It is part of {drill.id}, which was cut off. Put back what that left: sbctl drill restore"
    return Problem(
        code="failover-open",
        summary="A failover is open",
        detail=f"{run.id} to {target} began at {run.begun.at:%Y-%m-%d %H:%M:%S} UTC{who} and has not ended",
        at=run.id,
        fix=fix,
        exit=Exit.REFUSED,
    )
