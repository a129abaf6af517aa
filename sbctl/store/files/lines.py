"""Lines that check themselves, and a file of them that is only ever added to: on disk before the next thing is done.

The form is `crc32 JSON`, a line each. It carries the journal of the state; any record of a run can be kept the same way.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sbctl.core.problem import SbctlError
from sbctl.core.text.strict_json import read_value
from sbctl.store.files.atomic import DISK, Disk, cannot_write, read_bytes


def line(body: str) -> str:
    """One line of a JSON text without line feeds, checksum first."""
    return f"{zlib.crc32(body.encode()):08x} {body}\n"


def sound(content: bytes) -> list[Any]:
    """The values of all sound lines, in order. A torn line, from a kill in the middle of writing, is passed over."""
    # Split at line feeds alone: a value may hold other characters that str.splitlines takes for line ends.
    return [value for value in map(_value, content.split(b"\n")) if value is not None]


def _value(text: bytes) -> Any:
    check, _, body = text.partition(b" ")
    try:
        return read_value(body) if int(check, 16) == zlib.crc32(body) else None
    except ValueError:
        return None


class LineFile:
    """A file of such lines (mode 0600). One process writes it at a time; anybody may read."""

    def __init__(self, path: Path, disk: Disk = DISK) -> None:
        self.path = path
        self._disk = disk

    def append(self, lines: Iterable[str]) -> None:
        """Add lines made by `line`; on disk when this returns. Raises SbctlError when the disk refuses."""
        try:
            new = not self.path.exists()
            self._disk.append(self.path, (self._mend() + "".join(lines)).encode())
            if new:
                self._disk.sync_folder(self.path.parent)
        except OSError as error:
            raise SbctlError(cannot_write(self.path, error)) from error

    def content(self) -> bytes:
        """All of it, for `sound`; empty when there is no file. Raises SbctlError when it cannot be read."""
        return read_bytes(self.path) or b""

    def clear(self) -> None:
        """Take the file away. Raises SbctlError when the disk refuses."""
        try:
            self._disk.remove(self.path)
        except OSError as error:
            raise SbctlError(cannot_write(self.path, error)) from error

    def _mend(self) -> str:
        """A line end, when an earlier kill left the last line torn: the next must not be joined to it."""
        if not self.path.exists() or not self.path.stat().st_size:
            return ""
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return "" if file.read(1) == b"\n" else "\n"
