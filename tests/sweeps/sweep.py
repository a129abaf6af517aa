"""Sweeps one operation on one project: how an undisturbed run ends, then the walk, then what was found, in numbers."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.sandbox.foreign_centre import build
from tests.sweeps.converging import Converging, clean_run
from tests.sweeps.forks import Forks, Told
from tests.sweeps.moving import MOVING, Moving, Scenario
from tests.sweeps.operations import ADOPT_INSTANCE, OPERATIONS, Operation, deploy
from tests.sweeps.place import Maker, Place
from tests.sweeps.projects import change, full, small, trio
from tests.sweeps.walk import FAULTS, Choose, Walk
from tests.waits import stopwatch

SMALL_CENTRE = {"queues": 6, "flows": 4}
PROJECTS: dict[str, Callable[[Path], Path]] = {"small": small, "trio": trio, "full": full}


@dataclass(frozen=True)
class Wish:
    """What to sweep. `share` is the part of the points that is tried; with `each` one a fault and sort of point at least.

    With `turns` each point meets one of the faults that it can meet, in turn, and not all of them.

    `seconds` ends it early: points that come later are counted and not tried.
    """

    operation: str = "deploy"
    project: str = "small"
    faults: tuple[str, ...] = FAULTS
    share: float = 1.0
    turns: bool = False
    each: bool = False
    seed: int = 0
    jobs: int = 1
    seconds: float = float("inf")


@dataclass(frozen=True)
class Row:
    """What became of one fault: how many points there are, how many runs were made, and what was wrong."""

    fault: str
    points: int
    runs: int
    wrong: int
    seconds: float


@dataclass(frozen=True)
class Swept:
    """A whole sweep, in numbers. `wrong` has one entry a point that did not hold."""

    operation: str
    project: str
    seed: int
    seconds: float
    rows: tuple[Row, ...]
    wrong: tuple[Told, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def sweep(
    wish: Wish,
    tell: Callable[[Told], None] = lambda _: None,
    operations: Mapping[str, Operation] = OPERATIONS,
    moving: Mapping[str, Scenario] = MOVING,
) -> Swept:
    """Sweep, in a folder that is taken away afterwards."""
    if wish.operation in moving:
        return _moved(wish, tell, moving[wish.operation])
    taken = stopwatch()
    with _folder() as base:
        adopted = wish.operation == ADOPT_INSTANCE  # the project is what comes of it, in the folder of each run
        place = Place.made(Path("config") if adopted else PROJECTS[wish.project](base / "project"))
        operation = operations[wish.operation]
        _prepared(place, wish, base / "clean")
        place.sites.watch()
        clean = clean_run(place, operation)
        place.empty()
        if wish.operation == "update":
            shutil.rmtree(base / "project")
            place.config = PROJECTS[wish.project](base / "project")
        _prepared(place, wish, base / "walk")
        place.sites.watch()
        forks = Forks(wish.jobs, tell=tell)
        walk = Walk(place, operation, Converging(place, operation, clean), _choice(wish, taken), forks)
        report = walk.go()
        assert not report.problems, report.problems
        os.chdir(base)
    return _summed(wish, walk.counted, forks.told, taken())


def _moved(wish: Wish, tell: Callable[[Told], None], scenario: Scenario) -> Swept:
    """The sweep of an operation that moves traffic: how its ways end is found out in forks of the one world."""
    taken = stopwatch()
    project = scenario.project if wish.project == "small" else wish.project
    with _folder() as base:
        place = Place.made(PROJECTS[project](base / "project"))
        _prepared(place, wish, base / "walk")
        place.sites.watch()
        judge = Moving.ready(place, scenario)
        forks = Forks(wish.jobs, tell=tell)
        walk = Walk(place, scenario.act, judge, _choice(wish, taken), forks, moving=True)
        report = walk.go()
        assert [one.code for one in report.problems] == [*scenario.notes], report.problems
        os.chdir(base)
    swept = _summed(wish, walk.counted, forks.told, taken())
    return replace(swept, project=project)


def _prepared(place: Place, wish: Wish, folder: Path) -> None:
    """Bring the world to where the operation begins, in a new folder."""
    operation = wish.operation
    folder.mkdir()
    os.chdir(folder)
    if operation == ADOPT_INSTANCE:
        size = {} if wish.project == "full" else SMALL_CENTRE
        build(lambda service: Maker(place, service), place.world.scheduler.advance, **size)
    elif operation != "deploy":
        clean_run(place, deploy)
    if operation == "update":
        change(place.config)
    if operation == "adopt":
        shutil.rmtree(place.state)


def _choice(wish: Wish, taken: Callable[[], float]) -> Choose:
    """A share is taken evenly, from a beginning that the seed says: as many runs whatever the seed, and spread over all points."""
    chance = random.Random(wish.seed)
    due: defaultdict[str, float] = defaultdict(chance.random)
    met: set[tuple[str, str]] = set()
    turn: Counter[str] = Counter()

    def choose(faults: Sequence[str], sort: str) -> Sequence[str]:
        wanted = [fault for fault in faults if fault in wish.faults]
        if not wanted or taken() > wish.seconds:
            return ()
        if wish.turns:
            turn[faults[0]] += 1
            wanted = [wanted[turn[faults[0]] % len(wanted)]]
        first = {fault for fault in wanted if wish.each and (fault, sort) not in met}
        met.update((fault, sort) for fault in wanted)
        return [fault for fault in wanted if _falls_due(due, "" if wish.turns else fault, wish.share) or fault in first]

    return choose


def _falls_due(due: defaultdict[str, float], row: str, share: float) -> bool:
    due[row] += share
    whole = due[row] >= 1.0
    due[row] -= whole
    return whole


def _summed(wish: Wish, counted: Counter[str], told: list[Told], seconds: float) -> Swept:
    rows = []
    for fault in wish.faults:
        mine = [one for one in told if one.fault == fault]
        spent = round(sum(one.seconds for one in mine), 1)
        rows.append(Row(fault, counted[fault], len(mine), sum(bool(one.wrong) for one in mine), spent))
    wrong = tuple(one for one in told if one.wrong)
    return Swept(wish.operation, wish.project, wish.seed, round(seconds, 1), tuple(rows), wrong)


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder to work in; the process is back where it was afterwards."""
    before = Path.cwd()
    base = Path(tempfile.mkdtemp(prefix="sbctl-sweep-"))
    try:
        yield base
    finally:
        os.chdir(before)
        shutil.rmtree(base, ignore_errors=True)
