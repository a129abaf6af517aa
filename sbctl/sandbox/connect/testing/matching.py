"""When a message is the one that an observation waits for, and when an assertion holds.

How Amazon Connect measures likeness it does not say. Here texts are alike when at least four of five words of the expected one
are heard, or when the expected one is contained.
https://docs.aws.amazon.com/connect/latest/adminguide/testing-simulation-observe-block.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sbctl.sandbox.connect.running.contract import Spoken

ALIKE = 0.8
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\w+")


def received(wanted: Mapping[str, Any], matching: str, pieces: Sequence[Spoken]) -> bool:
    """Whether pieces that were spoken one after the other are the message of an observation, together or one of them alone."""
    if wanted.get("PromptId"):
        return any(one.kind == "PromptId" and _last(one.text) == _last(str(wanted["PromptId"])) for one in pieces)
    if wanted.get("Media"):
        return any(one.kind == "Media" and one.text == str(wanted["Media"].get("Uri")) for one in pieces)
    text = str(wanted.get("Text") or wanted.get("SSML"))
    heard = [plain(one.text) for one in pieces if one.kind in ("Text", "SSML")]
    return any(_is_like(plain(text), one, matching) for one in (" ".join(heard), *heard) if one)


def plain(text: str) -> str:
    """A text in lower case, without tags and with single spaces."""
    return " ".join(_TAG.sub(" ", text).lower().split())


def _is_like(expected: str, heard: str, matching: str) -> bool:
    if expected in heard:
        return True
    if matching == "Inclusion":
        return False
    words, there = set(_WORD.findall(expected)), set(_WORD.findall(heard))
    return bool(words) and len(words & there) / len(words | there) >= ALIKE


def same_resource(one: str, other: str) -> bool:
    """Whether an id and an ARN, or two of either, mean the same."""
    return _last(one).lower() == _last(other).lower()


def _last(named: str) -> str:
    return re.split("[/:]", named)[-1] if named else ""


def holds(found: Any, operator: str, operand: str) -> bool:
    """Whether an assertion about a value holds; None is a value that is not there."""
    if operator == "Exists" or found is None:
        return operator == "Exists" and found not in (None, "")
    text = str(found)
    if operator in _TEXTS:
        return _TEXTS[operator](text, operand)
    try:
        return _NUMBERS[operator](Decimal(text), Decimal(operand))
    except InvalidOperation:
        return False


_TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "Equals": lambda found, wanted: found == wanted,
    "TextStartsWith": str.startswith,
    "TextEndsWith": str.endswith,
    "TextContains": lambda found, wanted: wanted in found,
}
_NUMBERS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "NumberGreaterThan": Decimal.__gt__,
    "NumberGreaterOrEqualTo": Decimal.__ge__,
    "NumberLessThan": Decimal.__lt__,
    "NumberLessOrEqualTo": Decimal.__le__,
}
