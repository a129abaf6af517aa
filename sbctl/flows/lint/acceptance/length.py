"""How long a content is as it is sent. It is written as JSON only where it may be too long: that takes as long as to read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

DELETE = "\x7f"
"""The one character of ASCII that may stand in a JSON text as it is, and is written as an escape."""


def length_of(content: Mapping[str, Any], text: str, limit: int) -> int:
    """The characters of a content as JSON, or any number up to the limit where it has no more.

    `text` is the JSON in which it was read, "" where it was not. Plain text is written anew as it is, with a space behind each
    comma and colon at most.
    """
    most = len(text) + text.count(",") + text.count(":")
    plain = text.isascii() and DELETE not in text
    return most if plain and 0 < most <= limit else len(json.dumps(content, default=str))


def has_no(text: str, part: str) -> bool:
    """Whether it is seen at once that no text in a JSON text holds a part, which has no character that JSON escapes."""
    return bool(text) and "\\u" not in text and part not in text
