"""What was just created is not known for a while: who names it hears that it does not exist, and lists do not show it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

from sbctl.sandbox.service import ApiError
from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.wire.failure import failure
from sbctl.sandbox.wire.identify import Identity, Request
from sbctl.sandbox.wire.parse import parameters
from sbctl.sandbox.wire.response import Response
from tests.sandbox.layers.answers import is_good, output_of, read, write
from tests.sandbox.layers.small_pages import page_of

CODES = {
    "iam": "NoSuchEntity",
    "s3": "NoSuchBucket",
    "route53": "NoSuchHealthCheck",
    "cloudwatch": "ResourceNotFound",
}
OTHERWISE = "ResourceNotFoundException"
MADE: Mapping[str, tuple[str, ...]] = {
    "iam:CreateRole": ("RoleName",),
    "iam:PutRolePolicy": ("RoleName", "PolicyName"),
    "logs:CreateLogGroup": ("logGroupName",),
    "dynamodb:CreateTable": ("TableName",),
    "s3:CreateBucket": ("Bucket",),
    "lambda:CreateFunction": ("FunctionName",),
    "lambda:AddPermission": ("FunctionName", "StatementId"),
    "cloudwatch:PutMetricAlarm": ("AlarmName",),
    "cloudwatch:PutDashboard": ("DashboardName",),
    "route53:CreateHealthCheck": ("Id",),
    "connect:CreateInstance": ("Id",),
    "connect:CreateHoursOfOperation": ("HoursOfOperationId",),
    "connect:CreateQueue": ("QueueId",),
    "connect:CreateRoutingProfile": ("RoutingProfileId",),
    "connect:CreateContactFlow": ("ContactFlowId",),
    "connect:AssociateInstanceStorageConfig": ("AssociationId",),
}
"""What creates, and the members of request and answer by which the new thing is known: a call that has them all names it."""
ALSO_KNOWN_TO = {"lambda": ("connect",)}
NARROWED = ("DescribeAlarms", "DescribeLogGroups")
"""Lists that may name what they look for, and answer an empty list."""
Answering = Callable[[Request], Response]


class Late:
    """A layer (World.layer). `refused` are the operations that it answered with "not found".

    With `fickle` every second call is answered, as by a service of which some servers know it already.
    """

    def __init__(self, clock: WorldClock, seconds: float, *, fickle: bool = False) -> None:
        self._fickle = fickle
        self._calls = count()
        self.refused: set[str] = set()
        self._clock = clock
        self._seconds = seconds
        self._lock = threading.Lock()
        self._hidden: dict[tuple[str, str, tuple[str, ...]], float] = {}

    def __call__(self, who: Identity, request: Request, answer: Answering) -> Response:
        call = f"{who.service}:{who.operation}"
        if not who.operation:
            return answer(request)
        asked = dict(parameters(who, request))
        hidden = self._now_hidden(who)
        again = tuple(str(asked.get(name)) for name in MADE.get(call, ()))
        named = any(_names(asked, names) for names in hidden if names != again)
        if named and who.operation not in NARROWED and not self._knows():
            self.refused.add(call)
            return failure(who, ApiError(CODES.get(who.service, OTHERWISE), "It does not exist", 404))
        response = answer(request)
        if not is_good(response) or output_of(who) is None:
            self._hide(who, call, asked, response)
            return response
        self._hide(who, call, {**asked, **_flat(read(who, response))}, response)
        return self._without(who, hidden, response) if page_of(who.service, who.operation) else response

    def _knows(self) -> bool:
        return self._fickle and next(self._calls) % 2 == 1

    def _now_hidden(self, who: Identity) -> list[tuple[str, ...]]:
        now = self._clock.seconds()
        with self._lock:
            return [
                names
                for (service, region, names), until in self._hidden.items()
                if until > now and region == who.region and who.service in (service, *ALSO_KNOWN_TO.get(service, ()))
            ]

    def _hide(self, who: Identity, call: str, members: Mapping[str, Any], response: Response) -> None:
        if call in MADE and is_good(response):
            key = (who.service, who.region, tuple(str(members[name]) for name in MADE[call]))
            with self._lock:
                # Written again it is still as old as it was.
                self._hidden.setdefault(key, self._clock.seconds() + self._seconds)

    def _without(self, who: Identity, hidden: list[tuple[str, ...]], response: Response) -> Response:
        page = page_of(who.service, who.operation)
        assert page is not None
        result = read(who, response)
        for key in page["result_key"]:
            if isinstance(result.get(key), list):
                result[key] = [row for row in result[key] if not any(_names(row, names) for names in hidden)]
        return write(who, result, response)


def _names(value: Any, names: tuple[str, ...]) -> bool:
    text = list(_texts(value))
    return all(any(name == one or f"/{name}" in one or f":{name}" in one for one in text) for name in names)


def _texts(value: Any) -> Iterator[str]:
    """All texts in a value; documents are not looked into."""
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str) and not value.startswith(("{", "[")):
        yield value


def _flat(output: Mapping[str, Any]) -> dict[str, Any]:
    """The members of an answer, and of the one structure that it may hold."""
    inside = [value for value in output.values() if isinstance(value, dict)]
    return {**(inside[0] if len(inside) == 1 else {}), **output}
