"""How kinds read: errors that only say "there is none" turned into None, and names that lists can be narrowed by."""

from __future__ import annotations

from collections.abc import Collection

from sbctl.core.aws.absent import call_or_none as call_or_none


def common_prefix(names: Collection[str]) -> str:
    """The longest text with which all names begin: for lists that AWS can narrow by prefix."""
    first, last = min(names, default=""), max(names, default="")
    size = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), None)
    return first[: min(len(first), len(last)) if size is None else size]
