"""A layer that breaks calls as networks and AWS do, so that sbctl can be rehearsed at every call that it makes.

Whoever puts it in decides call by call. It is not part of a run with AWS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError

CallFault = Literal["throttle", "error", "timeout", "lost"]
"""Throttled; a 500; no answer, and nothing happened; no answer, and it took effect."""
THROTTLED = {
    "connect": ("TooManyRequestsException", 429),
    "lambda": ("TooManyRequestsException", 429),
    "s3": ("SlowDown", 503),
    "dynamodb": ("ThrottlingException", 400),
    "logs": ("ThrottlingException", 400),
}
"""What a service says when it is asked too often; those that are not here say `Throttling`, with 400."""


@dataclass(frozen=True)
class CallPoint:
    """One request: its number in the run, and what it asks for."""

    number: int
    service: str
    operation: str
    region: str


Ask = Callable[[CallPoint], CallFault | None]
"""What becomes of a request that is about to be made. May raise, to end the run before it."""


class Faulty:
    """Makes calls unless `ask` names a fault; `answered` is told of each that took effect, and may raise after it."""

    def __init__(self, inner: AwsCalls, ask: Ask, answered: Callable[[CallPoint], None] = lambda _: None) -> None:
        self._inner = inner
        self._ask = ask
        self._answered = answered
        self._made = 0

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        self._made += 1
        point = CallPoint(self._made, service, operation, region)
        fault = self._ask(point)
        if fault in ("throttle", "error", "timeout"):
            raise _broken(point, fault)
        answer = self._inner.call(service, operation, region, **params)
        if fault == "lost":
            raise _broken(point, fault)
        self._answered(point)
        return answer

    def wait(self, seconds: float, reason: str) -> None:
        self._inner.wait(seconds, reason)


def _broken(point: CallPoint, fault: CallFault | None) -> AwsError:
    code, message, status = "Timeout", "no answer in time", 0
    if fault == "throttle":
        (code, status), message = THROTTLED.get(point.service, ("Throttling", 400)), "Rate exceeded"
    if fault == "error":
        code, message, status = "InternalFailure", "We encountered an internal error. Please try again.", 500
    return AwsError(code, message, service=point.service, operation=point.operation, region=point.region, status=status)
