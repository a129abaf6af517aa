"""The target is lost too, in the middle of a failover: another region takes over, and what stays behind is told and put right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sbctl.core.moving.run import Run
from sbctl.core.moving.takeover import rivals
from sbctl.core.problem import Exit, SbctlError
from sbctl.core.reading import Reading
from sbctl.failover.decision.observe import look
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.decision.supersede import stale_copies, when_back
from sbctl.failover.execution.failback import home_of, to_undo
from sbctl.failover.execution.open_runs import close_replaced
from sbctl.failover.execution.rejoin import carry_out, examine
from sbctl.failover.execution.workflow import begin
from sbctl.failover.guidance.status import overview, readings_of
from tests.unit.failover.regions import AWAY, ORDER, Globe
from tests.unit.failover.scenes import EAST, LONDON, WEST, kit
from tests.unit.resources.aws import projects


@pytest.fixture
def globe(tmp_path: Path) -> Globe:
    return Globe(tmp_path)


def shown(globe: Globe) -> dict[str, Any]:
    """What status says after a look."""
    readings = {"status": readings_of(look(globe.observer, kit()))}
    return overview(kit(), readings, globe.runs.all(), globe.clock.now())


def test_a_lost_target_is_left_for_the_third_region(globe: Globe) -> None:
    """Both runs say so, one is open, traffic goes to the third, and what was left by force is not asked at all."""
    old = globe.half_done()
    outcome = globe.go(globe.begun(AWAY))
    assert outcome.finished
    assert outcome.run.begun.data["supersedes"] == old.id
    ended = globe.run(old.id)
    assert (ended.status, ended.result["superseded_by"], ended.result["left_behind"]) == (
        "aborted",
        outcome.run.id,
        True,
    )
    assert globe.answered() == LONDON
    assert EAST not in globe.calls
    assert globe.calls.count(WEST) == 1
    assert globe.runs.open() is None


def test_its_signal_is_newer_than_one_that_never_left_the_lost_region(globe: Globe) -> None:
    """The lost target's generation stands in the journal alone, so that the two cannot be mistaken for one another."""
    globe.half_done()
    globe.go(globe.begun(AWAY))
    assert globe.tables[WEST].item["generation"] == {"N": "1"}
    assert globe.tables[LONDON].item["generation"] == {"N": "2"}


@pytest.mark.parametrize("refusing", [False, True])
def test_a_target_that_answers_is_not_left_behind(globe: Globe, refusing: bool) -> None:
    """Refused with the commands that there are; also where its answer is that the caller may not look."""
    old = globe.half_done()
    globe.lost -= {WEST}
    globe.refusing = {WEST} if refusing else set()
    prepared = globe.prepared(AWAY)
    (problem,) = prepared.decision.refusals
    assert (problem.code, problem.exit, problem.at) == ("failover-open", Exit.REFUSED, old.id)
    for remedy in ("sbctl failover --abort", "sbctl failover --resume", "--override open"):
        assert remedy in problem.fix
    assert globe.prepared(AWAY.model_copy(update={"overridden": ("open",)})).decision.go


def test_where_dns_went_by_itself_a_failover_is_needed_all_the_same(globe: Globe) -> None:
    """DNS answers the third region already; the signal makes it stay there when the others return."""
    globe.half_done()
    assert globe.answered() == LONDON
    run = globe.go(globe.begun(AWAY)).run
    assert (run.begun.data["source"], run.status) == (EAST, "finished")


@pytest.mark.parametrize("lines", [0, 1])
def test_killed_between_the_two_journals_one_run_is_open(globe: Globe, lines: int) -> None:
    """The new run's first line counts; going on with it closes the old one."""

    class CutError(Exception):
        pass

    old = globe.half_done()
    add = globe.runs.add

    class Dying:
        def __getattr__(self, name: str) -> object:
            return getattr(globe.runs, name)

        def add(self, run: Run, what: str, move: str = "", **data: object) -> Run:
            if lines:
                add(run, what, move, **data)  # type: ignore[arg-type]
            raise CutError

    with pytest.raises(CutError):
        begin("failover", globe.prepared(AWAY), kit(), Dying(), now=globe.clock.now(), last_good=None)  # type: ignore[arg-type]
    found = globe.runs.open()
    assert found is not None
    assert found.begun.data["supersedes"] == old.id
    close_replaced(found, globe.runs)
    close_replaced(found, globe.runs)
    assert [event.what for event in globe.run(old.id).events].count("aborted") == 1
    assert globe.go(found).finished


