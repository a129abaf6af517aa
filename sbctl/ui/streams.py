"""stdout and stderr as they are: any encoding, closed, or a pipe whose reader is gone. The only place that decides.

A character that the encoding lacks is written as an ASCII stand-in. Output that nobody takes is dropped, and never
changes what is done.
"""

# ruff: noqa: RUF001 - the characters that look like others are what this file is about
from __future__ import annotations

import codecs
import errno
import io
import os
import sys
from pathlib import Path
from typing import IO, Any, TextIO

STAND_INS = "sbctl-stand-ins"
"""The name of the error handler for encoding."""
_SPELLED = {
    "…": "...", "→": "->", "←": "<-", "↑": "^", "↓": "v", "⇄": "<->", "↔": "<->", "⟶": "->", "≤": "<=", "≥": ">=", "≠": "!=",
    "≈": "~", "×": "x", "÷": "/", "±": "+-", "»": ">>", "«": "<<", "·": ".", "•": "*", "–": "-", "—": "-", "‐": "-", "‑": "-",
    "−": "-", "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "\u00a0": " ", "\u202f": " ", "✓": "+", "✔": "+",
    "✗": "x", "✘": "x",
    "●": "*", "○": "o", "◉": "*", "■": "#", "□": "o", "▲": "^", "▼": "v", "▶": ">", "◀": "<", "§": "section ",
}  # fmt: skip
_HORIZONTAL = frozenset("─━┄┅┈┉╌╍═╴╶╸╺╼╾")
_VERTICAL = frozenset("│┃┆┇┊┋╎╏║╵╷╹╻╽╿")
_BOX, _BLOCKS, _BRAILLE = ("\u2500", "\u257f"), ("\u2580", "\u259f"), ("\u2800", "\u28ff")
SIZES = ("COLUMNS", "LINES")
LONGEST_SIZE = 5
"""Digits of a number of columns or lines."""
_UNREAD = frozenset({errno.EPIPE, errno.EBADF, errno.EIO})
"""The reader is gone, the stream was opened for something else, or the terminal was hung up."""


def stand_in(character: str) -> str:
    """What stands for a character where only ASCII can be written."""
    if character in _SPELLED:
        return _SPELLED[character]
    if character in _HORIZONTAL:
        return "-"
    if character in _VERTICAL:
        return "|"
    if _BOX[0] <= character <= _BOX[1]:
        return "+"
    if _BLOCKS[0] <= character <= _BLOCKS[1]:
        return "." if character == "░" else "#"
    return "*" if _BRAILLE[0] <= character <= _BRAILLE[1] else "?"


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(stand_in, error.object[error.start : error.end])), error.end


codecs.register_error(STAND_INS, _replace)
PLAIN_ASCII = "sbctl_ascii"
"""ASCII by a name of its own: click takes a stream in "ascii" for a mistake, and writes UTF-8 to it."""


def _plain_ascii(name: str) -> codecs.CodecInfo | None:
    found = codecs.lookup("ascii")
    return codecs.CodecInfo(*found, name=name, **_INCREMENTAL) if name == PLAIN_ASCII else None


_INCREMENTAL: dict[str, Any] = {
    "incrementalencoder": codecs.lookup("ascii").incrementalencoder,
    "incrementaldecoder": codecs.lookup("ascii").incrementaldecoder,
}
codecs.register(_plain_ascii)


def fitting(text: str, stream: TextIO) -> str:
    """The text as the stream can show it."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, STAND_INS).decode(encoding)


def lacks(text: str, stream: TextIO) -> bool:
    """Whether the stream's encoding lacks a character of the text."""
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return True
    return False


class Outlet(io.FileIO):
    """A file descriptor to write to. A write that fails is dropped, and all that come after it."""

    refused: OSError | None = None
    """Why nothing is written any more."""

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # any buffer, as FileIO takes
        if self.refused is None:
            try:
                return super().write(data) or 0
            except BlockingIOError:
                raise
            except OSError as error:
                self.refused = error
        return len(data)

    @property
    def lost(self) -> OSError | None:
        """Why output is lost that somebody waits for, as on a full disk; None when nobody reads it."""
        return None if self.refused is None or self.refused.errno in _UNREAD else self.refused


def opened(descriptor: int, like: TextIO) -> io.TextIOWrapper:
    """A text stream over a descriptor that drops what cannot be written, with the encoding of another stream."""
    outlet = io.BufferedWriter(Outlet(descriptor, "wb", closefd=False))  # type: ignore[type-var]  # see Outlet.write
    encoding = PLAIN_ASCII if codecs.lookup(like.encoding).name == "ascii" else like.encoding
    return io.TextIOWrapper(outlet, encoding, STAND_INS, line_buffering=bool(like.isatty() or like.line_buffering))


def is_size(text: str) -> bool:
    """Whether COLUMNS or LINES says how large a terminal is. At a width of 0 a table library draws nothing at all."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_SIZE and int(text) > 0


def prepare() -> None:
    """Make the process's own streams safe to write to. Streams that somebody put in their place stay."""
    for name in SIZES:
        if not is_size(os.environ.get(name, "1")):
            del os.environ[name]
    for descriptor in range(3):
        _fill(descriptor)
    sys.stdin = sys.stdin or _devnull("r")
    sys.stdout, sys.stderr = _prepared(sys.stdout, sys.__stdout__), _prepared(sys.stderr, sys.__stderr__)


def _fill(descriptor: int) -> None:
    """Open the null device where a standard stream is closed: else a file of ours would get its number."""
    try:
        os.fstat(descriptor)
    except OSError:
        os.open(os.devnull, os.O_RDWR)  # takes the lowest free number


def _devnull(mode: str) -> IO[str]:
    return Path(os.devnull).open(mode, encoding="utf-8")


def _prepared(stream: TextIO | None, own: TextIO | None) -> TextIO:
    if stream is None:
        return _devnull("w")  # type: ignore[return-value]  # a TextIO
    if stream is not own or not isinstance(stream, io.TextIOWrapper):
        return stream
    if os.name == "nt" and stream.isatty():  # the console takes every character, but not through its descriptor
        stream.reconfigure(errors=STAND_INS)
        return stream
    stream.flush()
    return opened(stream.fileno(), stream)


def unread(stream: TextIO) -> bool:
    """Whether nobody takes what is written any more."""
    outlet = _outlet(stream)
    return outlet is not None and outlet.refused is not None


def finish() -> OSError | None:
    """Write what waits. The reason why the result on stdout is lost, if it is."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    outlet = _outlet(sys.stdout)
    return outlet.lost if outlet is not None else None


def _outlet(stream: TextIO) -> Outlet | None:
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    return raw if isinstance(raw, Outlet) else None
