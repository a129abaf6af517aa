"""Token buckets that refuse what comes faster than AWS allows. On real time, whatever the world's clock says."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from sbctl.sandbox.rates import DEFAULT_THROTTLE, THROTTLES, rate_of
from sbctl.sandbox.service import ApiError


class Limits:
    """The buckets of one account: one for each region, service and operation. Switchable, thread-safe, never waits.

    `now` is the clock by which they fill again, in seconds.
    """

    def __init__(self, enabled: bool = True, now: Callable[[], float] = time.monotonic) -> None:
        self.enabled = enabled
        self.now = now
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str, str], tuple[float, float]] = {}

    def check(self, region: str, service: str, operation: str) -> None:
        """Take one token. Raises the service's throttling error (ApiError) when there is none."""
        rate = rate_of(service, operation) if self.enabled else None
        if rate is not None and not self._take((region, service, operation), *rate):
            throttle = THROTTLES.get(service, DEFAULT_THROTTLE)
            raise ApiError(throttle.code, throttle.message, throttle.status)

    def reset(self) -> None:
        """Fill all buckets."""
        with self._lock:
            self._buckets.clear()

    def _take(self, key: tuple[str, str, str], rate: float, burst: float) -> bool:
        now = self.now()
        with self._lock:
            tokens, at = self._buckets.get(key, (burst, now))
            tokens = min(burst, tokens + (now - at) * rate)
            enough = tokens >= 1
            self._buckets[key] = (tokens - 1 if enough else tokens, now)
        return enough
