"""Runs the moves one at a time: intent on disk, move, result on disk. Killed at any instant, another process goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sbctl.core.aws_error import AwsError
from sbctl.core.aws_problem import from_aws
from sbctl.core.events import StepDone, StepFailed, StepSkipped, StepStarted
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.run import Run, What
from sbctl.failover.decision.supersede import leave_for
from sbctl.failover.execution.actions import Hands, MoveFailedError, PausedError, address_of, do
from sbctl.failover.execution.steps import Move
from sbctl.failover.execution.undoing import undo
from sbctl.failover.kit.kit import Kit


class Journal(Protocol):
    """Where events go; on disk when `add` returns."""

    def add(self, run: Run, what: What, move: str = "", **data: Any) -> Run: ...


@dataclass(frozen=True)
class Outcome:
    """The run as it is now, and what there is to say: what stopped it, and notes of a run that came to its end."""

    run: Run
    problems: tuple[Problem, ...] = ()

    @property
    def stopped_by(self) -> tuple[Problem, ...]:
        """The problems that are no mere notes."""
        return tuple(problem for problem in self.problems if problem.exit is not Exit.DONE)

    @property
    def finished(self) -> bool:
        return self.run.status == "finished"


@dataclass(frozen=True)
class Wishes:
    """What the operator wants on the way: moves to skip, and one after which to pause."""

    skip: frozenset[str] = frozenset()
    pause_after: str = ""


def moves_of(run: Run) -> tuple[Move, ...]:
    """The moves that a run set out to make."""
    return tuple(Move.model_validate(move) for move in run.begun.data["moves"])


def carry_on(run: Run, hands: Hands, journal: Journal, wishes: Wishes) -> Outcome:
    """Make what is left of a run's moves, from its beginning or from where it stopped."""
    for move in moves_of(run):
        if move.name in run.done():
            continue
        if move.name in wishes.skip:
            hands.listen(StepSkipped(address_of(move), "skipped by order"))
            run = journal.add(run, "move-skipped", move.name)
            continue
        if hands.stopping():
            return Outcome(journal.add(run, "paused", move.name), (_paused(run, f"before {move.name}"),))
        outcome = _one(run, move, hands, journal)
        run = outcome.run
        if outcome.problems:
            return outcome
        if move.name == wishes.pause_after:
            return Outcome(journal.add(run, "paused", move.name), (_paused(run, f"as asked, after {move.name}"),))
    return Outcome(journal.add(run, "finished", **_figures(run)))


def _one(run: Run, move: Move, hands: Hands, journal: Journal) -> Outcome:
    clock = hands.eyes.clock
    begun = clock.monotonic()
    run = journal.add(run, "move-begun", move.name)
    hands.listen(StepStarted(address_of(move), move.title))
    try:
        facts = do(move, hands, str(run.fact("change") or ""))
    except PausedError as state:
        return Outcome(journal.add(run, "paused", move.name, reason=str(state)), (_paused(run, str(state)),))
    except (MoveFailedError, AwsError, SbctlError) as error:
        run = journal.add(run, "move-failed", move.name, reason=str(error))
        hands.listen(StepFailed(address_of(move), move.title, str(error)))
        return Outcome(run, _failed(run, move, error, hands.kit))
    hands.listen(StepDone(address_of(move), move.title, clock.monotonic() - begun))
    return Outcome(journal.add(run, "move-done", move.name, **facts))


def take_back(run: Run, hands: Hands, journal: Journal, previous: Callable[[Move], str]) -> Outcome:
    """Abort a run: undo what can be undone, the last move first. What was not this run's is said, and left as it is."""
    notes: list[Problem] = []
    for move in reversed(moves_of(run)):
        if not move.undo or not (_stands(run, move) or (hands.replaced and not _undone(run, move))):
            continue
        run = journal.add(run, "changed", move.name, again=[move.name])
        try:
            undone = undo(move, hands, previous(move))
        except (AwsError, SbctlError) as error:
            run = journal.add(run, "move-failed", move.name, reason=f"undo: {error}")
            return Outcome(run, _failed(run, move, error, hands.kit))
        run = journal.add(run, "changed", move.name, undone=True, again=[move.name], fate=undone.fate, **undone.facts)
        notes += [undone.note] if undone.note else []
    return Outcome(journal.add(run, "aborted"), tuple(notes))


def _stands(run: Run, move: Move) -> bool:
    """Whether a move was begun, and not taken back since."""
    standing = False
    for event in run.events:
        if event.move == move.name:
            standing = (standing or event.what == "move-begun") and not event.data.get("undone")
    return standing


def _undone(run: Run, move: Move) -> bool:
    return any(event.move == move.name and event.data.get("undone") for event in run.events)


def _figures(run: Run) -> dict[str, Any]:
    """The two clocks, on the world's time: decision → traffic moved, last good answer → traffic moved."""
    moved = run.fact("moved_at")
    if moved is None:
        return {"rto_seconds": None, "since_last_good_seconds": None}
    at = datetime.fromisoformat(str(moved))
    good = run.begun.data.get("last_good")
    since = (at - datetime.fromisoformat(str(good))).total_seconds() if good else None
    return {
        "rto_seconds": round((at - run.begun.world).total_seconds(), 3),
        "since_last_good_seconds": None if since is None else round(since, 3),
    }


def _paused(run: Run, reason: str) -> Problem:
    return Problem(
        code="paused",
        summary="The run is paused and stays open",
        detail=reason,
        at=run.id,
        fix="Go on: sbctl failover --resume. Take it back: sbctl failover --abort.",
        exit=Exit.INTERRUPTED,
    )


def _failed(run: Run, move: Move, error: Exception, kit: Kit) -> tuple[Problem, ...]:
    if isinstance(error, SbctlError):
        return error.problems
    choices = f"Again: sbctl failover --resume. Without it: --resume --skip {move.name}. Take back: --abort."
    way_out = leave_for(run, kit)
    if way_out and not (isinstance(error, AwsError) and not error.unreachable):
        choices += f" If {run.order['target']} is lost too: {way_out}"
    if isinstance(error, AwsError):
        return (from_aws(error, at=f"{run.id} {move.name}", fix=choices),)
    return (
        Problem(
            code="move-failed",
            summary="A move did not come to its end",
            detail=f"{move.title}: {error}",
            at=f"{run.id} {move.name}",
            fix=choices,
            exit=Exit.PARTIAL,
        ),
    )
