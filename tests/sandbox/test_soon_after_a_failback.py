"""A region is lost right after a failback to it has ended: health checks have moved traffic, and an order keeps it there."""

from __future__ import annotations

from pathlib import Path

import pytest

from sbctl.sandbox.faults.control import add_fault
from tests.sandbox.deployed import EAST, WEST, deployed

REASON = ("--reason", "rehearsal")


@pytest.mark.long  # two planned failovers; tests/unit/failover/test_decision.py holds the decision itself
def test_a_forced_failover_is_not_refused_for_a_run_that_is_over(tmp_path: Path) -> None:
    """The signal still names the region that is lost; whoever gave it is not under way any more."""
    with deployed(tmp_path) as scene:
        for words in (("failover", "--to", WEST, *REASON), ("failback", "--override", "cooldown", *REASON)):
            code, said = scene.run(*words)
            assert code == 0, said["problems"]
        add_fault(scene.world.faults, {"kind": "hang", "region": EAST})
        scene.pass_time(120)
        code, said = scene.run("failover", "--to", WEST, "--mode", "forced", *REASON)
        assert code == 0, said["problems"]
        assert scene.run("status")[1]["data"]["active"] == WEST
