"""Whether another run of the same command ends what a broken one began: the same world, the same records, nothing left over."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from sbctl.core.report import Report
from tests.sweeps.folders import copy_written
from tests.sweeps.likeness import Likeness, likeness, unlike
from tests.sweeps.operations import Operation
from tests.sweeps.place import Place, PlacedApp


@dataclass(frozen=True)
class Clean:
    """What an undisturbed run ends in."""

    likeness: Likeness
    records: dict[str, list[str]]
    files: dict[str, list[str]]


@dataclass(frozen=True)
class Converging:
    """Judges operations that are simply run again."""

    place: Place
    operation: Operation
    clean: Clean

    def told(self, report: Report) -> list[str]:  # noqa: ARG002
        return []

    def again(self) -> list[str]:
        """Run it once more, undisturbed: what is then not as after a clean run. A new folder: whoever died holds no lock."""
        before = Path.cwd()
        folder = before.with_name(f"{before.name}-again")
        copy_written(folder, held=False)
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
