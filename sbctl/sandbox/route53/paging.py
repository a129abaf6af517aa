"""Pages of Route 53: MaxItems is a string, and a page begins at the first item that is not before the marker."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sbctl.sandbox.service import ApiError

Item = TypeVar("Item")
USUAL = 100


def max_items(params: Mapping[str, Any], largest: int = USUAL) -> int:
    """The size of a page. A larger one than AWS's is cut, as AWS does. Raises InvalidInput."""
    given = str(params.get("MaxItems") or largest)
    if not given.isascii() or not given.isdigit() or int(given) < 1:
        raise ApiError("InvalidInput", f"Invalid MaxItems value: {given}")
    return min(int(given), largest)


def marked_page(
    items: Sequence[Item], identity: Callable[[Item], str], params: Mapping[str, Any]
) -> tuple[list[Item], dict[str, Any]]:
    """One page of items sorted by `identity`, and the members of the answer that tell where the next one begins."""
    size = max_items(params)
    marker = params.get("Marker") or ""
    rest = [item for item in sorted(items, key=identity) if identity(item) >= marker]
    members: dict[str, Any] = {"IsTruncated": len(rest) > size, "MaxItems": str(size)}
    # Always there, as the model requires it: empty on the first page.
    members["Marker"] = marker
    if len(rest) > size:
        members["NextMarker"] = identity(rest[size])
    return rest[:size], members
