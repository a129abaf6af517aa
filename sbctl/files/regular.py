"""Reads files that users give. Anything else than a regular file of a sane size is refused, and never waited for.

A FIFO in the place of a file would hold a run until somebody writes to it, and a device may never end.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

LARGEST_TEXT = 16 * 1024 * 1024
"""Bytes of a config, flow, plan, kit or table of prices. Real ones have less than one megabyte."""
_SORTS = (
    (stat.S_ISREG, "a file"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a FIFO (named pipe)"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_MEBIBYTE = 1024 * 1024


class NotRegular(OSError):  # noqa: N818 - says what is so, as FileNotFoundError does
    """The path names no regular file; the text says what it is."""


class TooLarge(OSError):  # noqa: N818
    """The file is larger than any that is meant; the text says how large."""


class NotUtf8(UnicodeDecodeError):  # noqa: N818
    """The bytes are no text in UTF-8; the text says which line is not."""

    def __init__(self, error: UnicodeDecodeError) -> None:
        super().__init__(error.encoding, error.object, error.start, error.end, error.reason)
        self.line = unified(error.object[: error.start].decode()).count("\n") + 1

    def __str__(self) -> str:
        if self.object.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "it is in UTF-16, not in UTF-8"
        return f"line {self.line} is not in UTF-8"


def is_readable(path: Path) -> bool:
    """Whether there is a file that can be read. `Path.is_file` raises where a folder above it may not be looked into."""
    try:
        return stat.S_ISREG(path.stat().st_mode) and os.access(path, os.R_OK)
    except OSError:
        return False


def read_regular(path: Path, largest: int | None = LARGEST_TEXT) -> bytes:
    """The bytes of a regular file, of at most `largest`. Raises OSError: FileNotFoundError, NotRegular, TooLarge, others."""
    _check(path.stat(), largest)  # before it is opened: opening a device can have effects
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        _check(os.fstat(handle), largest)  # it may be another one by now
        content = file.read() if largest is None else file.read(largest + 1)
    if largest is not None and len(content) > largest:
        raise TooLarge(_size(len(content), largest))
    return content


def read_text(path: Path, largest: int | None = LARGEST_TEXT) -> str:
    """The same as text in UTF-8, without a byte order mark, lines ended by \\n. Raises OSError and NotUtf8."""
    return decoded(read_regular(path, largest))


def decoded(content: bytes) -> str:
    """Bytes as text in UTF-8, without a byte order mark, lines ended by \\n. Raises NotUtf8."""
    try:
        return unified(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise NotUtf8(error) from None


def unified(text: str) -> str:
    """The text with \\n at the end of each line, whatever a checkout made of it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def require_regular(path: Path, largest: int | None = LARGEST_TEXT) -> None:
    """For what another library opens. Raises OSError as `read_regular` does."""
    _check(path.stat(), largest)


def is_hidden(path: Path) -> bool:
    """Whether a file belongs to a system or an editor: `.DS_Store`, `._name`, `.#name`."""
    return path.name.startswith(".")


def _check(found: os.stat_result, largest: int | None) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise NotRegular(f"it is {sort_of(found)}, not a regular file")
    if largest is not None and found.st_size > largest:
        raise TooLarge(_size(found.st_size, largest))


def sort_of(found: os.stat_result) -> str:
    """What a path names, in words."""
    return next((name for is_one, name in _SORTS if is_one(found.st_mode)), "something else")


def _size(size: int, largest: int) -> str:
    return f"it has {size / _MEBIBYTE:.1f} MiB, and at most {largest // _MEBIBYTE} MiB are read"
