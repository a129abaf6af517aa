"""Changes single values of a JSON text and leaves every other character as its author wrote it.

Positions come from the same walk that finds the lines of problems; comments do not exist in JSON, so there are none to keep.
"""

from __future__ import annotations

import json
import re
from typing import Any

from sbctl.files.positions import JsonPath, walk

STEP = "  "
LONGEST_LINE = 100
_SPACE = re.compile(r"\s*")
_DECODER = json.JSONDecoder()


def with_value(text: str, path: JsonPath, value: Any) -> str:
    """The text with `value` at `path`. Objects on the way that are not there are made; lists are never made longer.

    Raises KeyError when the path leads through something that is neither object nor list.
    """
    known = walk(text).offsets
    there = path
    while there and there not in known:
        there = there[:-1]
    if there == path:
        start, end = _span(text, path, known[path])
        return text[:start] + _written(value, _indent_at(text, start)) + text[end:]
    missing = path[len(there) :]
    for key in reversed(missing[1:]):
        value = {str(key): value}
    start, end = _span(text, there, known[there] if there else 0)
    if not text[start:].startswith("{"):
        raise KeyError(".".join(map(str, path)))
    return text[:start] + _with_member(text[start:end], str(missing[0]), value, _indent_at(text, start)) + text[end:]


def _span(text: str, path: JsonPath, offset: int) -> tuple[int, int]:
    """Where the value at a path begins and ends; for a member the walk knows where its key begins."""
    start = _skip(text, offset)
    if path and isinstance(path[-1], str):
        _, after_key = _DECODER.raw_decode(text, start)
        start = _skip(text, _skip(text, after_key) + 1)
    _, end = _DECODER.raw_decode(text, start)
    return start, end


def _with_member(body: str, key: str, value: Any, indent: str) -> str:
    """An object's text with one more member, in the object's own style: in one line, or each member in its own."""
    inside = body[1:-1]
    member = f"{json.dumps(key, ensure_ascii=False)}: "
    if "\n" in inside:
        deeper = indent + STEP
        return "{" + inside.rstrip() + f",\n{deeper}{member}{_written(value, deeper)}\n{indent}" + "}"
    written = member + _in_line(value)
    return "{ " + (f"{inside.strip()}, {written}" if inside.strip() else written) + " }"


def _written(value: Any, indent: str) -> str:
    """A value as it is written anew: short ones in one line, long ones indented below where they stand."""
    short = _in_line(value)
    if len(short) <= LONGEST_LINE:
        return short
    return json.dumps(value, ensure_ascii=False, indent=len(STEP)).replace("\n", "\n" + indent)


def _in_line(value: Any) -> str:
    if isinstance(value, dict):
        members = [f"{json.dumps(str(key), ensure_ascii=False)}: {_in_line(item)}" for key, item in value.items()]
        return "{ " + ", ".join(members) + " }" if members else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_in_line, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _indent_at(text: str, offset: int) -> str:
    line = text[text.rfind("\n", 0, offset) + 1 :]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _skip(text: str, offset: int) -> int:
    found = _SPACE.match(text, offset)
    return found.end() if found else offset
