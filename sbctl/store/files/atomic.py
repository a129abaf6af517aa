"""Files that are whole or absent: written beside, flushed to disk, renamed, and the folder flushed too.

All writing to disk goes through a `Disk`, so that tests can put one in its place that is full or read-only at any moment.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.files.folders import make_private
from sbctl.files.regular import read_regular
from sbctl.store.files.permissions import FILE_MODE, keep_private

NEVER_WAIT = getattr(os, "O_NONBLOCK", 0)
"""A FIFO in the place of a file is an error then."""


class Held(Protocol):
    """A lock that is held."""

    def release(self) -> None: ...


class Disk:
    """The few things that are done to a disk. Each is durable when it returns, and raises OSError."""

    def make_folder(self, folder: Path) -> None:
        """A folder (mode 0700), and those above it, where there are none yet."""
        make_private(folder)

    def write_beside(self, path: Path, data: bytes) -> Path:
        """A new file (mode 0600) in the folder of `path` that holds `data`; nothing is left when that fails."""
        import tempfile  # which those who only read need not load

        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            self._fill(handle, data)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return path.parent / Path(name).name  # relative where `path` is

    def append(self, path: Path, data: bytes) -> None:
        """Add to the end of a file (mode 0600), which is made when there is none."""
        handle = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY | NEVER_WAIT, FILE_MODE)
        keep_private(handle)
        self._fill(handle, data)

    def rename(self, source: Path, target: Path) -> None:
        source.replace(target)

    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def sync_folder(self, folder: Path) -> None:
        """Make a rename, a removal or a new file durable."""
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def lock(self, file: Path) -> Held | None:
        """The system's lock on a file (mode 0600), which ends with this process; None when another one has it."""
        from filelock import FileLock, Timeout  # which most commands that read need not load

        lock = FileLock(file, thread_local=False, mode=FILE_MODE)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return None
        keep_private(file)
        return lock

    def _fill(self, handle: int, data: bytes) -> None:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


DISK = Disk()


def write_atomic(path: Path, data: bytes, disk: Disk = DISK) -> None:
    """Write `data` to `path` (mode 0600). Raises SbctlError when the disk refuses; the old file then stays."""
    try:
        disk.make_folder(path.parent)
        try:
            _put(path, data, disk)
        except FileNotFoundError:
            _put(path, data, disk)  # another run took it for what a killed one left
        disk.sync_folder(path.parent)
    except OSError as error:
        raise SbctlError(cannot_write(path, error)) from error


def _put(path: Path, data: bytes, disk: Disk) -> None:
    beside = disk.write_beside(path, data)
    try:
        disk.rename(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def remove_unfinished(folder: Path, name: str = "*", disk: Disk = DISK) -> None:
    """Take away what killed writes of `name` left beside it, in a folder of sbctl's own: elsewhere it may be an editor's."""
    unfinished: Iterable[Path] = folder.glob(f".{name}.*")
    for path in unfinished:
        with suppress(OSError):  # it will be there the next time
            disk.remove(path)


def read_bytes(path: Path, largest: int | None = None, worth: Exit = Exit.FAILED) -> bytes | None:
    """The file's bytes, None when there is none. Raises SbctlError when it cannot be read, or has more than `largest` bytes.

    Bytes, not text: a kill or a broken disk can cut a file in the middle of a letter.
    """
    try:
        return read_regular(path, largest)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SbctlError(cannot_read(path, error, worth)) from error


def cannot_read(path: Path, error: OSError, worth: Exit = Exit.FAILED) -> Problem:
    """The problem of a file or folder that cannot be read."""
    return Problem(
        code="cannot-read",
        summary="The file cannot be read",
        detail=str(error),
        at=str(path),
        fix="Check the file's permissions and that it is the right file.",
        exit=worth,
    )


def cannot_write(path: Path, error: OSError) -> Problem:
    """The problem of a disk that is full or read-only."""
    return Problem(
        code="cannot-write",
        summary="The state cannot be written",
        detail=error.strerror or str(error),
        at=str(path),
        fix="Free some space or permit writing there, then run the same command again; it goes on where it stopped.",
    )
