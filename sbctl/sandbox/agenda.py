"""What the world does by itself, and when: acts at times of its clock, done by one thread or, in tests, by moving the clock.

`advance` goes from act to act, so that each sees the time for which it was planned. A failing act is logged; the others go on.
"""

from __future__ import annotations

import heapq
import logging
import threading
from collections.abc import Callable
from itertools import count

from sbctl.sandbox.clock import WorldClock

LOG = logging.getLogger("sbctl.sandbox")
LONGEST_WAIT_SECONDS = 0.5
"""Real time after which the thread looks at the clock again, which somebody may have moved."""

Act = Callable[[], object]


class Agenda:
    """Plans acts, in world seconds. Thread-safe; acts run one at a time, in the order of their times, without a lock held."""

    def __init__(self, clock: WorldClock) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._running = threading.RLock()
        self._acts: list[tuple[float, int, Act]] = []
        self._numbers = count()
        self._thread: threading.Thread | None = None

    def at(self, when: float, act: Act) -> None:
        """Act once at a time of the clock, or at once when that is past."""
        with self._changed:
            heapq.heappush(self._acts, (when, next(self._numbers), act))
            self._changed.notify()

    def after(self, delay: float, act: Act) -> None:
        """Act once, `delay` seconds from now."""
        self.at(self._clock.seconds() + delay, act)

    def every(self, period: float, act: Act) -> None:
        """Act every `period` seconds, first one period from now, until the agenda is cleared."""

        def again() -> None:
            self.after(period, again)
            act()

        self.after(period, again)

    def clear(self) -> None:
        """Forget every plan."""
        with self._changed:
            self._acts.clear()

    def run_due(self) -> None:
        """Do what is due, and what that plans for no later than now."""
        with self._running:
            while (act := self._next(self._clock.seconds())) is not None:
                try:
                    act()
                except Exception:  # the others go on
                    LOG.exception("an act of the sandbox failed")

    def advance(self, seconds: float) -> None:
        """Move the clock, doing on the way what falls due."""
        with self._running:
            self.run_due()
            target = self._clock.seconds() + seconds
            while (when := self._earliest()) is not None and when <= target:
                self._clock.advance(max(0.0, when - self._clock.seconds()))
                self.run_due()
            self._clock.advance(max(0.0, target - self._clock.seconds()))
            self.run_due()

    def start(self) -> None:
        """Do what falls due from now on, in a thread."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="agenda", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        thread, self._thread = self._thread, None
        if thread is not None:
            with self._changed:
                self._changed.notify()
            thread.join(timeout=5)

    def _run(self) -> None:
        while self._thread is threading.current_thread():
            self.run_due()
            with self._changed:
                when = self._acts[0][0] if self._acts else float("inf")
                real = (when - self._clock.seconds()) / self._clock.speed
                if real > 0:
                    self._changed.wait(min(real, LONGEST_WAIT_SECONDS))

    def _earliest(self) -> float | None:
        with self._changed:
            return self._acts[0][0] if self._acts else None

    def _next(self, now: float) -> Act | None:
        with self._changed:
            if self._acts and self._acts[0][0] <= now:
                return heapq.heappop(self._acts)[2]
        return None
