"""Reserved concurrency: what a function has, what the account can still reserve, and the request that AWS refuses for its limit.

AWS keeps 100 executions unreserved, and a new account may have 10 in all. Then a function goes without, which is told.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.facts import Shortfall

KEPT_UNRESERVED = 100
NONE = "none"
"""What a function has for which nothing is reserved."""
UNREAD = "not read"
TOLD = re.compile(r"(none|\d+) \(the account can reserve (\d+) more\)")
Reserved = int | str | None
"""A number; as text what a function has, with what the account could still give it where that counts; None: left to AWS."""


def room(aws: AwsCalls, region: str) -> int | None:
    """How much more the account can reserve in a region; None where that is not told, to a caller or by a stand-in for AWS."""
    try:
        limit = aws.call("lambda", "GetAccountSettings", region).get("AccountLimit") or {}
    except AwsError as error:
        if error.regional:
            raise
        return None
    unreserved = limit.get("UnreservedConcurrentExecutions")
    return None if unreserved is None else max(0, int(unreserved) - KEPT_UNRESERVED)


def reserved_of(answer: Mapping[str, Any]) -> str:
    """What GetFunction says is reserved: a number, or none. As text, which tells it from what is wanted."""
    found = (answer.get("Concurrency") or {}).get("ReservedConcurrentExecutions")
    return NONE if found is None else str(int(found))


def with_room(live: Reserved, room_here: int | None) -> Reserved:
    """What is reserved, in words that tell the room that is left; as it is where that is not known."""
    return live if room_here is None else f"{live} (the account can reserve {room_here} more)"


def as_wanted(wanted: Reserved, live: Reserved) -> bool:
    """Whether nothing is to be done: it is as wanted, or the account has no room for it."""
    return UNREAD in (wanted, live) or _number(wanted) == _number(live) or bool(lacking(wanted, live))


def lacking(wanted: Reserved, live: Reserved) -> str:
    """Why a function goes without what is wanted; "" where it does not."""
    told = TOLD.fullmatch(live) if isinstance(live, str) else None
    if told is None or not isinstance(wanted, int) or wanted - (_number(live) or 0) <= int(told[2]):
        return ""
    return f"reserved concurrency: {wanted} wanted, and the function has {live}"


def short_of(wanted: Reserved, live: Reserved) -> Shortfall | None:
    """The same as a note, with its remedy."""
    why = lacking(wanted, live)
    if not why:
        return None
    return Shortfall(
        code="limit-of-the-account",
        summary="A limit of the account stands in the way",
        detail=why,
        fix='Raise the quota "Concurrent executions" of Lambda in this region, then run sbctl deploy again.',
    )


def _number(value: Reserved) -> int | None:
    told = TOLD.fullmatch(value) if isinstance(value, str) else None
    found = told[1] if told else value
    return None if found in (None, NONE) else int(found)


def reserve(aws: AwsCalls, region: str, name: str, wanted: Reserved) -> None:
    """Reserve, as far as the account's limit allows; "none" gives back what is reserved, and None leaves it."""
    if wanted == NONE:
        aws.call("lambda", "DeleteFunctionConcurrency", region, FunctionName=name)
    if not isinstance(wanted, int):
        return
    try:
        aws.call("lambda", "PutFunctionConcurrency", region, FunctionName=name, ReservedConcurrentExecutions=wanted)
    except AwsError as error:
        if not _over_the_limit(error):
            raise


def _over_the_limit(error: AwsError) -> bool:
    return error.code == "InvalidParameterValueException" and "UnreservedConcurrentExecution" in error.message
