"""Drills on a clock that runs at the speed of a user's sandbox.

There probes, health checks and moves overlap as it happens: a clock that waits for everybody would hide what only that shows. They
take minutes, and a busy machine may make them deviate.
"""

from __future__ import annotations

import signal

import pytest

from tests.cases.test_drills import app_of, assert_as_before, broken, started
from tests.sandbox.deployed import Scene
from tests.waits import eventually

SPEED = 10.0


@pytest.mark.long
@pytest.mark.parametrize("name", ["connect-outage", "planned-switch", "region-loss"])
def test_a_drill_holds_on_a_clock_that_runs(scene: Scene, name: str) -> None:
    """An outage that Route 53 notices, a switch without loss, and a region that hangs: each holds, and mends what it broke."""
    scene.world.clock.run_at(SPEED)
    code, said = scene.run("drill", "run", name)
    assert (code, said["data"]["outcome"]) == (0, "held"), said["problems"]
    scene.world.clock.run_at(0.0)
    assert_as_before(scene)


@pytest.mark.long
def test_a_drill_that_is_killed_on_a_clock_that_runs_is_put_back(scene: Scene) -> None:
    """The clock goes on after the kill, as health checks do, until the next start restores the world."""
    scene.world.clock.run_at(SPEED)
    runs = app_of(scene).runs
    process = started(scene, "region-loss")
    eventually(lambda: broken(scene, runs), "the loss of the region")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    code, said = scene.run("drill", "restore")
    assert (code, len(said["data"]["restored"])) == (0, 1), said["problems"]
    scene.world.clock.run_at(0.0)
    assert_as_before(scene)
