"""Whoever waits for a lock is told for whom, gets it when it is free, and can stop waiting."""

from __future__ import annotations

import pytest

from sbctl.core.clock import FakeClock
from sbctl.core.problem import SbctlError
from sbctl.store.locks.holder import Holder
from sbctl.store.locks.process import Process
from sbctl.store.locks.waiting import LockWaiting, wait_for

FIRST = Holder(Process("build-1", "m", 11, "1"), "sbctl deploy", "2026-01-01T00:00:00+00:00")
SECOND = Holder(Process("build-2", "m", 22, "1"), "sbctl destroy", "2026-01-01T00:00:05+00:00")


class Queue:
    """A lock that others hold for some attempts, one after the other."""

    def __init__(self, *holders: Holder | None) -> None:
        self.left = list(holders)
        self.clock = FakeClock()
        self.said: list[str] = []

    def attempt(self) -> str | None:
        return None if self.left else "ours"

    def holder(self) -> Holder | None:
        return self.left.pop(0)

    def wait(self, seconds: float, stop_after: int = 1000) -> str:
        waiting = LockWaiting(seconds, lambda: len(self.said) >= stop_after, self.said.append)
        return wait_for(self.attempt, self.holder, "state", waiting, self.clock, 1.0)


def test_each_holder_is_told_once() -> None:
    """The wait says for whom, anew when another comes first, and ends when the lock is free."""
    queue = Queue(FIRST, FIRST, None, SECOND, SECOND)
    assert queue.wait(60) == "ours"
    assert queue.said == [f"waiting for {FIRST}", f"waiting for {SECOND}"]
    assert queue.clock.monotonic() == 5


def test_the_wait_ends_in_time_and_names_the_holder() -> None:
    """After the seconds that were given the holder of now is named."""
    queue = Queue(*[FIRST] * 3, *[SECOND] * 30)
    with pytest.raises(SbctlError) as caught:
        queue.wait(7.5)
    assert "sbctl destroy" in caught.value.problems[0].detail
    assert queue.clock.monotonic() == 7.5


def test_no_patience_is_one_attempt() -> None:
    """Without seconds nothing is waited for."""
    queue = Queue(FIRST)
    with pytest.raises(SbctlError):
        queue.wait(0)
    assert queue.clock.monotonic() == 0
    assert Queue().wait(0) == "ours"


def test_a_user_who_stops_is_not_kept() -> None:
    """Ctrl-C while waiting ends the wait: nothing has begun."""
    with pytest.raises(KeyboardInterrupt):
        Queue(*[FIRST] * 30).wait(60, stop_after=1)
