"""A state in a folder: `sbctl.json`, `journal.jsonl`, `generations/`, and a lock that the system holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sbctl.core.clock import Clock
from sbctl.core.problem import SbctlError
from sbctl.store.files.atomic import DISK, Disk, cannot_write, read_bytes, remove_unfinished, write_atomic
from sbctl.store.files.lines import LineFile
from sbctl.store.locks.lock import FolderLock
from sbctl.store.locks.waiting import LockWaiting
from sbctl.store.media.backend import Content, CopyStatus

FOLD_AFTER = 500


class Folder:
    """A medium on the local disk."""

    def __init__(self, folder: Path, clock: Clock, command: str, disk: Disk = DISK) -> None:
        self._folder = folder
        self._disk = disk
        self._journal = LineFile(folder / "journal.jsonl", disk)
        self._generations = folder / "generations"
        self._lock = FolderLock(folder, clock, command, disk)
        self.fold_after = FOLD_AFTER

    @property
    def path(self) -> Path:
        """The state file."""
        return self._folder / "sbctl.json"

    @property
    def where(self) -> str:
        return str(self.path)

    @contextmanager
    def lock(self, waiting: LockWaiting, moved_from: str = "") -> Iterator[None]:  # noqa: ARG002
        with self._lock.held(waiting):
            remove_unfinished(self._folder, self.path.name, self._disk)
            remove_unfinished(self._generations, disk=self._disk)
            yield

    def unlock(self, *, force: bool) -> bool:
        return self._lock.release_dead(force=force)

    def copies(self) -> list[CopyStatus]:
        return []

    def behind(self) -> list[CopyStatus]:
        return []

    def read(self) -> Content:
        # The journal first: what is folded into the state between the two reads is then in the state.
        journal = self._journal.content()
        return Content(read_bytes(self.path), journal, self.where)

    def append(self, lines: Iterable[str]) -> None:
        self._lock.check()
        self._journal.append(lines)

    def replace(self, state: bytes) -> None:
        self._lock.check()
        write_atomic(self.path, state, self._disk)
        # What stays of the journal rests on the old serial, so that nobody replays it.
        with suppress(SbctlError):
            self._journal.clear()

    def names(self) -> list[str]:
        return sorted(path.name for path in self._generations.glob("[!.]*"))

    def kept(self, name: str) -> bytes | None:
        return read_bytes(self._generations / name)

    def keep(self, name: str, content: bytes) -> None:
        write_atomic(self._generations / name, content, self._disk)

    def discard(self, name: str) -> None:
        try:
            self._disk.remove(self._generations / name)
        except OSError as error:
            raise SbctlError(cannot_write(self._generations, error)) from error
