"""Runs on a disk that refuses: they go on in the spare folder, then in memory, and come home when the disk is well again."""

from __future__ import annotations

import errno
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.clock import FakeClock
from sbctl.core.problem import Problem, SbctlError
from sbctl.store.files.atomic import Disk, Held
from sbctl.store.runs.spare import MemoryRuns, SpareRuns
from sbctl.store.runs.spare_folder import can_write, in_temporary, note_spare, other_spares
from sbctl.store.runs.store import RunStore

CLOCK = FakeClock()


class Refusing(Disk):
    """Refuses every write below some folders, from the write with number `after` on."""

    def __init__(self, *folders: Path, code: int = errno.EROFS, after: int = 0) -> None:
        self._folders = folders
        self._code = code
        self._left = after

    def _check(self, path: Path) -> None:
        if any(path == folder or folder in path.parents for folder in self._folders):
            if self._left <= 0:
                raise OSError(self._code, "the disk refuses")
            self._left -= 1

    def make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            self._check(folder)
        super().make_folder(folder)

    def write_beside(self, path: Path, data: bytes) -> Path:
        self._check(path)
        return super().write_beside(path, data)

    def append(self, path: Path, data: bytes) -> None:
        self._check(path)
        super().append(path, data)

    def lock(self, file: Path) -> Held | None:
        self._check(file)
        return super().lock(file)


class Scene:
    """A state's folder and a spare one. `refused` are those that take nothing."""

    def __init__(self, folder: Path) -> None:
        self.own, self.other = folder / "state" / "runs", folder / "spare" / "runs"
        self.lines: list[str] = []
        self.warned: list[Problem] = []

    def runs(self, disk: Disk | None = None, *, lenient: bool = True, **more: Any) -> SpareRuns:
        disk = disk or Disk()
        first, spare = (RunStore(folder, CLOCK, CLOCK, "test", disk) for folder in (self.own, self.other))
        memory = MemoryRuns(CLOCK, CLOCK, self.lines.append)
        return SpareRuns(first, spare, memory, lambda: lenient, self.warned.append, **more)

    @property
    def codes(self) -> list[str]:
        return [one.code for one in self.warned]


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_a_run_is_journaled_in_the_spare_folder_and_the_next_process_finds_it(scene: Scene) -> None:
    """It is said where; the next run goes on with it, and takes it home once the state can be written."""
    broken = scene.runs(Refusing(scene.own))
    with broken.lock():
        run = broken.begin("failover", "failover-1", order={"target": "us-west-2"})
        broken.add(run, "move-begun", "signal")
    assert scene.codes == ["journal-elsewhere"]
    assert str(scene.other) in scene.warned[0].detail
    later = scene.runs()
    assert [event.what for event in later.all()[0].events] == ["begun", "move-begun"]
    with later.lock():
        later.add(later.load("failover-1"), "finished")
    assert [path.name for path in scene.own.glob("*.run")] == ["failover-1.run"]
    assert [*scene.other.glob("*.run")] == []
    assert [event.what for event in scene.runs().load("failover-1").events] == ["begun", "move-begun", "finished"]


def test_a_run_is_found_after_the_temporary_directory_has_changed(scene: Scene, tmp_path: Path) -> None:
    """By a note in the user's cache; and what is taken home is looked for no longer once its folder is gone."""
    state, cache = scene.own.parent, tmp_path / "cache"
    first = in_temporary(state, tmp_path / "at-night")
    assert first is not None
    first.parent.mkdir(mode=0o700, parents=True)
    scene.other = first / "runs"
    broken = scene.runs(Refusing(scene.own), went=lambda runs: note_spare(state, runs.parent, cache, Disk()))
    with broken.lock():
        broken.begin("failover", "failover-1", order={"target": "us-west-2"})
    assert "failover --resume" in scene.warned[0].fix
    scene.other = tmp_path / "by-day" / "runs"
    (found,) = other_spares(state, cache, {})
    assert found == first
    later = scene.runs(strays=[RunStore(found / "runs", CLOCK, CLOCK, "test")])
    assert later.open() is not None
    with later.lock():
        later.add(later.load("failover-1"), "finished")
    assert [path.name for path in scene.own.glob("*.run")] == ["failover-1.run"]
    assert [*(first / "runs").glob("*.run")] == []
    shutil.rmtree(first)
    assert other_spares(state, cache, {}) == []
    assert [*cache.iterdir()] == []


