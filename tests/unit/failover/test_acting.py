"""A drill that is killed knows of the failover that it began, wherever the kill falls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sbctl.core.clock import FakeClock
from sbctl.core.moving.run import Kind, Run
from sbctl.drills.catalogue.region_loss import DRILL
from sbctl.drills.context import DrillContext, DrillRun
from sbctl.drills.restore import restore
from sbctl.drills.scenarios import ACTS
from sbctl.store.runs.store import RunStore
from tests.unit.failover.killing import Killed
from tests.unit.failover.scenes import EAST, WEST, stage


class Cut(RunStore):
    """Runs of a process that is killed as soon as a failover is on disk."""

    def begin(self, kind: Kind, name: str, **data: Any) -> Run:
        run = super().begin(kind, name, **data)
        if kind == "failover":
            raise Killed
        return run


@pytest.fixture
def killed(tmp_path: Path) -> tuple[Run, DrillContext, RunStore]:
    """A drill of which the process ended as soon as its failover was on disk."""
    clock = FakeClock()
    runs = Cut(tmp_path, clock, clock, "test")
    played = stage(runs, clock)
    order = {"name": DRILL.name, "target": WEST}
    drill = runs.begin("drill", runs.name("drill"), order=order, source=EAST, faults=[], flag="")
    with pytest.raises(Killed):
        ACTS[DRILL.act](DrillRun(DRILL, "full", EAST, WEST), drill, played)
    return drill, played, runs


def test_a_drill_that_is_killed_as_its_failover_begins_knows_it(killed: tuple[Run, DrillContext, RunStore]) -> None:
    """Else `drill restore` would leave the failover open, and every deploy refused."""
    drill, played, runs = killed
    left = played.runs.open()
    assert left is not None
    assert runs.load(drill.id).fact("failover") == left.id


def test_a_signal_that_was_never_given_does_not_hold_a_restore_up(killed: tuple[Run, DrillContext, RunStore]) -> None:
    """That there was nothing to take back is worth a note to who aborts, and no reason to leave the rest as it is."""
    drill, played, runs = killed
    left = played.runs.open()
    assert left is not None
    played.runs.add(left, "move-begun", move="signal")
    restore(runs.load(drill.id), played)
    assert played.runs.open() is None
