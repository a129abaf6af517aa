"""How kinds read: errors that only say "there is none" turned into None, and names that lists can be narrowed by."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sbctl.core.aws_error import AwsError
from sbctl.core.resource import AwsCalls


def call_or_none(
    aws: AwsCalls, absent: Collection[str], service: str, operation: str, region: str, **params: Any
) -> dict[str, Any] | None:
    """The answer, or None when AWS says with one of the codes `absent` that there is no such thing."""
    try:
        return aws.call(service, operation, region, **params)
    except AwsError as error:
        if error.code in absent:
            return None
        raise


def common_prefix(names: Collection[str]) -> str:
    """The longest text with which all names begin: for lists that AWS can narrow by prefix."""
    first, last = min(names, default=""), max(names, default="")
    size = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), None)
    return first[: min(len(first), len(last)) if size is None else size]
