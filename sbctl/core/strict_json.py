"""Reads JSON that anybody may have touched: only what JSON has (RFC 8259), nothing that would break those who use it later.

Python's own reader also takes NaN and Infinity, makes infinity of 1e999, lets halves of surrogate pairs into texts, which no
file or terminal can then be written with, and reads structures so deep that a walk over them ends the stack.
"""

from __future__ import annotations

import json
import math
from typing import Any

DEEPEST = 100
"""Levels of lists and objects. What sbctl or AWS writes has a dozen."""


def read_value(text: str | bytes) -> Any:
    """The value of a JSON text; bytes are UTF-8. Raises ValueError, of a syntax error with its line (JSONDecodeError)."""
    try:
        value = json.loads(text.decode() if isinstance(text, bytes) else text, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    _check(value)
    return value


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
                if not one.isascii():
                    _check_text(one)
            elif isinstance(one, float) and not math.isfinite(one):
                raise ValueError("a number is too large")
        if not below:
            return
        level = below
    raise ValueError(_TOO_DEEP)


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("a text holds half of a surrogate pair, which is no character") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_TOO_DEEP = f"lists and objects lie in each other more than {DEEPEST} deep"
