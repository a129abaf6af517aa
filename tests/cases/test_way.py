"""A request is easy to follow: from the command to the call through few files, and never back up."""

from __future__ import annotations

from types import FrameType

import pytest

from sbctl.sandbox.faults.control import add_fault
from tests.cases.way import Way, followed
from tests.sandbox.deployed import EAST, WEST, Scene

FILES = 15
"""Three of them are steps of the user's own, where they are placed and run, and a drill's callers."""


def giving(frame: FrameType) -> bool:
    """Whether a frame is the call that gives the signal."""
    return frame.f_code.co_name == "call" and frame.f_locals.get("operation") == "PutItem"


@pytest.mark.parametrize(
    "words",
    [
        ("failover", "--to", WEST, "--mode", "forced", "--reason", "lost"),
        ("drill", "run", "region-loss"),
    ],
)
def test_a_request_enters_few_files_and_never_climbs_back(scene: Scene, words: tuple[str, ...]) -> None:
    """Until the call that gives the signal. What a file hands the request to is below it: never a file that waits for it."""
    if words[0] == "failover":
        add_fault(scene.world.faults, {"kind": "hang", "region": EAST})
    with followed(giving) as way:
        code, said = scene.run(*words)
    assert code == 0, said["problems"]
    assert way.ended
    assert way.climbs == [], way.files
    assert len(way.files) <= FILES, way.files


def test_a_climb_is_noticed() -> None:
    """The measure can fail."""
    way = Way()
    for file in ("commands/failover/failover.py", "failover/execution/workflow.py", "commands/failover/failover.py"):
        way.enter(file)
    assert way.climbs == [("failover/execution/workflow.py", "commands/failover/failover.py")]
    assert (len(way.files), way.stays) == (2, 3)
