"""Do a plan as told: tasks in parallel as far as their references allow, one pool a region, every failure reported.

A failed task stops only what depends on it. A region that does not answer stops only itself.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field, replace

from sbctl.core.address import Address
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.problem import from_aws
from sbctl.core.clock import Clock
from sbctl.core.events import Listener, PhaseStarted, StepDone, StepFailed, StepSkipped, StepStarted
from sbctl.core.executors import MakeExecutor, threads
from sbctl.core.plan import Plan, Step
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.state import State
from sbctl.engine.apply.graph import FINISH, RENEWING, Graph, Task, tasks
from sbctl.engine.apply.journal import Journal, Ledger
from sbctl.engine.apply.outputs import Outputs
from sbctl.engine.apply.schedule import Schedule
from sbctl.engine.apply.steps import StepRun, Workshop
from sbctl.engine.apply.versions import Versions
from sbctl.engine.apply.waiter import InterruptedRunError, Waiter
from sbctl.engine.matching.targets import Kinds

THREADS_PER_REGION = 12


@dataclass
class Outcome:
    """What became of a plan's pending steps, by address; `skipped` are those that were not begun or not brought to an end."""

    done: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    """What AWS refused and nothing waits for."""
    interrupted: bool = False


class Applier:
    """Applies one plan. Use once. `stop` is set to finish what is in hand and end."""

    def __init__(
        self,
        kinds: Kinds,
        aws: AwsCalls,
        clock: Clock,
        ledger: Ledger,
        primary: str,
        listen: Listener,
        stop: threading.Event,
        make_executor: MakeExecutor = threads,
    ) -> None:
        self._crew = make_executor
        self._kinds = kinds
        self._aws = aws
        self._clock = clock
        self._ledger = ledger
        self._primary = primary
        self._listen = listen
        self._stop = stop
        self._pools: dict[str, Executor] = {}
        self._outcome = Outcome()

    def apply(self, plan: Plan, state: State, *, recheck: bool = False) -> Outcome:
        """Do all pending steps. With `recheck` each changed resource is read again first (for saved plans)."""
        graph = tasks(plan, self._kinds)
        steps = {step.address: step for step in plan.pending}
        self._listen(PhaseStarted("applying", len(steps), Counter(step.at.region for step in steps.values())))
        renewed = frozenset(step.address for step in plan.pending if step.action in RENEWING)
        shop = Workshop(
            self._kinds,
            self._aws,
            self._clock,
            Journal(self._ledger, self._clock, state),
            Outputs(state, renewed),
            Waiter(self._aws, self._clock, self._listen, self._stop.is_set),
            state,
            self._primary,
            Versions(self._aws),
        )
        try:
            halves = frozenset(task.address for task in graph if task.part == FINISH)
            self._run(
                graph,
                steps,
                lambda task: self._work(StepRun(shop, steps[task.address], task.address in halves), task, recheck),
            )
        finally:
            for pool in self._pools.values():
                pool.shutdown(wait=True, cancel_futures=True)
        self._outcome.skipped |= steps.keys() - self._outcome.done - self._outcome.failed
        self._outcome.interrupted = self._stop.is_set()
        self._outcome.notes += shop.versions.notes()
        return self._outcome

    def _run(self, graph: Graph, steps: Mapping[str, Step], work: Callable[[Task], None]) -> None:
        regions = {task: steps[task.address].at.region for task in graph}
        schedule = Schedule(graph, regions, THREADS_PER_REGION)
        unfinished = Counter(task.address for task in graph)
        running: dict[Future[None], Task] = {}
        while True:
            if self._stop.is_set():
                schedule.drop()
            for task in schedule.start():
                running[self._pool(regions[task]).submit(work, task)] = task
            if not running:
                break
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                task = running.pop(future)
                if self._ended(task, future, schedule):
                    unfinished[task.address] -= 1
        self._outcome.done |= {address for address in steps if not unfinished[address]}

    def _pool(self, region: str) -> Executor:
        if region not in self._pools:
            self._pools[region] = self._crew(THREADS_PER_REGION, f"apply-{region}")
        return self._pools[region]

    def _ended(self, task: Task, future: Future[None], schedule: Schedule) -> bool:
        """Note what became of a task; whether it was done."""
        error = future.exception()
        if error is None:
            schedule.done(task)
            return True
        if isinstance(error, InterruptedRunError):
            self._outcome.skipped.add(task.address)
        elif isinstance(error, AwsError):
            self._fail(task, from_aws(error, at=task.address))
        elif isinstance(error, SbctlError):
            for problem in error.problems:
                self._fail(task, replace(problem, at=problem.at or task.address))
        else:
            raise error
        for lost in schedule.failed(task):
            self._skip(lost, task)
        return False

    def _fail(self, task: Task, problem: Problem) -> None:
        self._outcome.failed.add(task.address)
        partial = problem.exit in (Exit.FAILED, Exit.PARTIAL)
        self._outcome.problems.append(replace(problem, exit=Exit.PARTIAL) if partial else problem)

    def _skip(self, task: Task, failed: Task) -> None:
        if task.address not in self._outcome.failed:
            self._outcome.skipped.add(task.address)
            why = "its creation" if task.address == failed.address else failed.address
            self._listen(StepSkipped(Address.parse(task.address), f"{why} was not done"))

    def _work(self, run: StepRun, task: Task, recheck: bool) -> None:
        step = run.step
        if task.part != FINISH:
            self._listen(StepStarted(step.at, step.action))
        begun = self._clock.monotonic()
        try:
            if recheck:
                run.recheck()
            _PARTS[task.part](run)
        except (AwsError, SbctlError) as error:
            self._listen(StepFailed(step.at, step.action, str(error)))
            raise
        self._listen(StepDone(step.at, task.part, self._clock.monotonic() - begun))


_PARTS: dict[str, Callable[[StepRun], None]] = {
    "create": StepRun.create,
    FINISH: StepRun.finish,
    "update": StepRun.update,
    "adopt": StepRun.adopt,
    "replace": StepRun.replace,
    "delete": StepRun.delete,
    "forget": StepRun.forget,
}
