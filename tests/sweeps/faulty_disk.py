"""A disk that refuses, so that the state can be rehearsed at every write. Whoever puts it in decides operation by operation."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sbctl.store.files.atomic import Disk

DiskFault = Literal["full", "read-only"]
Act = Literal["make-folder", "write", "append", "rename", "remove", "sync"]
CODES = {"full": errno.ENOSPC, "read-only": errno.EROFS}


@dataclass(frozen=True)
class DiskPoint:
    """One operation on the disk: its number in the run, what it is, and on which file or folder."""

    number: int
    what: Act
    name: str


Ask = Callable[[DiskPoint], DiskFault | None]
"""What becomes of an operation that is about to be done. May raise, to end the run before it."""


class NoLock:
    """A lock that keeps nobody out."""

    def release(self) -> None: ...


class Unlocked(Disk):
    """A disk on which one process is alone: the system's locks cannot be handed to a fork."""

    def lock(self, file: Path) -> NoLock:
        file.touch(mode=0o600)
        return NoLock()


class FaultyDisk(Unlocked):
    """Does what it is told unless `ask` names a fault; on a full disk half of what is written is written.

    `done` is told of each operation that was done, and may raise after it.
    """

    def __init__(self, ask: Ask, done: Callable[[DiskPoint], None] = lambda _: None) -> None:
        self.count = 0
        self._ask = ask
        self._done = done

    def make_folder(self, folder: Path) -> None:
        point = self._refuse("make-folder", folder)
        super().make_folder(folder)
        self._done(point)

    def write_beside(self, path: Path, data: bytes) -> Path:
        point = self._point("write", path)
        fault = self._ask(point)
        if fault == "full":
            # written by halves, noticed, and taken away again, as the disk itself does it
            super().write_beside(path, data[: len(data) // 2]).unlink()
        if fault is not None:
            raise _refusal(fault)
        beside = super().write_beside(path, data)
        self._done(point)
        return beside

    def append(self, path: Path, data: bytes) -> None:
        point = self._point("append", path)
        fault = self._ask(point)
        if fault == "full":
            super().append(path, data[: len(data) // 2])
        if fault is not None:
            raise _refusal(fault)
        super().append(path, data)
        self._done(point)

    def rename(self, source: Path, target: Path) -> None:
        point = self._refuse("rename", target)
        super().rename(source, target)
        self._done(point)

    def remove(self, path: Path) -> None:
        point = self._refuse("remove", path)
        super().remove(path)
        self._done(point)

    def sync_folder(self, folder: Path) -> None:
        point = self._refuse("sync", folder)
        super().sync_folder(folder)
        self._done(point)

    def _refuse(self, what: Act, path: Path) -> DiskPoint:
        point = self._point(what, path)
        fault = self._ask(point)
        if fault is not None:
            raise _refusal(fault)
        return point

    def _point(self, what: Act, path: Path) -> DiskPoint:
        self.count += 1
        return DiskPoint(self.count, what, path.name)


def _refusal(fault: DiskFault) -> OSError:
    return OSError(CODES[fault], "the disk refuses")
