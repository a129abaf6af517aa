"""One run at a time on a folder. The system holds the lock, so it dies with its holder; a note says who that is."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sbctl.core.clock import Clock
from sbctl.core.problem import SbctlError
from sbctl.store.files.atomic import DISK, Disk, Held, cannot_write, read_bytes, remove_unfinished, write_atomic
from sbctl.store.files.permissions import make_private
from sbctl.store.locks.holder import Holder, lost, myself, read_holder, taken
from sbctl.store.locks.waiting import LockWaiting, wait_for

POLL_SECONDS = 0.1
NOTE_SECONDS = 1.0
"""Of real time: how long a new holder may take to write its note."""


class FolderLock:
    """The lock of a state folder. The note beside it names host, process, command and time."""

    def __init__(self, folder: Path, clock: Clock, command: str, disk: Disk = DISK) -> None:
        self._folder = folder
        self._clock = clock
        self._command = command
        self._disk = disk
        self._file = folder / "sbctl.lock"
        self._note = folder / "lock.json"
        self._inode: int | None = None

    @contextmanager
    def held(self, waiting: LockWaiting) -> Iterator[None]:
        """Hold the lock, waiting for it as told. Raises SbctlError naming the holder."""
        lock = wait_for(self._acquired, self._named_holder, str(self._folder), waiting, self._clock, POLL_SECONDS)
        try:
            make_private(self._folder)
            remove_unfinished(self._folder, self._note.name, self._disk)
            note = json.dumps(myself(self._command, self._clock).as_note())
            write_atomic(self._note, note.encode(), self._disk)
            self._inode = self._file.stat().st_ino
            yield
        finally:
            if self._is_ours():
                with suppress(OSError):
                    self._disk.remove(self._note)
            self._inode = None
            lock.release()

    def at_work(self) -> Holder | None:
        """Who holds it now, and lives; None where nobody does, or nobody can say. Nothing is locked for it."""
        found = self._holder()
        return found if found is not None and found.alive else None

    def check(self) -> None:
        """Raises SbctlError when the lock was taken away by force. Fine when it is not held at all."""
        if self._inode is not None and not self._is_ours():
            raise SbctlError(lost(str(self._folder), self._holder()))

    def release_dead(self, *, force: bool) -> bool:
        """Take away a dead holder's note; whether there was one. Raises SbctlError when the holder is alive.

        With `force` a living holder loses the lock: its next write fails, and nothing of it is overwritten.
        """
        lock = self._acquired()
        if lock is None:
            if not force:
                raise SbctlError(taken(str(self._folder), self._named_holder()))
            self._take_away()
            return True
        try:
            found = self._note.exists()
            self._note.unlink(missing_ok=True)
            return found
        finally:
            lock.release()

    def _take_away(self) -> None:
        try:
            self._disk.remove(self._file)
            self._disk.remove(self._note)
        except OSError as error:
            raise SbctlError(cannot_write(self._file, error)) from error

    def _acquired(self) -> Held | None:
        """The system's lock; None when another process holds it."""
        try:
            self._disk.make_folder(self._folder)
            return self._disk.lock(self._file)
        except OSError as error:
            raise SbctlError(cannot_write(self._folder, error)) from error

    def _is_ours(self) -> bool:
        try:
            return self._file.stat().st_ino == self._inode
        except OSError:
            return False

    def _named_holder(self) -> Holder | None:
        """Who holds the lock. Between taking it and writing the note, the note is missing or its writer is dead."""
        end = time.monotonic() + NOTE_SECONDS
        while (holder := self._holder()) is None or holder.alive is False:
            if time.monotonic() > end:
                return None
            time.sleep(NOTE_SECONDS / 20)
        return holder

    def _holder(self) -> Holder | None:
        try:
            return read_holder(read_bytes(self._note))
        except SbctlError:
            return None
