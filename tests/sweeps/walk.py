"""One undisturbed run that forks at each point: the child meets the fault there, and is judged by how it ends.

A crash leaves the world and the disk and nothing else. So between two points at which neither changed (after a read,
before the next) one crash stands for all; they are counted, and run once.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from sbctl.aws.reads import is_read
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.problem import Exit
from sbctl.core.report import Report
from tests.sweeps.faulty_calls import CallFault, CallPoint, Faulty
from tests.sweeps.faulty_disk import DiskFault, DiskPoint, FaultyDisk
from tests.sweeps.folders import copy_written
from tests.sweeps.forks import Forks
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


class Judge(Protocol):
    """Judges a run that was broken off, in the child, where its world and its disk are."""

    def again(self) -> list[str]:
        """Go on as a user would; what is then not as it should be."""

    def told(self, report: Report) -> list[str]:
        """What the broken run's own report says that is not so."""


@dataclass
class Walk:
    """The points of one operation. `counted` says how many points there are, by fault; `forks` holds what came of them.

    With `moving`, for runs that wait most of the time: they are also ended whenever they have waited, and a disk that
    refuses goes on refusing until the run is over.
    """

    place: Place
    operation: Operation
    judge: Judge
    choose: Choose
    forks: Forks
    moving: bool = False
    counted: Counter[str] = field(default_factory=Counter)
    _waited: int = 0
    _changed: bool = True
    _armed: str = ""
    _where: tuple[str, str, str] = ("", "", "")
    _until: float = 0.0
    _refusing: DiskFault | None = None
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
            return self._refusing
        words, sort = f"disk {point.number} {point.what} {point.name}", f"{point.what} {_sort(point.name)}"
        self._ends(f"before {words}", sort)
        fault = self._met(DISK_FAULTS, sort, words)
        self._refusing = fault if self.moving else None
        return fault

    def _after_disk(self, point: DiskPoint) -> None:
        if not self._armed:
            self._changed = True
            words, sort = f"disk {point.number} {point.what} {point.name}", f"{point.what} {_sort(point.name)}"
            self._ends(f"after {words}", sort)

    def waited(self) -> None:
        """Time has passed: the world may have changed."""
        self._changed = True
        if self.moving and not self._armed:
            self._waited += 1
            self._ends(f"wait {self._waited}", "wait")

    def _ends(self, words: str, sort: str) -> None:
        """The run ends here: killed, asked to stop, or interrupted."""
        if not self._changed:
            self.counted.update(ENDS)
            return
        self._changed = False
        fault = self._met(ENDS, sort, words)
        if fault == "crash":
            self.forks.end(self.judge.again)
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
        copy_written(folder, held=True)
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
        return wrong + self.judge.told(report) + self.judge.again()


class _Waits(WorldTime):
    """The world's time, which tells the walk when it has passed."""

    def __init__(self, walk: Walk) -> None:
        super().__init__(walk.place.world)
        self._walk = walk

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self._walk.waited()


def _call(point: CallPoint) -> str:
    return f"{point.service}:{point.operation}"


def _sort(name: str) -> str:
    """Files by what they are: generations differ in their number only."""
    return "generation" if name[0].isdigit() else name
