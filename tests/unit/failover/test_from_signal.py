"""Which failover a failback returns from: the journals here, or the signal where they do not know of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sbctl.core.clock import FakeClock
from sbctl.core.moving.run import Run
from sbctl.failover.execution.failback import to_undo
from sbctl.failover.execution.from_signal import away_elsewhere
from sbctl.failover.signal import Signal
from sbctl.store.runs.store import RunStore
from tests.unit.failover.scenes import EAST, LONDON, WEST, kit


@pytest.fixture
def runs(tmp_path: Path) -> RunStore:
    clock = FakeClock()
    return RunStore(tmp_path / "runs", clock, clock, "test")


def ended(runs: RunStore, name: str, target: str, source: str = EAST, **order: str) -> Run:
    """A failover of this state that came to its end."""
    run = runs.begin("failover", name, order={"target": target, **order}, source=source)
    return runs.add(run, "finished")


def signal(region: str, run: str) -> Signal:
    return Signal(region=region, run=run, by="kim@desk", generation=3)


def test_an_order_of_this_state_is_returned_from_by_its_journal(runs: RunStore) -> None:
    """Its run is known here, and it moved traffic where the signal says."""
    run = ended(runs, "failover-1", WEST)
    assert not away_elsewhere(signal(WEST, run.id), kit(), runs.all())
    assert to_undo(runs.all(), "", WEST).id == run.id


def test_an_order_from_elsewhere_is_returned_from_by_the_signal(runs: RunStore) -> None:
    """No run here bears its name; a signal of the primary is nothing to return from."""
    ended(runs, "failover-1", LONDON)
    assert away_elsewhere(signal(WEST, "failover-2"), kit(), runs.all())
    assert not away_elsewhere(signal(EAST, "failover-2"), kit(), runs.all())


def test_a_drill_that_renewed_a_foreign_order_hides_it_not(runs: RunStore) -> None:
    """Traffic was taken to us-west-2 elsewhere; a drill here went on from there and back, so that the signal bears its run."""
    ended(runs, "failover-1", EAST, LONDON)
    ended(runs, "failover-2", LONDON, WEST, drill="drill-1")
    back = runs.begin("failback", "failback-3", order={"target": WEST, "undoes": "failover-2"}, source=LONDON)
    runs.add(back, "finished")
    assert away_elsewhere(signal(WEST, back.id), kit(), runs.all())


def test_the_run_that_moved_traffic_there_comes_first(runs: RunStore) -> None:
    """Of two that were not undone, the one whose region the signal names, although the other is younger."""
    there = ended(runs, "failover-1", WEST)
    ended(runs, "failover-2", LONDON, WEST)
    assert to_undo(runs.all(), "", WEST).id == there.id
    assert to_undo(runs.all()).id == "failover-2"
