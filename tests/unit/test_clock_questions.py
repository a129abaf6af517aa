"""How often a run asks for the time of a sandbox whose clock stands: many canaries look at once, and each question costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sbctl.clocks import STANDING_SECONDS, SandboxClock, WorldClock, WorldTime
from sbctl.core.clock import FakeClock

START = datetime(2026, 3, 1, tzinfo=UTC)


class Counting:
    """A sandbox whose clock stands until it is asked to move it; it counts what it is asked."""

    def __init__(self) -> None:
        self.real = FakeClock()
        self.moved = 0.0
        self.speed = 0.0
        self.read_times = 0
        self.waits = 0

    def read(self) -> WorldTime:
        self.read_times += 1
        return WorldTime(START + timedelta(seconds=self.moved), self.speed)

    def wait(self, seconds: float) -> WorldTime:
        self.waits += 1
        self.moved += seconds
        return WorldTime(START + timedelta(seconds=self.moved), self.speed)

    @property
    def clock(self) -> SandboxClock:
        return SandboxClock(self.real, self.read, self.wait)

    def world(self, believed: float) -> WorldClock:
        return WorldClock(self.clock, self.real, self.read, believed)


def test_a_clock_that_is_known_to_stand_is_not_asked_before_a_wait() -> None:
    """The first wait finds out; each one after it is a single question."""
    sandbox = Counting()
    clock = sandbox.clock
    for _ in range(5):
        clock.sleep(1.0)
    assert (sandbox.read_times, sandbox.waits) == (1, 5)


def test_a_clock_that_runs_again_is_found_out_by_the_wait() -> None:
    """Somebody may let it run while a run waits; after that waits take real time."""
    sandbox = Counting()
    clock = sandbox.clock
    clock.sleep(1.0)
    sandbox.speed = 2.0
    clock.sleep(1.0)
    assert sandbox.real.monotonic() == 0.0
    clock.sleep(0.5)
    assert sandbox.real.monotonic() == 0.25


def test_what_a_wait_was_told_is_the_time_at_its_end() -> None:
    """Whoever measures looks at the clock after each wait, and is not made to ask again."""
    sandbox = Counting()
    world = sandbox.world(believed=1.0)
    world.sleep(3.0)
    asked = sandbox.read_times
    assert world.monotonic() == 3.0
    assert sandbox.read_times == asked


def test_a_standing_clock_is_believed_for_an_instant_only() -> None:
    """It may have been moved as soon as nobody asks anything for a while; and where nothing is believed it is always asked."""
    sandbox = Counting()
    world, doubting = sandbox.world(believed=1.0), sandbox.world(believed=0.0)
    for clock in (world, doubting):
        clock.sleep(3.0)
    sandbox.moved += 5.0
    assert doubting.monotonic() == 11.0
    sandbox.real.sleep(STANDING_SECONDS)
    assert world.monotonic() == 11.0
