"""The layers round the client, put together: client, count, limit, breaker, retry; and the same without writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sbctl.aws.client import Client, ClientSettings
from sbctl.aws.layers.counts import CountedCalls, Counts
from sbctl.aws.layers.guards import Breaker, CanaryOnly, ReadOnly
from sbctl.aws.layers.limit import RateLimit
from sbctl.aws.layers.retry import RetriedCalls
from sbctl.aws.layers.silence import Silence
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.clock import Clock
from sbctl.core.events import CallWaiting, Listener

SLICE_SECONDS = 5.0


@dataclass(frozen=True)
class Stack:
    """What the rest of the product gets: all calls, reads only, reads and canaries, the counts, the URL of a service in a
    region; and two that rehearsals need."""

    calls: AwsCalls
    read_only: AwsCalls
    canary_only: AwsCalls
    counts: Counts
    endpoint: Callable[[str, str], str]
    once: AwsCalls
    """Each call is tried once, also in a region that did not answer before: for probes, which must not be polite."""
    anew: Callable[[], Stack]
    """The same client and counts, with no memory of who did not answer: for when a region may have come back."""


class WaitingCalls:
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


Layer = Callable[[AwsCalls], AwsCalls]


def open_door(
    settings: ClientSettings,
    clock: Clock,
    listen: Listener,
    waiting: Clock | None = None,
    faults: Layer | None = None,
    pace: Clock | None = None,
    silence: Silence | None = None,
    cost: Clock | None = None,
) -> Stack:
    """Build the stack once for a run.

    `waiting` is the clock of waits for what AWS is doing, `pace` that of backoff; rates and what is logged stay on `clock`.
    `faults` is put next to the client: each request passes it, repeated ones too. `silence` is what the run knows of who answers,
    `cost` the clock that says what it cost where nobody did.
    """
    counts, known = Counts(), silence or Silence()
    client = Client(settings, known)
    inner: AwsCalls = CountedCalls(
        faults(client) if faults else client, counts, clock, listen, settings.audit, settings.actor, settings.unlogged
    )
    if settings.rate_limits:
        inner = RateLimit(inner, clock, listen)

    def trusting(silence: Silence) -> Stack:
        breaker = Breaker(inner, silence, None if settings.first_answer is None else cost or clock)
        retrying = RetriedCalls(breaker, pace or clock, listen, settings.retry_seconds)
        calls: AwsCalls = WaitingCalls(retrying, waiting or clock, listen)
        once = WaitingCalls(inner, waiting or clock, listen)
        return Stack(calls, ReadOnly(calls), CanaryOnly(calls), counts, client.endpoint, once, anew)

    def anew() -> Stack:
        return trusting(Silence())

    return trusting(known)
