"""Steps of one's own under way, each in a thread of its own: awaited by a planned move, left to themselves by a forced one.

The threads write nothing down. Whoever acts asks what has ended, and journals it: a run's journal has one writer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from sbctl.core.moving.own_steps import Action, OwnStep
from sbctl.core.text.secrets import redacted
from sbctl.failover.mechanism import ActionContext, RunStep
from sbctl.failover.own.doing import Doing, Result
from sbctl.failover.own.filling import Filling
from sbctl.failover.own.placing import facts_of

POLL_SECONDS = 0.05
MARGIN_SECONDS = 1.5
"""Beyond its limit, for a command to be ended and its output to be read."""


@dataclass
class Task:
    """One step under way. `result` is there once it has ended."""

    step: RunStep
    own: OwnStep
    limit: float
    begun: float
    stop: threading.Event = field(default_factory=threading.Event)
    result: Result | None = None

    @property
    def late(self) -> bool:
        """Whether its time has passed."""
        return time.monotonic() - self.begun > self.limit + MARGIN_SECONDS

    def given_up(self) -> Result:
        """What is said of a step that did not end."""
        self.stop.set()
        seconds = round(time.monotonic() - self.begun, 3)
        return Result(False, f"no end within {self.limit:g} s; what it does may still take effect", 1, seconds)


class Beside:
    """The steps of one's own that a run has under way."""

    def __init__(self, on: ActionContext, run: str) -> None:
        self._on = on
        self._run = run
        self._tasks: list[Task] = []

    def begin(self, step: RunStep, *, undo: bool = False) -> Task:
        """Begin a step, or what takes it back, and return at once."""
        own = step.own
        assert own is not None
        action: Action = own.undo if undo and own.undo else own
        task = Task(step, own, own.limit(forced=self._on.order.mode == "forced"), time.monotonic())
        threading.Thread(target=self._do, args=(task, action), daemon=True, name=f"step {step.name}").start()
        self._tasks.append(task)
        return task

    def ended(self) -> Iterator[tuple[Task, Result]]:
        """What has ended since it was asked last, or had its time."""
        for task in [*self._tasks]:
            found = task.result or (task.given_up() if task.late else None)
            if found is not None:
                self._tasks.remove(task)
                yield task, found

    @property
    def under_way(self) -> list[Task]:
        return [*self._tasks]

    def result(self, task: Task) -> Result | None:
        """Wait for one; None where the operator asks to stop, and it is stopped then."""
        while task.result is None and not task.late:
            if self._on.stopping():
                task.stop.set()
                self._tasks.remove(task)
                return None
            pause()
        self._tasks.remove(task)
        return task.result or task.given_up()

    def _do(self, task: Task, action: Action) -> None:
        try:
            task.result = self._doing(task).result(action, task.own.retry, task.limit)
        except Exception as error:  # noqa: BLE001 - such as a client that cannot be opened: it stops nothing either
            seconds = round(time.monotonic() - task.begun, 3)
            task.result = Result(False, redacted(f"{type(error).__name__}: {error}"), 1, seconds)

    def _doing(self, task: Task) -> Doing:
        on = self._on
        order, kit = on.order, on.kit
        aws = on.outside.aws() if on.outside.aws else on.observer.aws
        facts = facts_of(order, kit, on.left, self._run, task.step.name)
        filling = Filling(facts, on.outside.environment, aws, order.target)
        return Doing(filling, on.outside, task.stop, on_aws=kit.endpoint in ("", "aws"))


def pause() -> None:
    """A moment of real time: steps of one's own are of the real world, whatever clock a sandbox has."""
    time.sleep(POLL_SECONDS)
