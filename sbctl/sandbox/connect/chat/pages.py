"""Pages of a transcript: from a place, in a direction, in an order.

https://docs.aws.amazon.com/connect-participant/latest/APIReference/API_GetTranscript.html
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from sbctl.sandbox.connect.chat.transcripts import Item, instant
from sbctl.sandbox.service import ApiError

USUAL, MOST = 15, 100


def page(items: Sequence[Item], params: Mapping[str, Any]) -> tuple[list[Item], str]:
    """The items of a page, and the token of the next; "" where there is none. Raises ApiError."""
    size = min(int(params.get("MaxResults") or USUAL), MOST)
    backward = str(params.get("ScanDirection") or "BACKWARD") == "BACKWARD"
    row = list(reversed(items)) if backward else list(items)
    start = (
        _resumed(params["NextToken"])
        if params.get("NextToken")
        else _start(row, params.get("StartPosition") or {}, backward)
    )
    found = row[start : start + size]
    token = base64.b64encode(f"at:{start + size}".encode()).decode() if start + size < len(row) else ""
    descending = str(params.get("SortOrder") or "DESCENDING") == "DESCENDING"
    return sorted(found, key=lambda one: items.index(one), reverse=descending), token


def _resumed(token: str) -> int:
    try:
        return int(base64.b64decode(token).decode().removeprefix("at:"))
    except ValueError as error:
        raise invalid("The NextToken is not valid") from error


def _start(row: Sequence[Item], position: Mapping[str, Any], backward: bool) -> int:
    """The place at which the scan begins."""
    if len(position) > 1:
        raise invalid("StartPosition takes one of Id, AbsoluteTime and MostRecent")
    if position.get("Id"):
        place = next((place for place, one in enumerate(row) if one.id == position["Id"]), None)
        if place is None:
            raise invalid(f"There is no item {position['Id']}")
        return place
    if position.get("AbsoluteTime"):
        at = str(position["AbsoluteTime"])
        later = (
            place for place, one in enumerate(row) if (instant(one.when) <= at if backward else instant(one.when) >= at)
        )
        return next(later, len(row))
    if position.get("MostRecent"):
        recent = int(position["MostRecent"])
        return 0 if backward else max(0, len(row) - recent)
    return 0


def invalid(message: str) -> ApiError:
    """The refusal of a parameter."""
    return ApiError("ValidationException", message, 400)
