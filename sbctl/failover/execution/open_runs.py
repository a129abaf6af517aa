"""The run that is open: found, read through before anything is done by it, gone on with, refused over, or closed for another."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.run import Kind, Run
from sbctl.failover.data.failover import DecisionTold
from sbctl.failover.decision.data_loss import Loss
from sbctl.failover.decision.request import Order
from sbctl.failover.decision.supersede import gave_signal
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
    """Write into the journal of the run that this one replaces that it is over. Done again after a kill, if need be."""
    replaced = run.begun.data.get("supersedes")
    for old in runs.all():
        if old.id == replaced and old.status == "open":
            runs.add(old, "aborted", superseded_by=run.id, left_behind=gave_signal(old))


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
        mechanism_named(Order.model_validate(run.order).mechanism)
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
        summary="The open run's journal cannot be gone on with",
        detail=why,
        at=run.id,
        fix="Put the run's file aside; then sbctl status says where traffic is, and what comes next.",
    )


def goes_on(left: Run, kind: Kind, order: Order) -> bool:
    """Whether an order asks for what an open run is about already: then the same command goes on with it."""
    same = (left.kind, left.order.get("target"), left.order.get("mechanism"), left.order.get("undoes", ""))
    wanted = (kind, order.target, order.mechanism, order.undoes)
    return same == wanted and order.source in ("", left.order.get("source"), left.begun.data.get("source"))


def refuse_second(runs: Runs) -> None:
    """Raise SbctlError when a run is open already: it is resumed or aborted first."""
    found = runs.open()
    if found is not None:
        raise SbctlError(already_open(found))


def already_open(run: Run) -> Problem:
    """The problem that an open run is to whoever wants to begin something else."""
    target = run.order.get("target", "")
    who = f", by {run.order['by']}," if run.order.get("by") else ""
    return Problem(
        code="failover-open",
        summary="A failover is open",
        detail=f"{run.id} to {target} began at {run.begun.at:%Y-%m-%d %H:%M:%S} UTC{who} and has not come to an end",
        at=run.id,
        fix="Go on with it: sbctl failover --resume. Or take it back: sbctl failover --abort.",
        exit=Exit.REFUSED,
    )
