"""Those who wait for a time of the world's clock, and how a clock that stands still (speed 0) gets there.

A run that waits for AWS, a connection that hangs and an answer that is late all wait here. A standing clock is moved to the
earliest of their times once the world is quiet. While a request is being answered it stands, however long that takes on a busy
machine: what a run sees does not depend on how fast the machine is. Nor does it move for somebody who has gone away, such as a
run that was killed while it waited.
"""

from __future__ import annotations

import heapq
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.time.scheduler import Scheduler

LOG = logging.getLogger("sbctl.sandbox")
QUIET_SECONDS = 0.015
"""Real time without any request after which those who could still ask are taken to wait too."""
LONGEST_WAIT_SECONDS = 0.5
"""Real time after which a running clock is looked at again."""
Wake = Callable[[], object]
Gone = Callable[[], bool]


@dataclass(order=True)
class _Waiter:
    when: float
    number: int
    wake: Wake = field(compare=False)
    gone: Gone = field(compare=False)


class Stepper:
    """Wakes those who wait. Thread-safe; they are woken one after another, by one thread."""

    def __init__(self, clock: WorldClock, scheduler: Scheduler) -> None:
        self._clock = clock
        self._agenda = scheduler
        self._changed = threading.Condition()
        self._waiters: list[_Waiter] = []
        self._numbers = count()
        self._under_way = 0
        self._quiet_since = 0.0
        self._stopped = False
        self._thread: threading.Thread | None = None

    @property
    def waiting(self) -> int:
        """How many wait now and have not gone away."""
        with self._changed:
            return sum(not waiter.gone() for waiter in self._waiters)

    def at(self, when: float, wake: Wake, gone: Gone = lambda: False) -> None:
        """Call `wake` at a time of the clock, in seconds since the epoch; after a stop at once. It must not wait itself.

        The clock is not moved there when `gone` says that nobody waits any more: `wake` is then called before its time.
        """
        waiter = _Waiter(when, next(self._numbers), wake, gone)
        with self._changed:
            stopped = self._stopped
            if not stopped:
                heapq.heappush(self._waiters, waiter)
                self._stir()
        if stopped:
            _wake([waiter])
        else:
            self._agenda.at(when, self._notice)

    def after(self, seconds: float, wake: Wake, gone: Gone = lambda: False) -> None:
        """The same, so many seconds from now."""
        self.at(self._clock.seconds() + seconds, wake, gone)

    @contextmanager
    def asked(self) -> Iterator[None]:
        """A request is being answered."""
        with self._changed:
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._stir()

    def start(self) -> None:
        """Wake from now on, in a thread."""
        self._stopped = False
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="stepper", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread. Those who still wait are woken, whatever the time: nobody would ever do it later."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._notice()
            thread.join(timeout=5)
        with self._changed:
            self._stopped = True
            left, self._waiters = sorted(self._waiters), []
        _wake(left)

    def _stir(self) -> None:
        self._quiet_since = time.monotonic()
        if self._waiters:
            self._changed.notify()

    def _notice(self) -> None:
        with self._changed:
            self._changed.notify()

    def _run(self) -> None:
        while self._thread is threading.current_thread():
            _wake(self._due())
            target = self._next_step()
            if target is not None:
                self._agenda.advance(max(0.0, target - self._clock.seconds()))

    def _due(self) -> list[_Waiter]:
        found = []
        with self._changed:
            now = self._clock.seconds()
            while self._waiters and (self._waiters[0].when <= now or self._waiters[0].gone()):
                found.append(heapq.heappop(self._waiters))
            if found:
                self._quiet_since = time.monotonic()  # they will ask something now
        return found

    def _next_step(self) -> float | None:
        """Where a standing clock is to be moved now; None after a wait for a change."""
        with self._changed:
            if self._thread is not threading.current_thread():
                return None
            pause = self._pause()
            if pause is None or pause > 0:
                self._changed.wait(pause)
                return None
            if self._clock.speed or self._waiters[0].when <= self._clock.seconds():
                return None
            return None if self._waiters[0].gone() else self._waiters[0].when

    def _pause(self) -> float | None:
        """Real time until something can be due; None for until something changes."""
        if not self._waiters:
            return None
        left, speed = self._waiters[0].when - self._clock.seconds(), self._clock.speed
        if left <= 0:
            return 0.0
        if speed:
            return min(left / speed, LONGEST_WAIT_SECONDS)
        return None if self._under_way else self._quiet_since + QUIET_SECONDS - time.monotonic()


def _wake(waiters: list[_Waiter]) -> None:
    for waiter in waiters:
        try:
            waiter.wake()
        except Exception:  # the others are woken all the same
            LOG.exception("one who waited could not be woken")
