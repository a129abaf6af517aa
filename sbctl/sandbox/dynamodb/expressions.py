"""Placeholders of expressions, and what they name: AWS refuses those that are not defined, and those that nothing uses.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sbctl.sandbox.service import ApiError

EXPRESSIONS = (
    "KeyConditionExpression",
    "FilterExpression",
    "ConditionExpression",
    "UpdateExpression",
    "ProjectionExpression",
)
NAMES, VALUES = "ExpressionAttributeNames", "ExpressionAttributeValues"
SAID = {NAMES: "name used in the document path", VALUES: "value used in expression"}
_PLACEHOLDER = {NAMES: re.compile(r"#\w+"), VALUES: re.compile(r":\w+")}
_WORD = re.compile(r"(?<![\w.:#\]])#?[A-Za-z_]\w*(?!\w*\s*\()")
"""The beginning of a document path, or a keyword; not the name of a function."""
_KEYWORDS = frozenset({"AND", "OR", "NOT", "IN", "BETWEEN"})


def check_placeholders(entry: Mapping[str, Any]) -> None:
    """Raises ApiError when a request, or a part of one, has placeholders without meaning or meanings without placeholder."""
    found = {name: entry[name] for name in EXPRESSIONS if entry.get(name) is not None}
    if "" in found.values():
        return  # moto says that it is empty
    for kind, pattern in _PLACEHOLDER.items():
        given = entry.get(kind)
        if given is None and not found:
            continue
        used: set[str] = set()
        for expression, text in found.items():
            here = set(pattern.findall(text))
            undefined = sorted(here - set(given or ()))
            if undefined:
                what, attribute = SAID[kind], "name" if kind == NAMES else "value"
                raise _invalid(
                    f"Invalid {expression}: An expression attribute {what} is not defined; attribute {attribute}: {undefined[0]}"
                )
            used |= here
        if given is not None and not found:
            raise _invalid(f"{kind} can only be specified when using expressions")
        unused = sorted(set(given or ()) - used)
        if unused:
            raise _invalid(f"Value provided in {kind} unused in expressions: keys: {{{', '.join(unused)}}}")


def check_filter(entry: Mapping[str, Any], keys: Iterable[str]) -> None:
    """Raises ApiError when the filter of a query names an attribute of the key by which it asks."""
    names = entry.get(NAMES) or {}
    for word in _WORD.findall(entry.get("FilterExpression") or ""):
        attribute = names.get(word, word)
        if word.upper() not in _KEYWORDS and attribute in keys:
            message = "Filter Expression can only contain non-primary key attributes: Primary key attribute: "
            raise _invalid(message + attribute)


def _invalid(message: str) -> ApiError:
    return ApiError("ValidationException", message)
