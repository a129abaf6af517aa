"""One run at a time on a state. The system holds the lock, so it dies with its holder; a note says who it is."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from sbctl.core.clock import Clock
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.store.atomic import cannot_write


class StateLock:
    """The lock of a state folder. The note beside it names host, pid, command and time."""

    def __init__(self, folder: Path, clock: Clock, command: str) -> None:
        self._folder = folder
        self._clock = clock
        self._command = command
        self._note = folder / "lock.json"

    @contextmanager
    def held(self, wait: float) -> Iterator[None]:
        """Hold the lock, waiting for it `wait` seconds at most. Raises SbctlError naming the holder."""
        lock = self._acquired(wait)
        try:
            self._write_note()
            yield
        finally:
            self._note.unlink(missing_ok=True)
            lock.release()

    def release_dead(self) -> bool:
        """Take away a dead holder's note; whether there was one. Raises SbctlError when the holder is alive."""
        lock = self._acquired(0)
        try:
            found = self._note.exists()
            self._note.unlink(missing_ok=True)
            return found
        finally:
            lock.release()

    def _acquired(self, wait: float) -> FileLock:
        lock = FileLock(self._folder / "sbctl.lock", thread_local=False)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=wait)
        except Timeout as error:
            raise SbctlError(self._taken()) from error
        except OSError as error:
            raise SbctlError(cannot_write(self._folder, error)) from error
        return lock

    def _write_note(self) -> None:
        note = {
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "command": self._command,
            "since": self._clock.now().isoformat(timespec="seconds"),
        }
        try:
            self._note.write_text(json.dumps(note), encoding="utf-8")
        except OSError as error:
            raise SbctlError(cannot_write(self._note, error)) from error

    def _taken(self) -> Problem:
        note = self._read_note()
        holder = "another run"
        if note:
            holder = f"`{note.get('command')}` (pid {note.get('pid')} on {note.get('host')}, since {note.get('since')})"
        return Problem(
            code="state-locked",
            summary="Another run holds the state",
            detail=f"held by {holder}",
            at=str(self._folder),
            fix="Wait for it to end, or run with --wait SECONDS. A dead run's lock frees itself.",
            exit=Exit.LOCKED,
        )

    def _read_note(self) -> dict[str, Any]:
        try:
            found = json.loads(self._note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}
