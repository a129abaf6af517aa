"""Short waits by a clock that stands end together, so that dozens of canaries cost as many steps as one."""

from __future__ import annotations

import json
from typing import NoReturn

import pytest

from sbctl.sandbox.http.control import TOGETHER_SECONDS, control
from sbctl.sandbox.wire.identify import Request
from sbctl.sandbox.world import World, WorldSettings
from tests.worlds import still


class HeldError(Exception):
    """A caller is kept until a time."""

    def __init__(self, until: float) -> None:
        super().__init__(until)
        self.until = until


def hold(until: float) -> NoReturn:
    raise HeldError(until)


def end_of(world: World, seconds: float) -> float:
    """When a wait that begins now is over."""
    request = Request("POST", "/_sandbox/wait", "", {}, json.dumps({"seconds": seconds}).encode())
    with pytest.raises(HeldError) as held:
        control(world, request, hold)
    return held.value.until


def test_short_waits_that_begin_one_after_the_other_end_at_once() -> None:
    """None ends before its time, and the time is at most a twentieth of a second more."""
    world = World(still(start=1000.01))
    ends = []
    for _ in range(3):
        ends.append(end_of(world, 0.06))
        assert world.clock.seconds() + 0.06 <= ends[-1] <= world.clock.seconds() + 0.06 + TOGETHER_SECONDS
        world.scheduler.advance(0.01)
    assert ends == pytest.approx([1000.1] * 3)


def test_long_waits_end_at_their_own_time() -> None:
    """A second and more is what somebody asked for, to the instant."""
    assert end_of(World(still(start=1000.01)), 1.0) == pytest.approx(1001.01)


def test_a_clock_that_runs_keeps_to_each_time() -> None:
    """Nothing is gained there by waiting longer."""
    world = World(WorldSettings(speed=1e-6, start=1000.01, limits=False))
    assert end_of(world, 0.06) == pytest.approx(1000.07, abs=1e-3)
