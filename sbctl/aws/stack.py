"""The layers round the door, put together: door, count, limit, breaker, retry; and the same without writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sbctl.aws.counts import Counted, Counts
from sbctl.aws.door import Door, DoorSettings
from sbctl.aws.guards import Breaker, CanaryOnly, ReadOnly
from sbctl.aws.limit import Limit
from sbctl.aws.retry import Retry
from sbctl.core.clock import Clock
from sbctl.core.events import CallWaiting, Listener
from sbctl.core.resource import AwsCalls

SLICE_SECONDS = 5.0


@dataclass(frozen=True)
class Stack:
    """What the rest of the product gets: all calls, reads only, reads and canaries, and the counts."""

    calls: AwsCalls
    read_only: AwsCalls
    canary_only: AwsCalls
    counts: Counts


class Waiting:
    """The outermost layer: waits on the run's clock, in slices, and says why."""

    def __init__(self, inner: AwsCalls, clock: Clock, listen: Listener) -> None:
        self._inner = inner
        self._clock = clock
        self._listen = listen

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        return self._inner.call(service, operation, region, **params)

    def wait(self, seconds: float, reason: str) -> None:
        left = seconds
        while left > 0:
            self._listen(CallWaiting("", "", "", reason, left))
            self._clock.sleep(min(left, SLICE_SECONDS))
            left -= SLICE_SECONDS


def open_door(settings: DoorSettings, clock: Clock, listen: Listener, waiting: Clock | None = None) -> Stack:
    """Build the stack once for a run.

    `waiting` is the clock of waits for what AWS is doing; rates, backoff and what is logged stay on `clock`.
    """
    counts = Counts()
    inner: AwsCalls = Counted(Door(settings), counts, clock, listen, settings.audit)
    if settings.rate_limits:
        inner = Limit(inner, clock, listen)
    retrying = Retry(Breaker(inner), clock, listen, settings.retry_seconds)
    calls: AwsCalls = Waiting(retrying, waiting or clock, listen)
    return Stack(calls, ReadOnly(calls), CanaryOnly(calls), counts)
