"""The sandbox's one clock. All asynchronous states (instance creation, replicas, replication) run on it; rate limits do not.

It starts at the real time and runs `speed` times as fast; `advance` jumps.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime


class WorldClock:
    """A clock that can run fast or be moved forward. Thread-safe."""

    def __init__(self, speed: float = 1.0) -> None:
        self._lock = threading.Lock()
        self._base = time.time()
        self._started = time.monotonic()
        self._speed = speed

    @property
    def speed(self) -> float:
        return self._speed

    def seconds(self) -> float:
        """Seconds since the epoch, in the sandbox's time."""
        with self._lock:
            return self._base + (time.monotonic() - self._started) * self._speed

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), UTC)

    def advance(self, seconds: float) -> None:
        """Move forward at once by `seconds` of the sandbox's time."""
        with self._lock:
            self._base += seconds
