"""One undisturbed run that forks at each point: the child meets the fault there, and is judged by how it ends.

A crash leaves the world and the disk and nothing else. So between two points at which neither changed (after a read,
before the next) one crash stands for all; they are counted, and run once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from sbctl.aws.reads import is_read
from sbctl.core.problem import Exit
from sbctl.core.report import Report
from sbctl.core.resource import AwsCalls
from tests.sweeps.faulty_calls import CallFault, CallPoint, Faulty
from tests.sweeps.faulty_disk import DiskFault, DiskPoint, FaultyDisk
from tests.sweeps.forks import Forks
from tests.sweeps.likeness import Likeness, likeness, unlike
from tests.sweeps.operations import Operation
from tests.sweeps.place import Place, PlacedApp, WorldTime

OUTAGE_SECONDS = 130.0
"""Longer than a call is repeated."""
CALL_FAULTS: tuple[CallFault, ...] = ("throttle", "error", "timeout", "lost")
DISK_FAULTS: tuple[DiskFault, ...] = ("full", "read-only")
F = TypeVar("F", bound=str)
ENDS = ("crash", "stop", "interrupt")
FAULTS = (*ENDS, *CALL_FAULTS, *DISK_FAULTS)
Choose = Callable[[Sequence[str], str], Sequence[str]]
"""Of the faults that a point can meet, those that are tried there: (faults, sort of point)."""


@dataclass(frozen=True)
class Clean:
    """What an undisturbed run ends in."""

    likeness: Likeness
    records: dict[str, list[str]]
    files: dict[str, list[str]]


@dataclass
class Walk:
    """The points of one operation. `counted` says how many points there are, by fault; `forks` holds what came of them."""

    place: Place
    operation: Operation
    clean: Clean
    choose: Choose
    forks: Forks
    counted: Counter[str] = field(default_factory=Counter)
    _changed: bool = True
    _armed: str = ""
    _where: tuple[str, str, str] = ("", "", "")
    _until: float = 0.0
    _children: int = 0

    def go(self) -> Report:
        """Walk. The undisturbed run's own report; children never return."""
        self.app = self._app()
        report = self.operation(self.app)
        if self._armed:
            self.forks.end(lambda: self._judged(report))
        self.forks.drain()
        return report

    def _app(self) -> PlacedApp:
        return PlacedApp(self.place, self._layer, FaultyDisk(self._before_disk, self._after_disk), _Waits(self))

    def _layer(self, inner: AwsCalls) -> AwsCalls:
        return Faulty(inner, self._before_call, self._after_call)

    def _before_call(self, point: CallPoint) -> CallFault | None:
        if self._armed:
            return self._still(point)
        words, sort = f"call {point.number} {_call(point)} {point.region}", _call(point)
        self._ends(f"before {words}", sort)
        fault = self._met(CALL_FAULTS[: 3 if is_read(point.operation) else 4], sort, words)
        if fault:
            self._where = (point.service, point.operation, point.region)
            self._until = self.place.world.clock.seconds() + OUTAGE_SECONDS
        return fault

    def _still(self, point: CallPoint) -> CallFault | None:
        """What the child's fault goes on doing: throttles and errors last longer than anybody repeats."""
        same = self._where == (point.service, point.operation, point.region)
        if self._armed in ("throttle", "error") and same and self.place.world.clock.seconds() < self._until:
            return "throttle" if self._armed == "throttle" else "error"
        return None

    def _after_call(self, point: CallPoint) -> None:
        if not self._armed:
            self._changed |= not is_read(point.operation)
            self._ends(f"after call {point.number} {_call(point)} {point.region}", _call(point))

    def _before_disk(self, point: DiskPoint) -> DiskFault | None:
        if self._armed:
            return None
        words, sort = f"disk {point.number} {point.what} {point.name}", f"{point.what} {_sort(point.name)}"
        self._ends(f"before {words}", sort)
        return self._met(DISK_FAULTS, sort, words)

    def _after_disk(self, point: DiskPoint) -> None:
        if not self._armed:
            self._changed = True
            words, sort = f"disk {point.number} {point.what} {point.name}", f"{point.what} {_sort(point.name)}"
            self._ends(f"after {words}", sort)

    def waited(self) -> None:
        """Time has passed: the world may have changed."""
        self._changed = True

    def _ends(self, words: str, sort: str) -> None:
        """The run ends here: killed, asked to stop, or interrupted."""
        if not self._changed:
            self.counted.update(ENDS)
            return
        self._changed = False
        fault = self._met(ENDS, sort, words)
        if fault == "crash":
            self.forks.end(self._again)
        if fault == "stop":
            self.app.stop.set()
        if fault == "interrupt":
            raise KeyboardInterrupt

    def _met(self, faults: Sequence[F], sort: str, words: str) -> F | None:
        """The fault that this process meets here; None in the one that goes on undisturbed."""
        self.counted.update(faults)
        if self._armed:
            return None
        chosen = self.choose(faults, sort)
        return next((fault for fault in faults if fault in chosen and self._forked(fault, words)), None)

    def _forked(self, fault: str, words: str) -> bool:
        self._children += 1
        folder = Path("..") / f"child-{self._children}"
        # Before the fork: afterwards this process goes on, and writes.
        _copy(folder, held=True)
        if not self.forks.child(fault, words):
            return False
        self._armed = fault
        os.chdir(folder)
        return True

    def _judged(self, report: Report) -> list[str]:
        """How the disturbed run ended, and what came of the next."""
        wrong = [f"the run failed as no run may: {p.detail}" for p in report.problems if p.code == "internal-error"]
        ended = report.exit in (Exit.INTERRUPTED, Exit.DONE)
        if self._armed in ("stop", "interrupt") and not ended:
            wrong.append(f"it ended with {report.exit!r}: {report.problems}")
        return wrong + self._again()

    def _again(self) -> list[str]:
        """Run it once more, undisturbed: what is then not as after a clean run. A new folder: whoever died holds no lock."""
        before = Path.cwd()
        folder = before.with_name(f"{before.name}-again")
        _copy(folder, held=False)
        os.chdir(folder)
        shutil.rmtree(before)
        report = self.operation(PlacedApp(self.place))
        wrong = [f"{p.code}: {p.detail} at {p.at}" for p in report.problems]
        wrong += unlike(self.clean.likeness, likeness(self.place))
        wrong += unlike(self.clean.records, records(self.place))
        wrong += unlike(self.clean.files, files(self.place))
        wrong += [f"left: {path}" for path in leftovers(self.place)]
        shutil.rmtree(Path.cwd())
        return wrong


