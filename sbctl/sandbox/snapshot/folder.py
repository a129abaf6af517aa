"""The folder of a world: the user's alone, served by one server at a time, with the file and the world's clock in it.

The clock is beside the file because time passes without anything to save: it says how far the world's time may have got,
so that a server that was killed does not take up an earlier time than it has told.
"""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

from filelock import FileLock, Timeout

from sbctl.sandbox.snapshot import WORLD_LOCK
from sbctl.sandbox.snapshot.private import make_private, odd_file
from sbctl.sandbox.snapshot.save import FILE, Save, SaveError
from sbctl.sandbox.time.clock import WorldClock

CLOCK = "world.clock"
AHEAD_SECONDS = 5.0
"""Real time for which the clock is told in advance: several times what passes between two tellings."""


class DataFolder:
    """A folder, taken. Raises SaveError when it cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        _prepare(path)
        self._lock = FileLock(path / WORLD_LOCK, timeout=0, mode=0o600)
        try:
            self._lock.acquire()
        except Timeout:
            told = _told(path / CLOCK)
            raise SaveError(
                f"{path} is in use by another sandbox server{f', process {told[1]}' if told else ''}: stop that one "
                "(sbctl sandbox down, with its --state), or name another folder with --data"
            ) from None
        except OSError as error:
            raise _unusable(path, error) from error
        try:
            self.save = Save(path)
        except OSError as error:
            self._lock.release()
            raise _unusable(path, error) from error
        except BaseException:
            self._lock.release()
            raise

    def time(self) -> float | None:
        """From when on the world's time goes on: where it stood, or later than it can have got before a kill."""
        saved, told = self.save.time(), _told(self.path / CLOCK)
        return saved if saved is None or told is None else max(saved, told[0])

    def tell(self, clock: WorldClock) -> None:
        """Say how far the clock may get before the next telling. Not forced to the disk: only a lost machine loses it."""
        text = json.dumps({"until": clock.seconds() + AHEAD_SECONDS * clock.speed, "pid": os.getpid()})
        path = self.path / CLOCK
        handle = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
        try:
            os.pwrite(handle, text.ljust(80).encode(), 0)
        finally:
            os.close(handle)

    def close(self, *, stopped: bool) -> None:
        """Let go of it. `stopped`: all is saved, with the time at which the world stood still."""
        if stopped:
            (self.path / CLOCK).unlink(missing_ok=True)
        self.save.close()
        self._lock.release()


def _prepare(path: Path) -> None:
    try:
        make_private(path)
        odd = [place for name in (FILE, CLOCK, WORLD_LOCK) if odd_file(place := path / name)]
        found = [place for place in (path, path / FILE) if place.exists()]
        ours = [_is_ours(place) for place in found]
    except OSError as error:
        raise _unusable(path, error) from error
    if odd:
        raise SaveError(f"{odd[0]} is no regular file: move it away, or name another folder with --data")
    if not all(ours):
        raise SaveError(
            f"{path} must belong to you, and nobody else may write in it, because what is loaded from it is believed: "
            f"chmod -R go-w {path}, or name another folder with --data"
        )


def _unusable(path: Path, error: OSError) -> SaveError:
    return SaveError(f"{path} cannot be used: {error.strerror or error}; name another folder with --data")


def _is_ours(path: Path) -> bool:
    found = path.stat()
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _told(path: Path) -> tuple[float, int] | None:
    """Until when the clock may have got, and of which process; None when it was stopped in good order."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return float(found["until"]), int(found["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
