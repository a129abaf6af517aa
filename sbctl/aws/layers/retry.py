"""Repeat what passes by itself: throttles, server errors, lost reads. Never what may have taken effect."""

from __future__ import annotations

from typing import Any

from tenacity import RetryCallState, Retrying, retry_if_exception, wait_exponential, wait_random

from sbctl.aws.layers.limit import THROTTLES
from sbctl.aws.reads import is_read
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.clock import Clock
from sbctl.core.events import CallWaiting, Listener

BUDGET_SECONDS = 120.0
PASSING = THROTTLES | {
    "PriorRequestNotComplete",
    "ConcurrentModification",
    "ConcurrentModificationException",
    "OperationAborted",
    "OperationAbortedException",
    "ReplicatedWriteConflictException",
    "ConditionalRequestConflict",
    "InternalServiceException",
    "InternalServerError",
    "InternalFailure",
    "InternalError",
    "ServiceUnavailable",
    "ServiceException",
    "RequestTimeout",
}


def passes(error: BaseException) -> bool:
    """Whether to try again. LimitExceededException is a full quota, so final, although AWS answers it with 429.

    DynamoDB alone uses that code for "too many at once" (dr-primitives 1.8).
    """
    if not isinstance(error, AwsError):
        return False
    if error.code == "LimitExceededException":
        return "simultaneously" in error.message or "being updated" in error.message
    if error.denied:
        return False  # whatever the status: asked again, the answer is the same
    if error.in_doubt:
        return is_read(error.operation)
    return error.code in PASSING or (error.status in (500, 502, 503) and error.code != "NotModelled")


class RetriedCalls:
    """A layer that repeats calls with exponential backoff and jitter, within a budget of time."""

    def __init__(self, inner: AwsCalls, clock: Clock, listen: Listener, budget: float = BUDGET_SECONDS) -> None:
        self._inner = inner
        self._clock = clock
        self._listen = listen
        self._budget = budget

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        end = self._clock.monotonic() + self._budget
        retrying = Retrying(
            retry=retry_if_exception(passes),
            wait=wait_exponential(multiplier=0.5, max=8.0) + wait_random(0.0, 0.5),
            stop=lambda _: self._clock.monotonic() >= end,
            sleep=self._clock.sleep,
            before_sleep=lambda state: self._say(service, operation, region, state),
            reraise=True,
        )
        answer: dict[str, Any] = retrying(self._inner.call, service, operation, region, **params)
        return answer

    def wait(self, seconds: float, reason: str) -> None:
        self._inner.wait(seconds, reason)

    def _say(self, service: str, operation: str, region: str, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        code = error.code if isinstance(error, AwsError) else ""
        reason = "throttled by AWS" if code in THROTTLES else f"retry after {code}"
        self._listen(CallWaiting(service, operation, region, reason, state.upcoming_sleep))
