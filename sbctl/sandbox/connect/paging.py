"""Pages: an opaque token, AWS's largest page, a clear refusal of a token that is none."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sbctl.sandbox.service import ApiError

Item = TypeVar("Item")


def page(
    items: Sequence[Item], params: Mapping[str, Any], largest: int, usual: int | None = None
) -> tuple[list[Item], dict[str, str]]:
    """One page of `items`, and the NextToken member when there are more."""
    size = min(int(params.get("MaxResults") or usual or largest), largest)
    start = _start(params.get("NextToken"))
    rest = {"NextToken": base64.b64encode(f"at:{start + size}".encode()).decode()} if start + size < len(items) else {}
    return list(items[start : start + size]), rest


def _start(token: str | None) -> int:
    if not token:
        return 0
    try:
        return int(base64.b64decode(token).decode().removeprefix("at:"))
    except ValueError as error:
        raise ApiError("InvalidRequestException", "The NextToken is not valid", 400) from error
