"""The sandbox's one clock. All asynchronous states (instance creation, replicas, replication) run on it; rate limits do not.

It starts at the real time, or where a world that was kept stood still, and runs `speed` times as fast; `advance` jumps. At a
speed of 0 it stands, and is moved by whoever advances it or waits for it (stepping.py).
Jump through Agenda.advance where something may be due on the way.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


class WorldClock:
    """A clock that can run fast, be moved forward, or be held for a while. Thread-safe."""

    def __init__(self, speed: float = 1.0, start: float | None = None) -> None:
        """`start`: seconds since the epoch from which it goes on; None for the real time."""
        self._lock = threading.Lock()
        self._base = time.time() if start is None else start
        self._started = time.monotonic()
        self._speed = speed
        self._held = False

    @property
    def speed(self) -> float:
        return self._speed

    def seconds(self) -> float:
        """Seconds since the epoch, in the sandbox's time."""
        with self._lock:
            return self._reading()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), UTC)

    def advance(self, seconds: float) -> None:
        """Move forward at once by `seconds` of the sandbox's time."""
        with self._lock:
            self._base += seconds

    def advance_to(self, when: float) -> None:
        """Move forward at once to `when`, in seconds since the epoch. Never goes back."""
        with self._lock:
            self._base += max(0.0, when - self._reading())

    def run_at(self, speed: float) -> None:
        """Run `speed` times as fast from now on."""
        with self._lock:
            self._base, self._started, self._speed = self._reading(), time.monotonic(), speed

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let the clock stand for as long as the context lasts; it then runs on from where it stands. Not for nesting."""
        with self._lock:
            self._base, self._held = self._reading(), True
        try:
            yield
        finally:
            with self._lock:
                self._started, self._held = time.monotonic(), False

    def _reading(self) -> float:
        return self._base if self._held else self._base + (time.monotonic() - self._started) * self._speed
