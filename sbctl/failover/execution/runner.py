"""Runs the moves one at a time: intent on disk, move, result on disk. Killed at any instant, another process goes on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sbctl.core.aws.error import AwsError
from sbctl.core.aws.problem import from_aws
from sbctl.core.events import StepDone, StepFailed, StepSkipped, StepStarted
from sbctl.core.moving.run import Run
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.failover.arrival import address_of
from sbctl.failover.decision.supersede import leave_for
from sbctl.failover.draining import DRAIN, drained
from sbctl.failover.execution.own_steps import OwnSteps, not_begun
from sbctl.failover.kit.kit import Kit
from sbctl.failover.mechanism import ActionContext, Before, PausedError, RunStep, StepFailedError, mechanism_named
from sbctl.failover.own.placing import in_mode
from sbctl.store.runs.ledger import Ledger, RunJournal


@dataclass(frozen=True)
class RunOutcome:
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
class RunOptions:
    """What the operator wants on the way: moves to skip, and one after which to pause."""

    skip: frozenset[str] = frozenset()
    pause_after: str = ""


def steps_of(run: Run) -> tuple[RunStep, ...]:
    """The steps that a run takes in the mode that it is in, in their order."""
    return in_mode((RunStep.model_validate(move) for move in run.begun.data["moves"]), str(run.order.get("mode", "")))


def carry_on(run: Run, on: ActionContext, journal: RunJournal, options: RunOptions) -> RunOutcome:
    """Make what is left of a run's moves, from its beginning or from where it stopped."""
    ledger = Ledger(run, journal)
    own = OwnSteps(ledger, on)
    on = replace(on, meanwhile=own.note)
    for step in steps_of(run):
        if step.name in ledger.run.done():
            continue
        if step.name in options.skip:
            on.listen(StepSkipped(address_of(step), "skipped by order"))
            ledger.add("move-skipped", step.name)
            continue
        if on.stopping():
            return RunOutcome(ledger.add("paused", step.name), (_paused(run, f"before {step.name}"),))
        problems = _one_of_own(own, step, on) if step.own else _one(ledger, step, on)
        own.note()
        if problems:
            return RunOutcome(ledger.run, problems)
        if step.name == options.pause_after:
            return RunOutcome(ledger.add("paused", step.name), (_paused(run, f"as asked, after {step.name}"),))
    own.wait()
    return RunOutcome(ledger.add("finished", **_figures(ledger.run)), own.problems)


def _one(ledger: Ledger, step: RunStep, on: ActionContext) -> tuple[Problem, ...]:
    """Do one step of the mechanism; what stopped it."""
    clock = on.observer.clock
    begun = clock.monotonic()
    run = ledger.add("move-begun", step.name)
    on.listen(StepStarted(address_of(step), step.title))
    try:
        if step.name == DRAIN:
            facts = drained(step, on)
        else:
            facts = mechanism_named(on.order.mechanism).do(step, on, str(run.fact("change") or ""))
    except PausedError as state:
        ledger.add("paused", step.name, reason=str(state))
        return (_paused(run, str(state)),)
    except (StepFailedError, AwsError, SbctlError) as error:
        ledger.add("move-failed", step.name, reason=str(error))
        on.listen(StepFailed(address_of(step), step.title, str(error)))
        return _failed(run, step, error, on.kit)
    on.listen(StepDone(address_of(step), step.title, clock.monotonic() - begun))
    ledger.add("move-done", step.name, **facts)
    return ()


def _one_of_own(own: OwnSteps, step: RunStep, on: ActionContext) -> tuple[Problem, ...]:
    """Begin a step of one's own where the move is forced, else do it; what stopped it.

    Where a required one fails before traffic was ordered anywhere, the run is taken back: nothing has happened yet.
    """
    if on.order.mode == "forced":
        own.begin(step)
        return ()
    try:
        failed = own.do(step)
    except PausedError as state:
        own.ledger.add("paused", step.name, reason=str(state))
        return (_paused(own.ledger.run, str(state)),)
    if failed is None:
        return ()
    run = own.ledger.run
    if on.replaced or any(_stands(run, one) for one in steps_of(run) if one.own is None and one.name != DRAIN):
        return (failed,)
    taken = _taken_back(own.ledger, on, Before(run.previous, run.source))
    return (not_begun(failed, step.name), *taken)


def take_back(run: Run, on: ActionContext, journal: RunJournal, before: Before) -> RunOutcome:
    """Abort a run: undo what can be undone, the last move first. What was not this run's is said, and left as it is."""
    ledger = Ledger(run, journal)
    problems = _taken_back(ledger, on, before)
    return RunOutcome(ledger.run, problems)


def _taken_back(ledger: Ledger, on: ActionContext, before: Before) -> tuple[Problem, ...]:
    """Take a run back, and close it; what stopped that, or what there is to say."""
    notes: list[Problem] = []
    own = OwnSteps(ledger, on)
    for step in reversed(steps_of(ledger.run)):
        stands = _stands(ledger.run, step)
        if not step.undo or not (stands or (step.own is None and on.replaced and not _undone(ledger.run, step))):
            continue
        run = ledger.add("changed", step.name, again=[step.name])
        if step.own:
            notes += own.undo(step)
            continue
        try:
            undone = mechanism_named(on.order.mechanism).undo(step, on, before)
        except (AwsError, SbctlError) as error:
            run = ledger.add("move-failed", step.name, reason=f"undo: {error}")
            return _failed(run, step, error, on.kit)
        ledger.add("changed", step.name, undone=True, again=[step.name], fate=undone.fate, **undone.facts)
        notes += [undone.note] if undone.note else []
    ledger.add("aborted")
    return tuple(notes)


def _stands(run: Run, step: RunStep) -> bool:
    """Whether a move was begun, and not taken back since."""
    standing = False
    for event in run.events:
        if event.move == step.name:
            standing = (standing or event.what == "move-begun") and not event.data.get("undone")
    return standing


def _undone(run: Run, step: RunStep) -> bool:
    return any(event.move == step.name and event.data.get("undone") for event in run.events)


def _figures(run: Run) -> dict[str, Any]:
    """The two clocks, on the world's time: decision → traffic moved, last good answer → traffic moved."""
    moved = run.fact("moved_at")
    if moved is None or run.begun.data.get("rebuilt"):  # when it was decided is not known
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


def _failed(run: Run, step: RunStep, error: Exception, kit: Kit) -> tuple[Problem, ...]:
    if isinstance(error, SbctlError):
        return error.problems
    without = f"sbctl failover --resume --skip {step.name}"
    choices = f"Again: sbctl failover --resume. Without it: {without}. Take it back: sbctl failover --abort."
    way_out = leave_for(run, kit)
    if way_out and not (isinstance(error, AwsError) and not error.unreachable):
        choices += f" If {run.order['target']} is lost too: {way_out}"
    if isinstance(error, AwsError):
        return (from_aws(error, at=f"{run.id} {step.name}", fix=choices),)
    return (
        Problem(
            code="move-failed",
            summary="A step failed",
            detail=f"{step.title}: {error}",
            at=f"{run.id} {step.name}",
            fix=choices,
            exit=Exit.PARTIAL,
        ),
    )
