"""A log of one line a call in a file that does not grow without end: a full one becomes the first of a few older ones."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from filelock import FileLock

from sbctl.files.folders import make_private

OWNERS_ALONE = 0o600
"""Mode of the log, in a folder of its owner alone: who calls what is nobody else's business."""
FULL_BYTES = 10_000_000
"""About 30,000 calls."""
NEVER_WAIT = getattr(os, "O_NONBLOCK", 0)
"""A FIFO in the place of the log is an error then."""
OLDER = 4
"""Full files that are kept beside the one that is written: `.1` is the latest of them."""


class AuditLog:
    """Appends lines; several threads and processes may write to the same file. All raise OSError."""

    def __init__(self, path: Path, full: int = FULL_BYTES) -> None:
        self.path = path
        self._full = full
        self._lock = threading.Lock()
        self._opened = False

    def append(self, text: str) -> None:
        """Write to the log; with "" only try whether that is possible."""
        with self._lock:
            make_private(self.path.parent)
            handle = os.open(self.path, os.O_APPEND | os.O_CREAT | os.O_WRONLY | NEVER_WAIT, OWNERS_ALONE)
            if not self._opened and os.fstat(handle).st_uid == os.geteuid():
                os.fchmod(handle, OWNERS_ALONE)  # an older one may be anybody's to read
            self._opened = True
            with os.fdopen(handle, "a", encoding="utf-8") as file:
                file.write(text)
                size = file.tell()
            if size >= self._full:
                self._turn()

    def older(self, number: int) -> Path:
        """The file with this number among the full ones."""
        return self.path.with_name(f"{self.path.name}.{number}")

    def _turn(self) -> None:
        """Put the full file aside. Who has it open writes its line into the one that is put aside: nothing is lost."""
        with FileLock(f"{self.path}.lock", mode=OWNERS_ALONE):
            if not self.path.exists() or self.path.stat().st_size < self._full:
                return  # another process was first
            for number in range(OLDER - 1, 0, -1):
                if self.older(number).exists():
                    self.older(number).replace(self.older(number + 1))
            self.path.replace(self.older(1))
