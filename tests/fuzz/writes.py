"""Sees every write of this process by Python's audit events, wherever it goes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod"}
HARMLESS = ("/dev/", "/proc/")
MEMORY_DISK = "/dev/shm/"
"""A folder as any other, where the tests' own may be."""


class Writes:
    """One audit hook for the life of the process; it notes something only while it is asked to."""

    def __init__(self) -> None:
        self._inside: str | None = None
        self._elsewhere: list[str] = []
        sys.addaudithook(self._hear)

    @contextmanager
    def watched(self, inside: Path) -> Iterator[list[str]]:
        """What is written anywhere but in this folder; the list is complete when the context ends."""
        self._elsewhere, self._inside = [], os.path.realpath(inside)
        bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        try:
            yield self._elsewhere
        finally:
            self._inside, sys.dont_write_bytecode = None, bytecode

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._inside is None:
            return
        if event == "open":
            path, _, flags = arguments
            paths: tuple[Any, ...] = (path,) if isinstance(flags, int) and flags & WRITING else ()
        elif event in CHANGES:
            paths = tuple(one for one in arguments[:2] if isinstance(one, str | bytes | os.PathLike))
        else:
            return
        for path in paths:
            self._judge(event, path)

    def _judge(self, event: str, path: Any) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return  # a descriptor: it was judged when it was opened
        folder, name = os.path.split(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100 - no link may be followed yet
        real = os.path.join(os.path.realpath(folder), name)  # noqa: PTH118 - in an audit hook nothing may be raised
        harmless = real.startswith(HARMLESS) and not real.startswith(MEMORY_DISK)
        if harmless or real == self._inside or real.startswith(f"{self._inside}/"):
            return
        self._elsewhere.append(f"{event} {real}")