def test_a_run_that_took_anothers_place_is_aborted_to_where_that_one_began(globe: Globe) -> None:
    """Not back to the lost target: to the world before both."""
    globe.half_done()
    run = globe.go(globe.begun(AWAY), pause_after="signal").run
    assert globe.abort(run).run.status == "aborted"
    assert globe.named(LONDON) == ""
    assert globe.runs.open() is None


def test_a_planned_order_and_a_second_one_to_the_same_region_replace_nothing(globe: Globe) -> None:
    """Only force, and only to somewhere else."""
    globe.half_done()
    assert globe.prepared(AWAY.model_copy(update={"mode": "planned"})).left is None
    assert globe.prepared(ORDER).left is None


def test_status_names_the_way_out_while_the_target_is_silent(globe: Globe) -> None:
    """The next command is the one that works: neither resume nor abort does."""
    globe.half_done()
    assert shown(globe)["next"] == f"sbctl failover --to {LONDON} --mode forced"


def test_status_tells_of_the_copy_that_stayed_behind_until_it_is_in_order(globe: Globe) -> None:
    """Silent: what happens when it returns. Returned: the command that cleans it up. Cleaned up: nothing."""
    globe.half_done()
    globe.go(globe.begun(AWAY))
    said = [row for row in shown(globe)["faults"] if row.get("check") == "signal-copy"]
    assert [(row["verdict"], row["fix"]) for row in said] == [("late", f"sbctl failover --rejoin {WEST}")]
    assert "DNS goes on answering eu-west-2" in said[0]["what"]
    globe.clock.sleep(60)
    globe.lost -= {WEST}
    data = shown(globe)
    said = [row for row in data["faults"] if row.get("check") == "signal-copy"]
    assert [(row["verdict"], row["from"]) for row in said] == [("bad", WEST)]
    assert data["next"] == f"sbctl failover --rejoin {WEST}"
    assert carry_out(globe.observer, kit(), examine(globe.observer, kit(), WEST), globe.runs)
    assert globe.named(WEST) == LONDON
    assert stale_copies(globe.runs.all(), kit()) == ()
    assert not [row for row in shown(globe)["faults"] if row.get("check") == "signal-copy"]


def test_a_copy_that_replication_put_right_needs_no_command(globe: Globe) -> None:
    """What the region itself says counts, and rejoining it writes nothing."""
    globe.half_done()
    globe.go(globe.begun(AWAY))
    globe.lost -= {WEST}
    globe.clock.sleep(60)
    globe.replicate()
    assert not [row for row in shown(globe)["faults"] if row.get("check") == "signal-copy"]
    assert not carry_out(globe.observer, kit(), examine(globe.observer, kit(), WEST), globe.runs)


def test_a_region_that_knows_the_newest_is_not_overwritten(globe: Globe) -> None:
    """Rejoining is for stale copies: an order that was given there is not undone by it."""
    globe.go(globe.begun(ORDER))
    with pytest.raises(SbctlError, match="is the newest"):
        examine(globe.observer, kit(), WEST)


REGIONS = (projects.EAST, projects.WEST, projects.LONDON)