def test_a_temporary_directory_of_a_variable_is_looked_into(tmp_path: Path) -> None:
    """Only at a folder of ours; a cache that cannot be written, or none, is missed by nobody."""
    state, temporary = tmp_path / "state", tmp_path / "tmp"
    folder = in_temporary(state, temporary)
    assert folder is not None
    assert other_spares(state, None, {"TEMP": str(temporary)}) == []
    folder.mkdir(mode=0o700, parents=True)
    folder.parent.chmod(0o700)
    assert other_spares(state, None, {"TEMP": str(temporary)}) == [folder]
    folder.parent.chmod(0o777)
    assert other_spares(state, None, {"TEMP": str(temporary)}) == []
    note_spare(state, folder, None, Disk())
    note_spare(state, folder, tmp_path / "x", Refusing(tmp_path / "x"))
    assert other_spares(state, tmp_path / "x", {}) == []


@pytest.mark.parametrize("after", range(6))
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT, errno.EIO])
def test_a_disk_that_fills_up_in_the_middle_loses_no_event(scene: Scene, code: int, after: int) -> None:
    """Whatever stands in the state's folder by then, the whole run is known, here and to the next process."""
    runs = scene.runs(Refusing(scene.own, code=code, after=after))
    with runs.lock():
        run = runs.begin("failover", "failover-1", order={"target": "us-west-2"})
        for what in ("move-begun", "move-done", "finished"):
            run = runs.add(run, what)
    for known in (runs, scene.runs()):
        assert [event.what for event in known.load("failover-1").events] == [
            "begun", "move-begun", "move-done", "finished"
        ]  # fmt: skip
        assert known.open() is None


def test_without_any_disk_events_are_told_as_lines_of_json(scene: Scene) -> None:
    """Each line holds the run's id and the event, as it happens."""
    runs = scene.runs(Refusing(scene.own, scene.other))
    with runs.lock():
        run = runs.begin("failover", "failover-1", order={"target": "us-west-2"})
        runs.add(run, "finished")
    assert [(row["run"], row["event"]["what"]) for row in map(json.loads, scene.lines)] == [
        ("failover-1", "begun"), ("failover-1", "finished")
    ]  # fmt: skip
    assert all(line.isascii() for line in scene.lines)
    assert runs.load("failover-1").status == "finished"


def test_what_must_be_kept_is_refused_as_before(scene: Scene) -> None:
    """A drill, or anything else that is not lenient, goes nowhere else."""
    runs = scene.runs(Refusing(scene.own), lenient=False)
    with pytest.raises(SbctlError) as raised, runs.lock():
        pass
    assert [one.code for one in raised.value.problems] == ["cannot-write"]
    with pytest.raises(SbctlError):
        runs.begin("drill", "drill-1")
    assert not scene.other.exists()


def test_another_run_still_keeps_this_one_out(scene: Scene) -> None:
    """Only a disk that refuses is a reason to go elsewhere."""
    with scene.runs().lock(), pytest.raises(SbctlError) as raised, scene.runs().lock():
        pass
    assert [one.code for one in raised.value.problems] == ["state-locked"]


def test_the_spare_folder_is_the_same_for_one_state_and_nobody_elses(tmp_path: Path) -> None:
    """A folder that others can write to, or a link in its place, is not used."""

    def spare_folder(state: Path) -> Path | None:
        return in_temporary(state, tmp_path / "tmp")

    found = spare_folder(tmp_path / "state")
    assert found is not None
    assert found == spare_folder(tmp_path / "state") != spare_folder(tmp_path / "other")
    (tmp_path / "tmp").mkdir()
    root = found.parent
    root.mkdir(mode=0o700)
    assert spare_folder(tmp_path / "state") == found
    root.chmod(0o777)
    assert spare_folder(tmp_path / "state") is None
    root.rmdir()
    root.symlink_to(tmp_path)
    assert spare_folder(tmp_path / "state") is None


def test_a_folder_is_tried_and_left_as_it_was(tmp_path: Path) -> None:
    """A probe that was written is gone again."""
    assert can_write(tmp_path, Disk())
    assert not can_write(tmp_path, Refusing(tmp_path))
    assert [*tmp_path.iterdir()] == []
