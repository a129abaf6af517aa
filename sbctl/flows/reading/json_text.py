"""JSON of flows: read quickly, and with the place of any part of it found without a walk over all of it.

A flow of 250 blocks has thousands of values, of which a linter asks for the places of a few.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Any

from sbctl.core.text.strict_json import DEEPEST, read_value
from sbctl.files.positions import JsonPath, Source

_SPACE = " \t\n\r"


@dataclass(frozen=True)
class JsonText(Source):
    """A JSON file whose places are found one by one: what stands before a place is skipped by the parser."""

    _members: dict[JsonPath, dict[str | int, tuple[int, int]]] = field(default_factory=dict, compare=False, repr=False)
    """Of each object and list that was looked into: member → (where it begins, where its value begins)."""

    def position(self, path: JsonPath) -> tuple[int, int]:
        """Line and column, from 1, of a path, or of the nearest thing around it that is there."""
        begin = value = _after_space(self.text, 0)
        for number, part in enumerate(path):
            place = self._looked_into(path[:number], value).get(part)
            if place is None:
                break
            begin, value = place
        return self.line_column(begin)

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of a place in the text, whose lines end with \\n."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line begins."""
        lengths = (len(line) + 1 for line in self.text.split("\n"))
        return [0, *accumulate(lengths)]

    def _looked_into(self, path: JsonPath, at: int) -> dict[str | int, tuple[int, int]]:
        if path not in self._members:
            self._members[path] = _members_of(self.text, at)
        return self._members[path]


_SCAN = json.JSONDecoder().raw_decode


def _members_of(text: str, at: int) -> dict[str | int, tuple[int, int]]:
    """The members of the object or list that begins at a place of a valid JSON text."""
    found: dict[str | int, tuple[int, int]] = {}
    if text[at : at + 1] not in ("{", "["):
        return found
    named = text[at] == "{"
    place = _after_space(text, at + 1)
    while text[place] not in "}]":
        name: str | int = len(found)
        begin = place
        if named:
            name, place = _SCAN(text, place)
            place = _after_space(text, _after_space(text, place) + 1)  # over the colon
        found[name] = (begin, place)
        _, place = _SCAN(text, place)
        place = _after_space(text, place)
        if text[place] == ",":
            place = _after_space(text, place + 1)
    return found


def _after_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


def value_of(text: str) -> tuple[Any, bool]:
    """The value of a JSON text, and whether an object of it has a key twice. Raises ValueError as `read_value` does."""
    repeated: list[bool] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            repeated.append(True)
        return found

    try:
        value = json.loads(text, object_pairs_hook=members, parse_constant=_refused, parse_float=_finite)
    except (ValueError, RecursionError):
        return read_value(text), False  # which says what is wrong, and where
    if "\\u" in text or _is_deep(value):
        read_value(text)  # for halves of characters, and for its words
    return value, bool(repeated)


def _refused(name: str) -> Any:
    raise ValueError(name)


def _finite(text: str) -> float:
    found = float(text)
    if not math.isfinite(found):
        raise ValueError(text)
    return found


def _is_deep(value: Any) -> bool:
    """Whether a value may be deeper than is read; `read_value` counts exactly."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            one
            for holder in level
            for one in (holder.values() if holder.__class__ is dict else holder if holder.__class__ is list else ())
            if one.__class__ is dict or one.__class__ is list
        ]
        if not level:
            return False
    return True
