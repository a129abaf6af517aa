"""Temporary files in memory, where there is a memory disk: tests write many small files, and wait for each to be on disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.run.leftovers import ended

DISKS = (Path("/dev/shm"),)
ROOM_BYTES = 2**30
"""A container's memory disk often has 64 MB, which is too little."""


@contextmanager
def temporary_files_in_memory(
    disks: Sequence[Path] = DISKS, left: Callable[[str], object] = lambda _: None
) -> Iterator[Path | None]:
    """Let this process and its children put temporary files on a memory disk; everything goes at the end.

    So do processes that still work there: `left` is told the command of each.
    Without such a disk (macOS has none) temporary files are where they always are, and None is given.
    """
    disk = next((one for one in disks if _usable(one)), None)
    if disk is None:
        yield None
        return
    # A short name: the path of a Unix socket has 108 bytes at most.
    with tempfile.TemporaryDirectory(prefix="t", dir=disk, ignore_cleanup_errors=True) as folder:
        before = os.environ.get("TMPDIR")
        _use(folder)
        try:
            yield Path(folder)
        finally:
            _use(before)
            for command in ended(Path(folder)):
                left(command)


def _usable(disk: Path) -> bool:
    return disk.is_dir() and os.access(disk, os.W_OK | os.X_OK) and shutil.disk_usage(disk).free >= ROOM_BYTES


def _use(folder: str | None) -> None:
    if folder is None:
        os.environ.pop("TMPDIR", None)
    else:
        os.environ["TMPDIR"] = folder
    tempfile.tempdir = None  # it keeps what it found first
