"""Killed before or after any operation on disk or in the bucket: the next run has all that was promised, and goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sbctl.core.clock import FakeClock
from sbctl.core.state import Record, State
from sbctl.store.files.atomic import Disk
from sbctl.store.objects import Blob, MemoryObjects
from sbctl.store.state.shared import Shared
from sbctl.store.state.store import StateStore
from sbctl.store.stores import file_store

ALL = ["four", "one", "three", "two"]


class Died(BaseException):
    """The process was killed here."""


class Bomb:
    """Kills at the operation with number `at`, before or after its effect; `count` is how many there were."""

    def __init__(self, at: int, when: str) -> None:
        self.count = 0
        self._at = at
        self._when = when

    def around(self, act: Callable[[], object]) -> object:
        self.count += 1
        if (self.count, self._when) == (self._at, "before"):
            raise Died
        done = act()
        if (self.count, self._when) == (self._at, "after"):
            raise Died
        return done


class MinedDisk(Disk):
    """A disk with a bomb at every change."""

    def __init__(self, bomb: Bomb) -> None:
        self._bomb = bomb

    def append(self, path: Path, data: bytes) -> None:
        self._bomb.around(lambda: Disk.append(self, path, data))

    def write_beside(self, path: Path, data: bytes) -> Path:
        written: list[Path] = []
        self._bomb.around(lambda: written.append(Disk.write_beside(self, path, data)))
        return written[0]

    def rename(self, source: Path, target: Path) -> None:
        self._bomb.around(lambda: Disk.rename(self, source, target))

    def remove(self, path: Path) -> None:
        self._bomb.around(lambda: Disk.remove(self, path))


class MinedObjects:
    """Objects with a bomb at every call, in front of others that survive."""

    def __init__(self, inner: MemoryObjects, bomb: Bomb) -> None:
        self._inner = inner
        self._bomb = bomb
        self.where = inner.where

    def get(self, key: str) -> Blob | None:
        return self._inner.get(key)

    def put(self, key: str, content: bytes, match: str) -> str:
        written: list[str] = []
        self._bomb.around(lambda: written.append(self._inner.put(key, content, match)))
        return written[0]

    def tags(self, folder: str) -> dict[str, str]:
        return self._inner.tags(folder)

    def write(self, key: str, content: bytes) -> None:
        self._bomb.around(lambda: self._inner.write(key, content))

    def keys(self, folder: str) -> list[str]:
        return self._inner.keys(folder)

    def discard(self, key: str) -> None:
        self._bomb.around(lambda: self._inner.discard(key))


def record(name: str) -> Record:
    return Record(address=f"connect_queue.us-east-1.{name}", ids={"id": name})


def names(state: State) -> list[str]:
    return sorted(address.split(".")[-1] for address in state.records)


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


def killed(opened: StateStore, told: list[str]) -> bool:
    try:
        work(opened, told)
    except Died:
        return True
    return False


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_at_any_write_to_disk_loses_nothing(tmp_path: Path, when: str) -> None:
    """What was promised is read back, and the same run again ends as one that was not killed."""
    at = 1
    while True:
        folder, told = tmp_path / str(at), list[str]()
        disk = MinedDisk(Bomb(at, when))
        if not killed(file_store(folder, FakeClock(), "x", disk=disk), told):
            break
        found = names(file_store(folder, FakeClock(), "x").load())
        assert set(told) <= set(found), at
        work(file_store(folder, FakeClock(), "x"), [])
        assert names(file_store(folder, FakeClock(), "x").load()) == ALL, at
        at += 1
    assert at > 20


@pytest.mark.parametrize("copies", [0, 1])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_at_any_write_to_the_bucket_loses_nothing(when: str, copies: int) -> None:
    """The same in S3, whose lock stays until it is broken; copies catch up."""
    at = 1
    while True:
        clock, bomb, told = FakeClock(), Bomb(at, when), list[str]()
        kept = [MemoryObjects(clock, f"s3://{number}") for number in range(copies + 1)]

        def opened(*objects: MemoryObjects | MinedObjects, clock: FakeClock = clock) -> StateStore:
            return StateStore(Shared(objects[0], objects[1:], clock, "x"), clock, "x")

        if not killed(opened(*(MinedObjects(objects, bomb) for objects in kept)), told):
            break
        # The process of a run that was really killed is gone; this one's is not.
        opened(*kept).unlock(force=True)
        found = names(opened(*kept).load())
        assert set(told) <= set(found), at
        work(opened(*kept), [])
        assert names(opened(*kept).load()) == ALL, at
        assert all(names(opened(objects).load()) == ALL for objects in kept), at
        at += 1
    assert at > 12
