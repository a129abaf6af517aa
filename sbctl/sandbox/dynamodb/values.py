"""Values of attributes: one type each, and sets whose members differ.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from sbctl.sandbox.service import ApiError

SETS = ("SS", "NS", "BS")


def check_values(attributes: Mapping[str, Any]) -> None:
    """Raises ApiError for the first value that is none."""
    for value in attributes.values():
        _check(value)


def _check(value: Mapping[str, Any]) -> None:
    kinds = [kind for kind, content in value.items() if content is not None]
    if len(kinds) != 1:
        what = "has more than one datatypes set" if kinds else "is empty"
        raise _invalid(f"Supplied AttributeValue {what}, must contain exactly one of the supported datatypes")
    kind, content = kinds[0], value[kinds[0]]
    if kind in SETS and len(set(map(_number, content) if kind == "NS" else content)) < len(content):
        raise _invalid(
            f"One or more parameter values were invalid: Input collection [{', '.join(content)}] contains duplicates."
        )
    if kind == "M":
        check_values(content)
    elif kind == "L":
        for item in content:
            _check(item)


def _number(text: str) -> Any:
    try:
        return Decimal(text)
    except InvalidOperation:  # which moto names
        return text


def _invalid(message: str) -> ApiError:
    return ApiError("ValidationException", message)
