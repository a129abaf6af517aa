"""Client-side token buckets, one for each (region, service, operation), so that AWS need not throttle us."""

from __future__ import annotations

import threading
from typing import Any

from sbctl.aws.layers.rates import Rate, rate_of
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.clock import Clock
from sbctl.core.events import CallWaiting, Listener

WORTH_SAYING_SECONDS = 0.2
THROTTLES = frozenset(
    {"ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded", "SlowDown"}
)


class Bucket:
    """Hands out turns in order. A turn is a moment on the clock; asking twice gets two turns."""

    def __init__(self, rate: Rate, clock: Clock) -> None:
        self._gap = 1.0 / rate[0]
        self._burst = rate[1]
        self._clock = clock
        self._lock = threading.Lock()
        self._next = clock.monotonic() - self._gap * self._burst

    def turn(self) -> float:
        """Seconds until the caller may go."""
        with self._lock:
            now = self._clock.monotonic()
            self._next = max(self._next, now - self._gap * (self._burst - 1))
            wait = self._next - now
            self._next += self._gap
            return max(0.0, wait)

    def empty(self) -> None:
        """AWS throttled us: somebody else uses the quota too. Begin again without a burst."""
        with self._lock:
            self._next = max(self._next, self._clock.monotonic() + self._gap)


class RateLimit:
    """A layer that waits for its turn before each call."""

    def __init__(self, inner: AwsCalls, clock: Clock, listen: Listener) -> None:
        self._inner = inner
        self._clock = clock
        self._listen = listen
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str, str], Bucket] = {}

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        bucket = self._bucket(service, operation, region)
        wait = bucket.turn()
        if wait > WORTH_SAYING_SECONDS:
            self._listen(CallWaiting(service, operation, region, "rate limit", wait))
        if wait > 0:
            self._clock.sleep(wait)
        try:
            return self._inner.call(service, operation, region, **params)
        except AwsError as error:
            if error.code in THROTTLES:
                bucket.empty()
            raise

    def wait(self, seconds: float, reason: str) -> None:
        self._inner.wait(seconds, reason)

    def _bucket(self, service: str, operation: str, region: str) -> Bucket:
        key = (service, operation, region)
        with self._lock:
            if key not in self._buckets:
                self._buckets[key] = Bucket(rate_of(service, operation), self._clock)
            return self._buckets[key]
