"""How kinds read: page after page, and errors that only say "there is none" turned into None."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sbctl.core.problem import AwsError
from sbctl.core.resource import AwsCalls


def pages(
    aws: AwsCalls, service: str, operation: str, region: str, items: str, tokens: tuple[str, str], **params: Any
) -> Iterator[Any]:
    """The `items` of all pages. `tokens` names the member that asks for a page and the one that announces the next."""
    ask, announced = tokens
    further: dict[str, Any] = {}
    while True:
        answer = aws.call(service, operation, region, **params, **further)
        yield from answer.get(items) or ()
        if not answer.get(announced):
            return
        further = {ask: answer[announced]}


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