class _Waits(WorldTime):
    """The world's time, which tells the walk when it has passed."""

    def __init__(self, walk: Walk) -> None:
        super().__init__(walk.place.world)
        self._walk = walk

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self._walk.waited()


def clean_run(place: Place, operation: Operation) -> Clean:
    """What an undisturbed run ends in. Raises AssertionError when it has problems."""
    report = operation(PlacedApp(place))
    assert not report.problems, report.problems
    return Clean(likeness(place), records(place), files(place))


def records(place: Place) -> dict[str, list[str]]:
    """Addresses with how they are recorded on disk."""
    found = PlacedApp(place).store.load().records
    return {name: [f"{record.status} {record.origin}"] for name, record in found.items()}


def files(place: Place) -> dict[str, list[str]]:
    """The files of the project that the operation wrote, by hash."""
    found = [path for path in Path().rglob("*") if path.is_file() and place.state not in path.parents]
    return {str(path): [hashlib.sha256(path.read_bytes()).hexdigest()] for path in found}


def leftovers(place: Place) -> list[Path]:
    """What no run may leave: temporary files, and the note of a lock."""
    found = [*Path().rglob(".*"), *place.state.rglob("lock.json")]
    return [path for path in found if path.is_file()]


def _call(point: CallPoint) -> str:
    return f"{point.service}:{point.operation}"


def _sort(name: str) -> str:
    """Files by what they are: generations differ in their number only."""
    return "generation" if name[0].isdigit() else name


def _copy(folder: Path, *, held: bool) -> None:
    """Copy what the run wrote. The lock is the same file for whoever goes on holding it; for anybody else it is free."""
    folder.mkdir()
    for part in Path().iterdir():
        shutil.copytree(part, folder / part, copy_function=_linking if held else shutil.copy)


def _linking(source: str, target: str) -> None:
    if source.endswith(".lock"):
        os.link(source, target)
    else:
        shutil.copy(source, target)
