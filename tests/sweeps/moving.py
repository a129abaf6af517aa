"""Failovers that are broken off: gone on with as status says, with the same command, and taken back; each in a fork of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sbctl.core.moving.run import Run
from sbctl.core.problem import Exit
from sbctl.core.report import Report
from tests.sweeps.converging import leftovers
from tests.sweeps.folders import copy_written
from tests.sweeps.forks import in_fork
from tests.sweeps.likeness import Likeness, likeness, unlike
from tests.sweeps.moves import (
    EAST,
    LONDON,
    SETTLED_SECONDS,
    WEST,
    Standing,
    abort,
    active,
    failback,
    failover,
    resume,
    status,
)
from tests.sweeps.operations import Operation
from tests.sweeps.place import Place, PlacedApp


@dataclass(frozen=True)
class Scenario:
    """An operation that moves traffic. `before` brings the world to where it begins; `lost` is what is lost from then on.

    `half` is the operation stopped in its middle; what an abort makes of it is what a taken back run must come to.
    `over` are the codes with which the same command is refused when all was done already. `asked` says how often a lost
    region may be called in one run. `notes` are the codes of what it is told, undisturbed, and not refused for.
    """

    act: Operation
    half: Operation
    over: frozenset[str]
    before: tuple[Operation, ...] = ()
    lost: tuple[str, ...] = ()
    project: str = "small"
    asked: Mapping[str, int] = field(default_factory=dict)
    undoing: bool = False
    notes: tuple[str, ...] = ()


TO_WEST, TO_LONDON = {"target": WEST, "mode": "forced"}, {"target": LONDON, "mode": "forced"}
HALF = failover(**TO_WEST, pause_after="signal")
DONE, BACK = frozenset({"already-active", "cooldown"}), frozenset({"nothing-to-undo"})
MOVING: Mapping[str, Scenario] = {
    "failover": Scenario(failover(**TO_WEST), HALF, DONE, lost=(EAST,)),
    "planned-failover": Scenario(failover(target=WEST), failover(target=WEST, pause_after="signal"), DONE),
    "supersede": Scenario(
        failover(**TO_LONDON),
        failover(**TO_LONDON, pause_after="signal"),
        DONE,
        before=(HALF,),
        lost=(EAST, WEST),
        project="trio",
        asked={WEST: 2},
        notes=("recent-order",),
    ),
    "failback": Scenario(failback, partial(failback, pause_after="signal"), BACK, before=(failover(target=WEST),)),
    "abort": Scenario(abort, abort, frozenset({"no-open-run"}), before=(HALF,), lost=(EAST,), undoing=True),
}


@dataclass(frozen=True)
class Moving:
    """Judges operations that move traffic, by how the same world stands when they are not disturbed."""

    place: Place
    scenario: Scenario
    untouched: Standing
    carried_out: Standing
    taken_back: Standing
    resources: Likeness

    @classmethod
    def ready(cls, place: Place, scenario: Scenario) -> Moving:
        """Bring the world to where the scenario begins, and find out how its ways end."""
        place.world.scheduler.advance(SETTLED_SECONDS)
        for operation in scenario.before:
            operation(PlacedApp(place))
        place.world.scheduler.advance(SETTLED_SECONDS if not scenario.undoing else 0.0)
        resources = likeness(place)
        place.lost.update(scenario.lost)
        place.sites.silent.update({*scenario.lost} - {EAST})
        return cls(
            place,
            scenario,
            untouched=_foreseen(place),
            carried_out=_foreseen(place, scenario.act),
            taken_back=_foreseen(place, *_taking_back(scenario)),
            resources=resources,
        )

    def told(self, report: Report) -> list[str]:
        """Whoever is left with an open run is told how to go on; and what is said to be done is done."""
        left, ended = PlacedApp(self.place).runs.open(), report.exit == Exit.DONE
        if left is not None and ended and not self.scenario.undoing:
            return [f"it said that it was done, and {left.id} is open"]
        fixes = " ".join(problem.fix for problem in report.problems)
        helped = any(words in fixes for words in ("--resume", "--abort", "same command", "run it again"))
        if left is not None and report.problems and not helped:
            return [f"nobody is told how to go on: {report.problems}"]
        return self._asked()

    def again(self) -> list[str]:
        """Each way on in a fork of its own: as status says, the same command, the abort."""
        wrong = in_fork(lambda: self._in("status", self._as_status_says))
        wrong += in_fork(lambda: self._in("same", self._same_command))
        wrong += in_fork(lambda: self._in("abort", self._abort))
        shutil.rmtree(Path.cwd())
        return wrong

    def _in(self, way: str, find: Callable[[], list[str]]) -> list[str]:
        folder = Path.cwd().with_name(f"{Path.cwd().name}-{way}")
        copy_written(folder, held=False)
        os.chdir(folder)
        self.place.asked_lost.clear()
        wrong = find() + self._asked()
        self.place.lost.clear()
        wrong += unlike(self.resources, likeness(self.place)) if way == "same" else []
        shutil.rmtree(folder.resolve())
        return [f"{way}: {text}" for text in wrong]

    def _as_status_says(self) -> list[str]:
        """What status says is true, and its next command leads to the end."""
        run, left = self._run(), PlacedApp(self.place).runs.open()
        report = status(PlacedApp(self.place))
        self.place.asked_lost.clear()
        wrong = [f"{problem.code}: {problem.detail}" for problem in report.problems]
        shown, following = report.data["open_failover"], str(report.data["next"])
        if report.data["active"] != active(self.place):
            wrong.append(f"status says that {report.data['active']} is active, and DNS answers {active(self.place)}")
        if (shown or {}).get("run") != (left.id if left else None):
            wrong.append(f"status says that {shown} is open, and {left} is")
        if left is None:
            return wrong + ([f"next is {following}"] if "--resume" in following else [])
        if run is None:  # the run whose place is to be taken is still the open one
            return wrong + ([] if f"--to {LONDON} --mode forced" in following else [f"next is {following}"])
        if self.scenario.undoing and "--abort" in following:
            return wrong + self._ended(abort, None)
        if "--resume" not in following:
            return [*wrong, f"next is {following}"]
        return wrong + self._ended(resume, self.carried_out if not self.scenario.undoing else None)

    def _same_command(self) -> list[str]:
        run = self._run()
        if run is not None and run.status != "open" and not self.scenario.undoing:
            report = self.scenario.act(PlacedApp(self.place))
            codes = {problem.code for problem in report.problems}
            wrong = [] if codes and codes <= self.scenario.over else [f"it said {codes} when all was done"]
            return wrong + Standing.of(self.place).differs(self.carried_out, counted=True)
        return self._ended(self.scenario.act, self.carried_out)

    def _abort(self) -> list[str]:
        run = self._run()
        if run is None or run.status != "open" or self.scenario.undoing:
            return []
        given = any((event.what, event.move) == ("move-done", "signal") for event in run.events)
        report = abort(PlacedApp(self.place))
        honest = set() if given else {"signal-never-given"}
        wrong = [f"{one.code}: {one.detail}" for one in report.problems if one.code not in honest]
        return wrong + _left(self.place) + Standing.of(self.place).differs(self.taken_back, counted=False)

    def _ended(self, operation: Operation, wanted: Standing | None) -> list[str]:
        """Run it, undisturbed; where it does not end as it should."""
        report = operation(PlacedApp(self.place))
        done = {"no-open-run"} if self.scenario.undoing else set()
        wrong = [f"{one.code}: {one.detail}" for one in report.problems if one.code not in done and one.exit]
        if PlacedApp(self.place).runs.open() is not None:
            wrong.append("a run is still open")
        return wrong + _left(self.place) + (Standing.of(self.place).differs(wanted, counted=True) if wanted else [])

    def _run(self) -> Run | None:
        """The run that the operation began, or takes back; None when it has not begun."""
        known = len(self.untouched.runs) - self.scenario.undoing
        runs = PlacedApp(self.place).runs
        fits = runs.open() or next(iter(runs.all()[known:][-1:]), None)
        return fits if len(runs.all()) > known else None

    def _asked(self) -> list[str]:
        """Lost regions that were called more often than the scenario allows."""
        asked = self.place.asked_lost
        return [
            f"{region} was called {asked.count(region)} times"
            for region in {*asked}
            if asked.count(region) > self.scenario.asked.get(region, 0)
        ]


def _left(place: Place) -> list[str]:
    return [f"left: {path}" for path in leftovers(place)]


def _taking_back(scenario: Scenario) -> tuple[Operation, ...]:
    return (scenario.act,) if scenario.undoing else (scenario.half, abort)


def _foreseen(place: Place, *operations: Operation) -> Standing:
    """How the world stands after some operations, in a fork: this world stays as it is."""

    def find() -> list[str]:
        folder = Path.cwd().with_name("foreseen")
        shutil.copytree("state", folder / "state")
        os.chdir(folder)
        for operation in operations:
            operation(PlacedApp(place))
        found = Standing.of(place).as_text()
        shutil.rmtree(folder.resolve())
        return [found]

    return Standing.of_text(in_fork(find)[0])
