"""A disk that is full or read-only at any moment: nothing is half written, nothing that was told is lost, and all is told."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from sbctl.core.clock import FakeClock
from sbctl.core.problem import SbctlError
from sbctl.core.state import Record, State
from sbctl.store.files.atomic import Disk, write_atomic
from sbctl.store.state.recovery import restore
from sbctl.store.state.store import StateStore
from sbctl.store.stores import file_store


class FailingDisk(Disk):
    """A disk on which the operation with number `at` fails, and with `on` all after it; half of what it writes is written."""

    def __init__(self, at: int, code: int, *, on: bool) -> None:
        self.count = 0
        self._at = at
        self._code = code
        self._on = on

    def _fails(self) -> bool:
        self.count += 1
        return self.count == self._at or (self._on and self.count > self._at)

    def _refuse(self) -> None:
        if self._fails():
            raise OSError(self._code, "the disk refuses")

    def make_folder(self, folder: Path) -> None:
        self._refuse()
        super().make_folder(folder)

    def append(self, path: Path, data: bytes) -> None:
        if self._fails():
            if self._code == errno.ENOSPC:
                super().append(path, data[: len(data) // 2])
            raise OSError(self._code, "the disk refuses")
        super().append(path, data)

    def rename(self, source: Path, target: Path) -> None:
        self._refuse()
        super().rename(source, target)

    def remove(self, path: Path) -> None:
        self._refuse()
        super().remove(path)

    def sync_folder(self, folder: Path) -> None:
        self._refuse()
        super().sync_folder(folder)

    def _fill(self, handle: int, data: bytes) -> None:
        if self._fails():
            if self._code == errno.ENOSPC:
                super()._fill(handle, data[: len(data) // 2])
            raise OSError(self._code, "the disk refuses")
        super()._fill(handle, data)


def record(name: str) -> Record:
    return Record(address=f"connect_queue.us-east-1.{name}", ids={"id": name}, applied={"description": "größer €"})


def names(state: State) -> list[str]:
    return [address.split(".")[-1] for address in state.records]


def work(opened: StateStore, told: list[str]) -> None:
    """A run; `told` gets what the store has promised to keep."""
    with opened.lock():
        for name in ("one", "two", "three"):
            opened.put(record(name))
            told.append(name)
        opened.compact()
        opened.put(record("four"))
        told.append("four")
        opened.compact()


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob(".*")]


FAILURES = [
    pytest.param(code, on, id=f"{name}-{'for good' if on else 'once'}")
    for code, name in ((errno.ENOSPC, "full"), (errno.EROFS, "read-only"))
    for on in (False, True)
]


@pytest.mark.parametrize(("code", "on"), FAILURES)
def test_a_run_on_a_disk_that_refuses_loses_nothing(tmp_path: Path, code: int, on: bool) -> None:
    """At every operation: the failure is a problem, what was promised is read back, and a later run goes on."""
    at, reached = 0, True
    while reached:
        at += 1
        folder = tmp_path / str(at)
        disk, told = FailingDisk(at, code, on=on), list[str]()
        problems = caught(lambda: work(file_store(folder, FakeClock(), "x", disk=disk), told))  # noqa: B023
        reached = disk.count >= at
        assert set(problems) <= {"cannot-write"}, at
        found = names(file_store(folder, FakeClock(), "x").load())
        assert found[: len(told)] == told, at
        assert leftovers(folder) == [], at
        again = list[str]()
        work(file_store(folder, FakeClock(), "x"), again)
        assert names(file_store(folder, FakeClock(), "x").load()) == again == ["one", "two", "three", "four"], at
    assert at > 30


@pytest.mark.parametrize(("code", "on"), FAILURES)
def test_a_restore_on_a_disk_that_refuses_leaves_one_of_both(tmp_path: Path, code: int, on: bool) -> None:
    """At every operation of a restore the state is the old or the restored one, whole."""
    at, reached = 0, True
    while reached:
        at += 1
        folder = tmp_path / str(at)
        work(file_store(folder, FakeClock(), "x"), [])
        disk = FailingDisk(at, code, on=on)
        opened = file_store(folder, FakeClock(), "x", disk=disk)

        def act(opened: StateStore = opened) -> None:
            with opened.held():
                restore(opened, 1)

        problems = caught(act)
        reached = disk.count >= at
        assert set(problems) <= {"cannot-write"}, at
        found = names(file_store(folder, FakeClock(), "x").load())
        assert found in (["one", "two", "three", "four"], ["one", "two", "three"]), at
        assert leftovers(folder) == [], at
    assert at > 8


def caught(act: Callable[[], None]) -> list[str]:
    """The codes of an act's problems."""
    try:
        act()
    except SbctlError as error:
        return [problem.code for problem in error.problems]
    return []


class Tidied(Disk):
    """Another process takes the first unfinished file away before it has its name."""

    times = 1

    def rename(self, source: Path, target: Path) -> None:
        if self.times:
            self.times -= 1
            source.unlink()
        super().rename(source, target)


def test_a_write_whose_unfinished_file_is_tidied_away_is_done_again(tmp_path: Path) -> None:
    """Once: several runs keep readings, and each takes away what killed ones left."""
    write_atomic(tmp_path / "file", b"text", Tidied())
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("file", b"text")]
    always = Tidied()
    always.times = 2
    with pytest.raises(SbctlError):
        write_atomic(tmp_path / "file", b"other", always)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("file", b"text")]
