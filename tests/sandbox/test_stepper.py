"""A clock that stands is moved for those who wait, and for nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.time.scheduler import Scheduler
from sbctl.sandbox.time.stepping import Stepper
from tests.waits import eventually

BEGIN = 1000.0


@pytest.fixture
def clock() -> WorldClock:
    return WorldClock(0.0, BEGIN)


@pytest.fixture
def stepper(clock: WorldClock) -> Iterator[Stepper]:
    made = Stepper(clock, Scheduler(clock))
    made.start()
    yield made
    made.stop()


def test_the_clock_goes_to_the_earliest_time_that_somebody_waits_for(clock: WorldClock, stepper: Stepper) -> None:
    """Those who wait are woken at their own times, in turn."""
    woken: list[tuple[str, float]] = []
    with stepper.asked():
        stepper.after(20, lambda: woken.append(("late", clock.seconds())))
        stepper.after(10, lambda: woken.append(("early", clock.seconds())))
    eventually(lambda: len(woken) == 2, "both woken")
    assert woken == [("early", BEGIN + 10), ("late", BEGIN + 20)]


def test_the_clock_is_not_moved_for_who_has_gone_away(clock: WorldClock, stepper: Stepper) -> None:
    """Nobody waits for the first time any more: the clock goes past it, to the second."""
    woken: list[tuple[str, float]] = []
    with stepper.asked():
        stepper.after(10, lambda: woken.append(("gone", clock.seconds())), lambda: True)
        stepper.after(20, lambda: woken.append(("there", clock.seconds())))
    eventually(lambda: len(woken) == 2, "both woken")
    assert woken == [("gone", BEGIN), ("there", BEGIN + 20)]


def test_the_clock_stands_while_a_request_is_answered(clock: WorldClock, stepper: Stepper) -> None:
    """A wait that begins meanwhile is not over before the request is."""
    woken: list[float] = []
    with stepper.asked():
        stepper.after(10, lambda: woken.append(clock.seconds()))
        assert clock.seconds() == BEGIN
    eventually(lambda: woken, "woken")
    assert woken == [BEGIN + 10]
