"""What the world still has to do, by its own clock: replication that arrives, health checks, faults that end.

Acts run one at a time and in order of their time, in a thread of the agenda's own or in the thread that advances the
clock. So an act must not wait for the world's clock nor advance it, and what may take long belongs into another thread.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from sbctl.sandbox.clock import WorldClock

LOG = logging.getLogger("sbctl.sandbox")
Act = Callable[[], None]


@dataclass(order=True)
class Entry:
    """One act and when it is due, in seconds since the epoch of the world's clock; `interval` 0 for once."""

    when: float
    number: int
    act: Act = field(compare=False)
    interval: float = field(default=0.0, compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Never run it (again). Cancelling twice, or after it ran, does nothing."""
        self.cancelled = True


class Agenda:
    """Acts by time. Thread-safe; an act may add, cancel and clear. Without start() nothing runs but by advance and run_due."""

    def __init__(self, clock: WorldClock) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._entries: list[Entry] = []
        self._numbers = itertools.count()
        self._running = threading.RLock()  # held while acts run: one at a time, in order
        self._advancing = threading.Lock()
        self._current: Entry | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    def at(self, when: float, act: Act) -> Entry:
        """Run `act` at `when`, in seconds since the epoch of the world's clock; at once when that is past."""
        return self._add(when, act, 0.0)

    def after(self, delay: float, act: Act) -> Entry:
        """Run `act` in `delay` seconds of the world's time."""
        return self._add(self._clock.seconds() + delay, act, 0.0)

    def every(self, interval: float, act: Act, *, first: float = 0) -> Entry:
        """Run `act` every `interval` seconds, the first time in `first` seconds (0: at once).

        Due times are `interval` apart however long an act takes. Where the world runs faster than its acts, the turns that
        were missed are left out instead of being made up for; advance() leaves out none. Raises ValueError for an
        interval that is not above 0.
        """
        if interval <= 0:
            raise ValueError(f"an interval must be above 0, not {interval}")
        return self._add(self._clock.seconds() + first, act, interval)

    def start(self) -> None:
        """Run acts in a thread as they become due. A second call does nothing."""
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="sandbox-agenda", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread, once the act that runs has ended. Entries stay."""
        thread, self._thread = self._thread, None
        if thread is not None:
            with self._changed:
                self._stopping.set()
                self._changed.notify_all()
            thread.join(timeout=5)

    def clear(self) -> None:
        """Forget every entry, repeating ones included, once the act that runs has ended: none acts on what comes after."""
        with self._running, self._changed:
            for entry in self._entries if self._current is None else [*self._entries, self._current]:
                entry.cancel()
            self._entries.clear()

    def advance(self, seconds: float) -> None:
        """Move the clock forward, from due time to due time: each act runs with the clock standing at its own time."""
        # the clock is held first: with nothing new becoming due, the thread soon lets go of its turn
        with self._advancing, self._clock.held(), self._running:
            end = self._clock.seconds() + seconds
            while (entry := self._take(end)) is not None:
                self._clock.advance_to(entry.when)
                self._do(entry)
            self._clock.advance_to(end)
        with self._changed:
            self._changed.notify_all()

    def run_due(self) -> int:
        """Run what is due now, in order, what becomes due by that included; how many ran. For tests without the thread."""
        done = 0
        with self._running:
            while (entry := self._take(self._clock.seconds())) is not None:
                self._do(entry)
                done += 1
        return done

    def _run(self) -> None:
        while not self._stopping.is_set():
            with self._running:
                entry = self._take(self._clock.seconds())
                if entry is not None:
                    self._do(entry)
            if entry is None:
                self._wait()

    def _wait(self) -> None:
        with self._changed:
            if self._stopping.is_set():
                return
            while self._entries and self._entries[0].cancelled:
                heapq.heappop(self._entries)
            left = self._entries[0].when - self._clock.seconds() if self._entries else None
            if left is None or left > 0:
                self._changed.wait(None if left is None else left / self._clock.speed)

    def _add(self, when: float, act: Act, interval: float) -> Entry:
        entry = Entry(when, next(self._numbers), act, interval)
        self._push(entry)
        return entry

    def _push(self, entry: Entry) -> None:
        with self._changed:
            heapq.heappush(self._entries, entry)
            if self._entries[0] is entry:
                self._changed.notify_all()

    def _take(self, until: float) -> Entry | None:
        """The first entry that is due by `until`, taken off the list."""
        with self._changed:
            while self._entries and (self._entries[0].cancelled or self._entries[0].when <= until):
                entry = heapq.heappop(self._entries)
                if not entry.cancelled:
                    return entry
            return None

    def _do(self, entry: Entry) -> None:
        self._current = entry
        try:
            entry.act()
        except Exception:  # one act must not take the rest of the world with it
            LOG.exception("an act of the world failed: %r", entry.act)
        self._current = None
        if entry.interval and not entry.cancelled:
            missed = max(0.0, self._clock.seconds() - entry.when) // entry.interval
            entry.when += entry.interval * (missed + 1)
            self._push(entry)