@pytest.mark.parametrize("strategy", ["active-passive", "active-active"])
@pytest.mark.parametrize(
    ("back", "target"), [(a, b) for a in (EAST, WEST, LONDON) for b in (EAST, WEST, LONDON) if a != b]
)
def test_who_is_answered_when_a_stale_region_returns_is_what_the_checks_say(
    strategy: str, back: str, target: str
) -> None:
    """The sentence is held against the calculated checks as they are deployed: own endpoint, and no rival's takeover."""
    project = projects.project(*REGIONS, strategy=strategy)
    taken = {back, target}
    healthy = {one.region for one in REGIONS if not taken & {rival.region for rival in rivals(project, one, REGIONS)}}
    said = when_back(kit(strategy=strategy), back, target)
    stays = target in healthy and (
        strategy == "active-active" or min(healthy, key=(EAST, WEST, LONDON).index) == target
    )
    assert (f"DNS goes on answering {target}" in said) is stays
    assert (f"DNS leaves {target}" in said) is not stays


def test_an_order_without_a_signal_to_build_on_is_refused(globe: Globe) -> None:
    """The target's function answers and its table does not: a conditional write would be a guess."""
    globe.refusing = {WEST}
    decision = globe.prepared(FailoverRequest(target=WEST, mode="forced")).decision
    assert [problem.code for problem in decision.refusals] == ["signal-unknown"]


def test_a_run_that_gave_no_signal_yet_takes_back_that_of_the_run_it_replaced(globe: Globe) -> None:
    """The lost target's signal had arrived in the third region: an abort leaves it to nobody."""
    globe.half_done()
    globe.tables[LONDON].item = dict(globe.tables[WEST].item)
    run = globe.begun(AWAY)
    assert globe.named(LONDON) == WEST
    assert globe.abort(run).run.status == "aborted"
    assert globe.named(LONDON) == ""


def test_somebody_elses_order_is_no_lost_target(globe: Globe) -> None:
    """Another operator gave a signal meanwhile: whoever comes with force is told."""
    globe.half_done()
    other = {"region": EAST, "generation": "7", "run": "failover-other", "by": "kim@desk"}
    item = {name: {"N" if name == "generation" else "S": value} for name, value in other.items()}
    globe.tables[LONDON].item = {**item, "at": {"S": globe.clock.now().isoformat()}}
    assert [problem.code for problem in globe.prepared(AWAY).decision.refusals] == ["other-operator"]


@pytest.mark.parametrize("moved", [False, True])
def test_a_failback_goes_home_to_where_the_first_run_began(globe: Globe, moved: bool) -> None:
    """Not to the region that was lost in between."""
    old = globe.half_done()
    if moved:
        globe.runs.add(old, "move-done", "moved")
    run = globe.go(globe.begun(AWAY)).run
    assert run.begun.data["source"] == (WEST if moved else EAST)
    assert to_undo(globe.runs.all()).id == run.id
    assert home_of(run, globe.runs.all()) == EAST


def test_a_lost_target_that_is_left_for_home_leaves_nothing_to_return_from(globe: Globe) -> None:
    """Out and back by force: traffic is where it was."""
    globe.half_done()
    globe.lost -= {EAST}
    globe.go(globe.begun(AWAY.model_copy(update={"target": EAST})))
    with pytest.raises(SbctlError, match="no failover to return from"):
        to_undo(globe.runs.all())


def test_what_an_older_doctor_said_of_a_copy_does_not_outlive_it(globe: Globe) -> None:
    """A copy that is in order by the last look is in order, whatever a doctor kept."""
    old = Reading(check="signal-copy", target=WEST, verdict="bad", at=globe.clock.now(), detail="stale", fix="x")
    kept = {"status": readings_of(look(globe.observer, kit())), "doctor": (old,)}
    data = overview(kit(), kept, (), globe.clock.now())
    assert [row for row in data["faults"] if row.get("check") == "signal-copy"] == []
    assert "x" not in data["next"]


def test_a_region_that_was_left_by_force_with_the_signal_naming_it_is_told_of(globe: Globe) -> None:
    """No run was open: its copy stays as stale as a lost target's. That of the first region does no harm, and is not told."""
    found = []
    for source in (WEST, EAST):
        events = {"order": {"target": LONDON, "mode": "forced"}, "source": source, "previous": source}
        run = globe.runs.add(globe.runs.begin("failover", f"failover-{source}", **events), "finished")
        found.append([one.region for one in stale_copies([run], kit())])
    assert found == [[WEST], []]
