"""JSON files with positions: the data, and the line on which any path of it stands.

The standard parser reads the data; a walk over the same text finds the lines. The walk trusts that the text is valid
JSON, because the parser has accepted it.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.text.strict_json import NoValue, read_value
from sbctl.files.links import leads_nowhere, why_unread
from sbctl.files.regular import NotUtf8, decoded, read_regular

JsonPath = tuple[str | int, ...]
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]|[^\s{}\[\],:"]+')


@dataclass(frozen=True)
class Source:
    """One JSON file as read. `text` is empty for a document that came from elsewhere."""

    file: str
    text: str
    data: dict[str, Any]

    @cached_property
    def _walked(self) -> Walk:
        return walk(self.text)

    def position(self, path: JsonPath) -> tuple[int, int]:
        """Line and column, from 1, of a path, or of the nearest thing around it that is there."""
        offsets = self._walked.offsets
        while path and path not in offsets:
            path = path[:-1]
        return self.line_column(offsets.get(path, 0))

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of a place in the text."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", self.text))]

    def has(self, path: JsonPath) -> bool:
        """Whether the file holds something at a path."""
        return path in self._walked.offsets

    def at(self, path: JsonPath = ()) -> str:
        """`file:line` of a path: for a member of an object the line of its key."""
        return f"{self.file}:{self.position(path)[0]}"


@dataclass(frozen=True)
class Walk:
    """Where each path begins, and the keys that their object already had."""

    offsets: Mapping[JsonPath, int]
    repeated: tuple[tuple[JsonPath, int], ...]


def read_json(path: Path) -> Source:
    """Read a JSON file whose top is an object.

    Raises SbctlError when it is missing, is not UTF-8 or JSON, or has a key twice in one object.
    """
    file = path.as_posix()
    try:
        content = read_regular(path)
    except FileNotFoundError as error:
        detail = f"it is {link}" if (link := leads_nowhere(path, error)) else ""
        fix = "Put it there (sbctl init makes a project with one), or name its folder with --config."
        raise _error("config-missing", "Config file is missing", file, detail, fix) from None
    except OSError as error:
        fix = "Put a readable file there."
        raise _error("config-unreadable", "Config file cannot be read", file, why_unread(path, error), fix) from None
    return parse_json(file, text_of(path, content))


def text_of(path: Path, content: bytes, what: str = "Config file") -> str:
    """The text of a file's bytes. Raises SbctlError, with the line that is not in UTF-8."""
    try:
        return decoded(content)
    except NotUtf8 as error:
        at = f"{path.as_posix()}:{error.line}"
        raise _error("config-unreadable", f"{what} cannot be read", at, str(error), "Save it as UTF-8.") from None


def parse_json(file: str, text: str, what: str = "Config file") -> Source:
    """As `read_json`, for text that is at hand; `what` is what a problem calls the file."""
    try:
        data = read_value(text)
    except NoValue as error:
        field = _field_at(text, error.pos)
        detail = f"{field}: {error.msg}" if field else f"{error.msg}, column {error.colno}"
        raise _syntax(f"{file}:{error.lineno}", detail, what) from None
    except json.JSONDecodeError as error:
        detail = f"{error.msg}, column {error.colno}"
        raise _syntax(f"{file}:{error.lineno}", detail, what) from None
    except ValueError as error:
        raise _syntax(f"{file}:1", str(error), what) from None
    if not isinstance(data, dict):
        raise _syntax(f"{file}:1", "the top of the file must be an object", what)
    source = Source(file, text, data)
    repeated = walk(text).repeated
    if repeated:
        raise SbctlError(*(_repeated(source, path, offset) for path, offset in repeated))
    return source


def walk(text: str) -> Walk:
    """Find every path of a valid JSON text."""
    walker = _Walker(text)
    walker.value(())
    return Walk(walker.offsets, tuple(walker.repeated))


class _Walker:
    """A recursive descent over the tokens; colons and whitespace are not among them."""

    def __init__(self, text: str) -> None:
        self._tokens: Iterator[re.Match[str]] = _TOKEN.finditer(text)
        self._token = next(self._tokens, None)
        self.offsets: dict[JsonPath, int] = {}
        self.repeated: list[tuple[JsonPath, int]] = []

    def _take(self) -> re.Match[str]:
        token = self._token
        if token is None:
            raise ValueError("the text ends too early")
        self._token = next(self._tokens, None)
        return token

    def _peek(self) -> str:
        return self._token.group() if self._token else ""

    def value(self, path: JsonPath) -> None:
        token = self._take()
        self.offsets.setdefault(path, token.start())
        if token.group() == "{":
            self._members(path)
        elif token.group() == "[":
            self._elements(path)

    def _members(self, path: JsonPath) -> None:
        while self._peek() != "}":
            key = self._take()
            member = (*path, str(json.loads(key.group())))
            if member in self.offsets:
                self.repeated.append((member, key.start()))
            self.offsets[member] = key.start()
            self.value(member)
            if self._peek() == ",":
                self._take()
        self._take()

    def _elements(self, path: JsonPath) -> None:
        index = 0
        while self._peek() != "]":
            self.value((*path, index))
            index += 1
            if self._peek() == ",":
                self._take()
        self._take()


def _field_at(text: str, place: int) -> str:
    """The field whose value stands at a place of a text; "" where the text ends before that can be told."""
    try:
        offsets = walk(text).offsets
    except (ValueError, RecursionError):
        return ""
    before = (path for path in offsets if offsets[path] <= place)
    path = max(before, key=lambda path: (offsets[path], len(path)))
    return dotted(path).encode(errors="backslashreplace").decode()


def dotted(path: JsonPath) -> str:
    """A path as people read it: `queues[1].hours`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _repeated(source: Source, path: JsonPath, offset: int) -> Problem:
    return Problem(
        code="duplicate-key",
        summary="Key occurs twice in one object",
        detail=dotted(path),
        at=f"{source.file}:{source.line_column(offset)[0]}",
        fix="Remove one of the two; JSON readers would silently keep the last.",
        exit=Exit.USAGE,
    )


def _syntax(at: str, detail: str, what: str) -> SbctlError:
    return _error("config-syntax", f"{what} is not valid JSON", at, detail, "Put the JSON right at that place.")


def _error(code: str, summary: str, at: str, detail: str, fix: str) -> SbctlError:
    return SbctlError(Problem(code=code, summary=summary, detail=detail, at=at, fix=fix, exit=Exit.USAGE))
