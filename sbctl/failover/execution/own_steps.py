"""Steps of one's own in a run: journaled among the others; awaited by a planned move, and never by a forced one."""

from __future__ import annotations

from dataclasses import replace

from sbctl.core.events import StepDone, StepFailed, StepStarted, StepWaiting
from sbctl.core.problem import AGAIN, Exit, Problem
from sbctl.core.text.counted import counted
from sbctl.failover.arrival import address_of
from sbctl.failover.mechanism import ActionContext, PausedError, RunStep
from sbctl.failover.own.beside import POLL_SECONDS, Beside, pause
from sbctl.failover.own.doing import Result
from sbctl.store.runs.ledger import Ledger

STOPPED = "stopped by the operator"


class OwnSteps:
    """The steps of one's own of one run. What went wrong beside a move is in `problems`."""

    def __init__(self, ledger: Ledger, on: ActionContext) -> None:
        self.ledger = ledger
        self.problems: tuple[Problem, ...] = ()
        self._on = on
        self._made: Beside | None = None

    @property
    def _beside(self) -> Beside:
        """What is under way; made for the first step, since most moves have none."""
        self._made = self._made or Beside(self._on, self.ledger.run.id)
        return self._made

    def begin(self, step: RunStep) -> None:
        """Begin one beside the move. Raises SbctlError when the disk refuses."""
        self._started(step)
        self._beside.begin(step)

    def note(self) -> None:
        """Journal what has ended beside the move. Raises SbctlError when the disk refuses."""
        for task, result in self._made.ended() if self._made else ():
            failed = self._noted(task.step, result)
            self.problems += (failed,) if failed else ()

    def wait(self) -> None:
        """Traffic has moved: wait for what is still under way, until its time has passed or the operator asks to stop."""
        told = False
        while self._made and self._made.under_way and not self._on.stopping():
            self.note()
            for task in self._beside.under_way if not told else ():
                text = f"traffic has moved; at most {task.limit:g} s for this step of your own"
                self._on.listen(StepWaiting(address_of(task.step), text, POLL_SECONDS))
            told = True
            pause()
        for task in self._made.under_way if self._made else ():
            failed = self._noted(task.step, task.result or task.given_up())
            self.problems += (failed,) if failed else ()

    def do(self, step: RunStep) -> Problem | None:
        """Do one, and wait for it; what stops the move where it failed and is required.

        Raises PausedError when the operator asks to stop.
        """
        self._started(step)
        result = self._beside.result(self._beside.begin(step))
        if result is None:
            raise PausedError(f"{step.name} was stopped")
        failed = self._noted(step, result)
        if failed is not None and self._stops(step):
            return failed
        self.problems += (failed,) if failed else ()
        return None

    def undo(self, step: RunStep) -> tuple[Problem, ...]:
        """Take one back, and wait for it. A failure is told, and the run is taken back all the same."""
        result = self._beside.result(self._beside.begin(step, undo=True)) or Result(False, STOPPED, 1, 0.0)
        if result.ok:
            self.ledger.add("changed", step.name, undone=True, again=[step.name], fate="given-back", **result.facts())
            return ()
        self.ledger.add("move-failed", step.name, **{**result.facts(), "reason": f"undo: {result.text}"})
        return (_not_undone(self.ledger.run.id, step, result),)

    def _started(self, step: RunStep) -> None:
        self.ledger.add("move-begun", step.name)
        self._on.listen(StepStarted(address_of(step), step.title))

    def _noted(self, step: RunStep, result: Result) -> Problem | None:
        at = address_of(step)
        if result.ok:
            self.ledger.add("move-done", step.name, **result.facts())
            self._on.listen(StepDone(at, step.title, result.seconds))
            return None
        self.ledger.add("move-failed", step.name, **result.facts())
        self._on.listen(StepFailed(at, step.title, result.text))
        return self._failed(step, result)

    def _stops(self, step: RunStep) -> bool:
        """Whether its failure stops the move: not a forced one, and not the way back from a drill."""
        order = self._on.order
        return _required(step) and order.mode != "forced" and not (order.undoes and order.drill)

    def _failed(self, step: RunStep, result: Result) -> Problem:
        """What there is to say. In a planned move a required step stops the run; all others are notes or half done."""
        run = self.ledger.run.id
        without = f"sbctl failover --resume --skip {step.name}"
        go_on = f"Again: sbctl failover --resume. Without it: {without}. Take it back: sbctl failover --abort."
        by_hand = f"The move went on. Do by hand what is still needed: {step.title}"
        return Problem(
            code="own-step-failed",
            summary="A step of your own failed",
            detail=f"{step.title}: {result.text} ({counted(result.attempts, 'attempt')}, {result.seconds:.1f} s)",
            at=f"{run} {step.name}",
            fix=go_on if self._stops(step) else by_hand,
            exit=Exit.PARTIAL if _required(step) else Exit.DONE,
        )


def _required(step: RunStep) -> bool:
    return step.own is not None and step.own.required


def not_begun(failed: Problem, name: str) -> Problem:
    """A failure before traffic was ordered anywhere: the run is closed."""
    fix = f"Correct what it says, and run the same again; or leave the step out: {AGAIN} --skip {name}"
    summary = "A step of your own failed, and traffic was not moved"
    return replace(failed, code="own-step-refused", summary=summary, fix=fix, exit=Exit.REFUSED)


def _not_undone(run: str, step: RunStep, result: Result) -> Problem:
    return Problem(
        code="own-step-not-undone",
        summary="A step of your own was not taken back",
        detail=f"{step.undo}: {result.text}",
        at=f"{run} {step.name}",
        fix="The rest was taken back. Do by hand what its undo would have done.",
        exit=Exit.PARTIAL,
    )
