"""How long a content is as it is sent. It is written as JSON only where it may be too long: that takes as long as to read it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

WIDEST = 12
"""Characters of JSON for a character of another script, at most: two of \\uXXXX."""
AROUND = len('"Actions": []')


def length_of(content: Mapping[str, Any], actions: Sequence[str], limit: int) -> int:
    """The characters of a content as JSON, or any number up to the limit where it has no more. `actions`: each by `str`."""
    rest = str({name: value for name, value in content.items() if name != "Actions"})
    most = AROUND + sum(map(_most, (rest, *actions)))
    return most if most <= limit else len(json.dumps(content, default=str))


def _most(shown: str) -> int:
    """What JSON takes at most for what Python shows so: it escapes quotes, and writes \\x01 as \\u0001."""
    if not shown.isascii():
        return WIDEST * len(shown)
    return len(shown) + len(", ") + shown.count('"') + len("00") * shown.count("\\x")
