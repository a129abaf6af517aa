"""What the world does by itself, and when: acts at times of its clock, done by one thread or, in tests, by moving the clock.

`advance` goes from act to act with the clock standing, so that each sees the very time for which it was planned. A failing act
is logged; the others go on. An act must neither wait for the world's clock nor advance it.
"""

from __future__ import annotations

import heapq
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from sbctl.sandbox.time.clock import WorldClock

LOG = logging.getLogger("sbctl.sandbox")
LONGEST_WAIT_SECONDS = 0.5
"""Real time after which the thread looks at the clock again, which somebody may have moved."""

Act = Callable[[], object]


@dataclass(order=True)
class Entry:
    """One planned act: `when` in seconds since the epoch of the world's clock, `period` None for once."""

    when: float
    number: int
    act: Act = field(compare=False)
    period: float | None = field(default=None, compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Never do it (again). After it was done, or a second time, this does nothing."""
        self.cancelled = True


class Scheduler:
    """Plans acts, in world seconds. Thread-safe; acts run one at a time, in the order of their times, without a lock held."""

    def __init__(self, clock: WorldClock) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._advancing = threading.Lock()
        self._running = threading.RLock()
        self._entries: list[Entry] = []
        self._current: Entry | None = None
        self._clearing = 0
        self._stopping = False
        self._numbers = count()
        self._thread: threading.Thread | None = None

    def at(self, when: float, act: Act) -> Entry:
        """Act once at a time of the clock, or at once when that is past."""
        return self._add(Entry(when, next(self._numbers), act))

    def after(self, delay: float, act: Act) -> Entry:
        """Act once, `delay` seconds from now."""
        return self.at(self._clock.seconds() + delay, act)

    def every(self, period: float, act: Act, *, first: float | None = None) -> Entry:
        """Act every `period` seconds until it is cancelled or the scheduler cleared, first in `first` seconds: one period.

        A period begins when the act does: acts that take longer than their period leave turns out instead of piling up.
        Raises ValueError for a period that is not above 0.
        """
        if period <= 0:
            raise ValueError(f"a period must be above 0, not {period}")
        when = self._clock.seconds() + (period if first is None else first)
        return self._add(Entry(when, next(self._numbers), act, period))

    def clear(self) -> None:
        """Forget every plan, once the act that is being done has ended: it plans nothing into what comes after."""
        with self._changed:
            self._clearing += 1  # nothing new is begun meanwhile
        with self._running, self._changed:
            self._clearing -= 1
            for entry in [*self._entries, self._current] if self._current else self._entries:
                entry.cancel()
            self._entries.clear()

    def run_due(self) -> None:
        """Do what is due, and what that plans for no later than now."""
        with self._running:
            while (entry := self._next(self._clock.seconds())) is not None:
                self._do(entry)

    def advance(self, seconds: float) -> None:
        """Move the clock, doing on the way what falls due, each at its own instant. A stop ends it where it has got to."""
        # the clock is held first: with nothing new falling due, the thread soon lets go of its turn
        with self._advancing, self._clock.held(), self._running:
            target = self._clock.seconds() + seconds
            while not self._stopping and (entry := self._next(target)) is not None:
                self._clock.advance_to(entry.when)
                self._do(entry)
            if not self._stopping:
                self._clock.advance_to(target)
        with self._changed:
            self._changed.notify()

    def start(self) -> None:
        """Do what falls due from now on, in a thread."""
        self._stopping = False
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread, and an advance too, once the act that is being done has ended. Plans stay."""
        self._stopping = True
        thread, self._thread = self._thread, None
        if thread is not None:
            with self._changed:
                self._changed.notify()
            thread.join(timeout=5)

    def _run(self) -> None:
        while self._thread is threading.current_thread():
            with self._running:
                entry = self._next(self._clock.seconds())
                if entry is not None:
                    self._do(entry)
            if entry is None:
                self._wait()

    def _wait(self) -> None:
        with self._changed:
            when = self._entries[0].when if self._entries else float("inf")
            left, speed = when - self._clock.seconds(), self._clock.speed
            real = left / speed if speed else LONGEST_WAIT_SECONDS
            if left > 0 and self._thread is threading.current_thread():
                self._changed.wait(min(real, LONGEST_WAIT_SECONDS))

    def _add(self, entry: Entry) -> Entry:
        with self._changed:
            heapq.heappush(self._entries, entry)
            self._changed.notify()
        return entry

    def _next(self, until: float) -> Entry | None:
        """The earliest entry that is due by `until`, taken off the list."""
        with self._changed:
            while (
                self._entries and not self._clearing and (self._entries[0].cancelled or self._entries[0].when <= until)
            ):
                entry = heapq.heappop(self._entries)
                if not entry.cancelled:
                    return entry
        return None

    def _do(self, entry: Entry) -> None:
        begun = self._clock.seconds()
        self._current = entry
        try:
            entry.act()
        except Exception:  # the others go on
            LOG.exception("an act of the sandbox failed")
        self._current = None
        if entry.period is not None and not entry.cancelled:
            entry.when = begun + entry.period
            self._add(entry)
