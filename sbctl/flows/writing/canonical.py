"""The one form of a flow file: known keys in a fixed order, all others sorted behind them, two spaces, a last newline.

All data stays: numbers as they are written, lists in their order, keys that Amazon Connect does not know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from sbctl.core.text.strict_json import read_value

_WRAPPER = ("name", "type", "description", "status", "settings", "content")
_CONTENT = ("Version", "StartAction", "Metadata", "Settings", "Actions")
_ACTION = ("Identifier", "Type", "Parameters", "Transitions")
_TRANSITIONS = ("NextAction", "Errors", "Conditions")
_BRANCH = ("NextAction", "ErrorType", "Condition")
_CONDITION = ("Operator", "Operands")
_SHAPES = (
    (frozenset({"content"}), _WRAPPER),
    (frozenset({"Actions"}), _CONTENT),
    (frozenset({"StartAction"}), _CONTENT),
    (frozenset({"Identifier", "Type"}), _ACTION),
    (frozenset({"NextAction", "Errors"}), _TRANSITIONS),
    (frozenset({"NextAction", "Conditions"}), _TRANSITIONS),
    (frozenset({"NextAction"}), _BRANCH),
    (frozenset({"Operator", "Operands"}), _CONDITION),
)
"""Keys by which an object is known → the order of its own keys."""
_NUMBER = "\0number:"
_WRITTEN = re.compile(r'"\\u0000number:([-+.0-9eE]+)"')


def canonical_text(text: str) -> str:
    """The text of a JSON file in its one form. Raises ValueError for what is not JSON."""
    read_value(text)
    return canonical_file(json.loads(text, parse_float=lambda number: _NUMBER + number))


def canonical_file(value: Any) -> str:
    """A value as the text of a file."""
    written = json.dumps(_ordered(value), indent=2, ensure_ascii=False)
    return _WRITTEN.sub(r"\1", written) + "\n"


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        first = next((order for keys, order in _SHAPES if keys <= value.keys()), ())
        known = [key for key in first if key in value]
        return {key: _ordered(value[key]) for key in (*known, *sorted(value.keys() - {*known}))}
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    return value
