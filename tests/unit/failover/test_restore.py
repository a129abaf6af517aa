"""A restore undoes what its drill did and nothing else, wherever the drill or the restore itself was killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sbctl.core.problem import Exit, SbctlError
from sbctl.drills.restore import close, is_left, restore_state
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.execution.failback import to_undo
from sbctl.store.runs.store import RunStore
from tests.unit.failover.killing import Killed
from tests.unit.failover.regions import Globe
from tests.unit.failover.rehearsing import DRILL, Dying, Faults, killed, stage_on, started
from tests.unit.failover.scenes import EAST, LONDON, WEST

WHERE = pytest.mark.parametrize("where", ["nothing", "signal", "served", ""])
LATE = 90.0
"""Seconds of lag, past what the guard allows."""


@pytest.fixture
def globe(tmp_path: Path) -> Globe:
    return Globe(tmp_path)


def restored(globe: Globe, seconds: float = 1.0) -> str:
    """Restore as `drill restore` does; what is still wrong."""
    stage = stage_on(globe, seconds=seconds)
    done, trouble = restore_state(globe.run(DRILL), stage, cut_off=True)
    globe.replicate()
    close(done, trouble, stage)
    return trouble


def assert_ended(globe: Globe, active: str) -> None:
    """Nothing is open, nothing is left, and traffic is where it should be."""
    assert globe.runs.open() is None
    assert [run.id for run in globe.runs.all() if is_left(run)] == []
    assert globe.answered() == active


@WHERE
def test_traffic_comes_back_when_every_guard_holds(globe: Globe, where: str) -> None:
    """Wherever the drill was killed: nothing is open, and traffic is at home."""
    killed(globe, where)
    assert restored(globe) == ""
    assert_ended(globe, EAST)


@pytest.mark.parametrize("where", ["signal", "served", ""])
def test_traffic_stays_when_a_guard_does_not_hold(globe: Globe, where: str) -> None:
    """What was written meanwhile has not arrived: traffic is not taken from it; both commands are named, and both work."""
    _, inner = killed(globe, where)
    with pytest.raises(SbctlError) as caught:
        restored(globe, seconds=LATE)
    [problem] = caught.value.problems
    assert (problem.code, problem.exit) == ("not-restored", Exit.NOT_HELD)
    assert "90.0 s; the guard allows 60 s" in problem.detail
    for command in ("sbctl drill restore", f"sbctl failback --run {inner.id} --override lag"):
        assert command in problem.fix
    assert (globe.answered(), globe.runs.open()) == (WEST, None)
    assert to_undo(globe.runs.all()).id == inner.id
    assert restored(globe) == ""
    assert_ended(globe, EAST)


@WHERE
@pytest.mark.parametrize("target", [WEST, LONDON])
def test_a_later_order_stands(globe: Globe, where: str, target: str, tmp_path: Path) -> None:
    """Given elsewhere, by a kit: not a byte of the signal is touched, the drill's runs are closed, and it is told whose it is."""
    killed(globe, where)
    own, globe.runs = globe.runs, RunStore(tmp_path / "elsewhere", globe.clock, globe.clock, "test")
    order = FailoverRequest(target=target, mode="forced", by="kim@desk", reason="REAL outage")
    globe.go(globe.begun(order))
    globe.replicate()
    before, globe.runs = {code: dict(table.item) for code, table in globe.tables.items()}, own
    stage = stage_on(globe)
    done, trouble = restore_state(globe.run(DRILL), stage, cut_off=True)
    close(done, trouble, stage)
    assert before == {code: table.item for code, table in globe.tables.items()}
    [told] = done.left_alone
    assert (told.code, trouble) == ("traffic-stays", "")
    assert "kim@desk" in told.detail
    assert "REAL outage" in told.detail
    assert_ended(globe, target)


@WHERE
@pytest.mark.parametrize("target", [WEST, LONDON])
def test_an_order_in_this_state_ends_the_drill_and_its_faults_are_mended(globe: Globe, where: str, target: str) -> None:
    """The order's run, its signal and traffic stay; what the drill broke does not, and what others broke does."""
    killed(globe, where)
    faults = Faults()
    faults.add(globe.run(DRILL).begun.data["faults"][0])
    faults.add({"kind": "hang", "region": EAST})
    run = globe.go(globe.begun(FailoverRequest(target=target, mode="forced", by="op@host", reason="REAL outage"))).run
    globe.replicate()
    assert is_left(globe.run(DRILL))
    stage = stage_on(globe, faults=faults)
    done, trouble = restore_state(globe.run(DRILL), stage, cut_off=True)
    close(done, trouble, stage)
    assert [fault.get("owner") for fault in faults.listed()] == [None]
    assert globe.tables[target].item["run"] == {"S": run.id}
    assert globe.run(DRILL).result["superseded_by"] == run.id
    assert_ended(globe, target)


@WHERE
@pytest.mark.parametrize("written", [True, False])
@pytest.mark.parametrize("line", range(1, 16))
def test_a_restore_that_is_killed_is_done_again(globe: Globe, where: str, line: int, written: bool) -> None:
    """Before and after every line that it writes: the next one leaves nothing open, no return and no failover."""
    killed(globe, where)
    whole, dying = globe.runs, Dying(globe.runs.folder, globe.clock, globe.clock, "test")
    dying.left, dying.written, globe.runs = line, written, dying
    try:
        restored(globe)
    except Killed:
        globe.replicate()
    globe.runs = whole
    if is_left(globe.run(DRILL)):
        assert restored(globe) == ""
    assert_ended(globe, EAST)
    assert sum(run.kind == "failback" and run.status == "finished" for run in globe.runs.all()) <= 1


def test_an_operators_return_ends_the_drill_too(globe: Globe) -> None:
    """Traffic is at home by the operator's failback: the restore moves nothing."""
    _, inner = killed(globe)
    order = FailoverRequest(target=EAST, source=WEST, undoes=inner.id, by="op@host", overridden=("lag", "parity"))
    back = globe.go(started("failback", globe, order, "failback-1"), pause_after="signal").run
    globe.replicate()
    assert globe.go(back).finished
    globe.replicate()
    runs = len(globe.runs.all())
    assert restored(globe) == ""
    assert len(globe.runs.all()) == runs
    assert_ended(globe, EAST)


def test_the_signal_that_is_undone_may_arrive_late(globe: Globe) -> None:
    """By replication, after the decision about the way back and before its write: that is no other operator."""
    killed(globe)
    globe.tables[EAST].item = {}
    order = FailoverRequest(target=EAST, source=WEST, undoes="failover-1", overridden=("lag", "parity", "cooldown"))
    back = started("failback", globe, order, "failback-1")
    globe.tables[EAST].item = dict(globe.tables[WEST].item)
    assert globe.go(back, pause_after="signal").run.done() == {"signal"}
