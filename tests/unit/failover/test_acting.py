"""A drill that is killed knows of the failover that it began, wherever the kill falls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sbctl.core.clock import FakeClock
from sbctl.core.events import silent
from sbctl.core.run import Kind, Run
from sbctl.drills.region_loss import DRILL
from sbctl.failover.acting import ACTS
from sbctl.failover.observe import Eyes
from sbctl.failover.restoring import UNMEASURED
from sbctl.failover.stage import Scene, Stage
from sbctl.store.runs import RunStore
from tests.unit.failover.scenes import EAST, WEST, Site, Table, kit


class Killed(BaseException):
    """The process ends here."""


class Cut(RunStore):
    """Runs of a process that is killed as soon as a failover is on disk."""

    def begin(self, kind: Kind, name: str, **data: Any) -> Run:
        run = super().begin(kind, name, **data)
        if kind == "failover":
            raise Killed
        return run


def test_a_drill_that_is_killed_as_its_failover_begins_knows_it(tmp_path: Path) -> None:
    """Else `drill restore` would leave the failover open, and every deploy refused."""
    clock, table = FakeClock(), Table()
    site = Site(table, clock)
    runs = Cut(tmp_path, clock, clock, "test")
    eyes = Eyes(aws=table, http=site, dns=site, clock=clock, world=clock)
    stage = Stage(
        kit=kit(), runs=runs, eyes=lambda: eyes, probes=table, probe_http=site, measures=UNMEASURED, havoc=None,
        calls_to=lambda _: 0, sweep=lambda: None, listen=silent, stopping=lambda: False, by="op@host",
    )  # fmt: skip
    drill = runs.begin("drill", runs.name("drill"), order={"name": DRILL.name, "target": WEST}, source=EAST)
    with pytest.raises(Killed):
        ACTS[DRILL.act](Scene(DRILL, "full", EAST, WEST), drill, stage)
    left = runs.open()
    assert left is not None
    assert runs.load(drill.id).fact("failover") == left.id
