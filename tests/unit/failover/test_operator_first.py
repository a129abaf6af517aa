"""An operator's order takes the place of what a drill has left, with its own reason; in this state, and from elsewhere by a kit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sbctl.app import App, Settings
from sbctl.core.events import silent
from sbctl.core.problem import SbctlError
from sbctl.failover.decision.rehearsals import drill_of
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.execution.failback import home_of, to_undo
from sbctl.failover.execution.open_runs import gives_way, goes_on, open_of_operator, refuse_second
from sbctl.main import cli
from sbctl.store.runs.store import RunStore
from tests.unit.failover.regions import Globe
from tests.unit.failover.rehearsing import killed, started
from tests.unit.failover.scenes import EAST, LONDON, WEST, kit

REAL = FailoverRequest(target=WEST, mode="forced", by="op@host", reason="REAL outage")


@pytest.fixture
def globe(tmp_path: Path) -> Globe:
    return Globe(tmp_path)


@pytest.mark.parametrize("where", ["nothing", "signal", ""])
@pytest.mark.parametrize("target", [WEST, LONDON])
@pytest.mark.parametrize("mode", ["forced", "planned"])
@pytest.mark.parametrize("old", [False, True])
def test_an_order_takes_the_place_of_a_drill(globe: Globe, where: str, target: str, mode: str, old: bool) -> None:
    """Wherever the drill was killed: one run more, the operator's, with its reason; both of the drill are closed by its name."""
    drill, inner = killed(globe, where, **({"drill": ""} if old else {}))
    order = REAL.model_copy(update={"target": target, "mode": mode, "overridden": ("lag", "parity")})
    assert not (open_of_operator(globe.runs) and goes_on(inner, "failover", order))
    run = globe.go(globe.begun(order)).run
    assert (run.status, run.order["reason"], run.order["drill"]) == ("finished", "REAL outage", "")
    assert globe.answered() == target
    assert globe.run(drill.id).result["superseded_by"] == run.id
    assert globe.run(inner.id).status == ("aborted" if where else "finished")
    if where:
        assert globe.run(inner.id).result["superseded_by"] == run.id
    assert globe.runs.open() is None
    assert (to_undo(globe.runs.all()).id, home_of(run, globe.runs.all())) == (run.id, EAST)
    assert globe.tables[target].item["reason"] == {"S": "REAL outage"}
    assert "drill" not in globe.tables[target].item


def test_a_kit_from_elsewhere_is_told_of_the_drill_by_the_signal(globe: Globe, tmp_path: Path) -> None:
    """No journal tells of it: neither on its way nor there already are reasons against the order; the note names the drill."""
    killed(globe)
    globe.runs = RunStore(tmp_path / "elsewhere", globe.clock, globe.clock, "test")
    prepared = globe.prepared(REAL)
    assert prepared.decision.go, prepared.decision.refusals
    [note] = [one for one in prepared.notes if one.code == "drill-ended"]
    assert note.at == "drill-1"
    run = globe.go(globe.begun(REAL)).run
    assert run.status == "finished"
    assert globe.tables[WEST].item["run"] == {"S": run.id}


def test_a_return_that_a_killed_drill_had_begun_gives_way(globe: Globe) -> None:
    """Killed in its own restore: a forced order keeps traffic, and the way home is still known."""
    drill, inner = killed(globe)
    back = FailoverRequest(
        target=EAST, source=WEST, by="me", reason=f"end of {drill.id}", undoes=inner.id, drill=drill.id
    )
    back = back.model_copy(update={"overridden": ("lag", "parity", "cooldown")})
    begun = started("failback", globe, back, "failback-1")
    order = REAL.model_copy(update={"target": WEST})
    assert gives_way(globe.runs, order) == begun
    run = globe.go(globe.begun(order)).run
    assert (globe.run(begun.id).status, globe.runs.open(), globe.answered()) == ("aborted", None, WEST)
    assert home_of(run, globe.runs.all()) == EAST
    assert to_undo(globe.runs.all()).id == run.id


def test_who_meets_what_a_drill_left_is_told_to_put_it_back(globe: Globe) -> None:
    """Deploys and drills are refused with the command that ends it."""
    _, inner = killed(globe, "signal")
    assert drill_of(inner, globe.runs.all()) is not None
    with pytest.raises(SbctlError) as caught:
        refuse_second(globe.runs)
    assert "sbctl drill restore" in caught.value.problems[0].fix


def test_a_drill_does_not_take_its_own_place(globe: Globe) -> None:
    """Its return is its own, and an operator's return from what it did undoes that run."""
    drill, inner = killed(globe)
    own = FailoverRequest(target=EAST, source=WEST, undoes=inner.id, drill=drill.id)
    assert gives_way(globe.runs, own) is None
    assert gives_way(globe.runs, own.model_copy(update={"drill": ""})) is None


def test_while_a_drill_runs_a_forced_order_is_told_how_to_go_past_it(tmp_path: Path) -> None:
    """By the kit and with a state apart: the drill leaves traffic where that order has it."""
    state, file = tmp_path / "state", tmp_path / "kit.json"
    file.write_text(kit().as_text())
    words = [
        "--state",
        str(state),
        "--yes",
        "--output",
        "json",
        "failover",
        "--kit",
        str(file),
        "--to",
        WEST,
        "--reason",
        "lost",
    ]
    drilling = App(Settings(state=state), silent, "sbctl drill run region-loss")
    with drilling.runs.lock():
        said = json.loads(CliRunner().invoke(cli, [*words, "--mode", "forced"]).stdout)
        planned = json.loads(CliRunner().invoke(cli, words).stdout)
    [problem] = said["problems"]
    assert (said["exit"], problem["code"]) == (5, "state-locked")
    assert f"failover --to {WEST} --mode forced --reason lost --kit {state}/failover-kit.json" in problem["fix"]
    assert f"--state {state}-apart" in problem["fix"]
    assert "apart" not in planned["problems"][0]["fix"]


def test_who_acknowledges_a_return_acknowledges_what_it_undid(globe: Globe) -> None:
    """One acknowledgement is enough after a failover and the way back; without it the failover's cooldown lasts."""
    away = globe.go(globe.begun(REAL)).run
    back = globe.runs.begin("failback", "failback-1", source=WEST, order={"target": EAST, "undoes": away.id})
    back = globe.runs.add(back, "finished")
    again = FailoverRequest(target=LONDON, by="op@host", reason="again", overridden=("lag", "parity"))
    assert [one.code for one in globe.prepared(again).decision.refusals] == ["cooldown"]
    globe.runs.add(back, "acknowledged", by="op@host", note="reviewed")
    assert globe.prepared(again).decision.go
