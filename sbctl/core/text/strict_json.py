"""Reads JSON that anybody may have touched: only what JSON has (RFC 8259), nothing that would break those who use it later.

Python's own reader also takes NaN and Infinity, makes infinity of 1e999, lets halves of surrogate pairs into texts, which no
file or terminal can then be written with, and reads structures so deep that a walk over them ends the stack.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

DEEPEST = 100
"""Levels of lists and objects. What sbctl or AWS writes has a dozen."""


class NoValue(json.JSONDecodeError):
    """A place in a text of sound form whose value is none that JSON has, or none that can be read."""


def read_value(text: str | bytes) -> Any:
    """The value of a JSON text; bytes are UTF-8. Raises ValueError, of what has a place with its line (JSONDecodeError)."""
    written = text.decode() if isinstance(text, bytes) else text
    try:
        value = json.loads(written, parse_constant=_no_constant)
        _check(value)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    except json.JSONDecodeError:
        raise
    except ValueError as error:
        raise _placed(written) or error from None
    return value


def _placed(text: str) -> NoValue | None:
    """The first value of a text that is none of JSON's, with its place."""
    for token in _TOKEN.finditer(text):
        wrong = _wrong_with(token.group())
        if wrong:
            return NoValue(wrong, text, token.start())
    return None


def _wrong_with(token: str) -> str:
    if token.startswith('"'):
        return _HALF if _is_cut(str(json.loads(token, strict=False))) else ""
    if token in ("NaN", "Infinity", "-Infinity"):
        return f"{token} is not JSON"
    return "" if _is_readable(token) else _TOO_LARGE


def _is_readable(number: str) -> bool:
    """Whether Python reads a number: it refuses whole ones of more digits than it is set to, by default 4300."""
    try:
        return math.isfinite(int(number) if number.lstrip("-").isdecimal() else float(number))
    except OverflowError:  # too large for a fraction, and yet a whole number
        return True
    except ValueError:
        return False


def _check(value: Any) -> None:
    """Level by level and not by recursion, so that depth cannot end the stack here either."""
    level: list[Any] = [value]
    for _ in range(DEEPEST + 1):
        below: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                below += one.keys()
                below += one.values()
            elif isinstance(one, list):
                below += one
            elif isinstance(one, str):
                if not one.isascii() and _is_cut(one):
                    raise ValueError(_HALF)
            elif isinstance(one, float) and not math.isfinite(one):
                raise ValueError(_TOO_LARGE)
        if not below:
            return
        level = below
    raise ValueError(_TOO_DEEP)


def _is_cut(text: str) -> bool:
    """Whether a text holds half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_TOO_DEEP = f"lists and objects lie in each other more than {DEEPEST} deep"
_TOO_LARGE = "a number is too large"
_HALF = "a text holds half of a surrogate pair, which is no character"
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?Infinity|NaN|-?[0-9][0-9.eE+-]*')
