"""The runner: every move journaled, killed anywhere and resumed, taken back, and only one of two operators first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sbctl.core.clock import FakeClock
from sbctl.core.moving.run import Run
from sbctl.core.problem import Exit
from sbctl.failover.decision.decide import decide
from sbctl.failover.decision.earlier_orders import Past
from sbctl.failover.decision.observe import Observer
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.execution.prepare import Prepared
from sbctl.failover.execution.runner import RunOptions, RunOutcome
from sbctl.failover.execution.tools import Tools
from sbctl.failover.execution.workflow import abort, begin, proceed
from sbctl.store.runs.store import RunStore
from tests.unit.failover.killing import Dying, Killed
from tests.unit.failover.regions import UNMEASURED
from tests.unit.failover.scenes import EAST, WEST, Site, Table, kit, world

ORDER = FailoverRequest(target=WEST, mode="forced", by="op@host", reason="lost")


class Bench:
    """A run in a folder of its own, with a data plane and DNS in front of it."""

    def __init__(self, folder: Path, table: Table | None = None) -> None:
        self.clock = FakeClock()
        self.table = table or Table()
        self.site = Site(self.table, self.clock)
        self.observer = Observer(aws=self.table, http=self.site, dns=self.site, clock=self.clock, world=self.clock)
        self.runs = RunStore(folder / "runs", self.clock, self.clock, "test")
        self.stopping = False

    def begin(self, last_good: str | None = None) -> Run:
        decision = decide(ORDER, kit(), world(), Past())
        prepared = Prepared(ORDER, world(), decision, ())
        return begin("failover", prepared, kit(), self.runs, now=self.clock.now(), last_good=last_good)

    def go(self, run: Run, journal: Any = None, **options: Any) -> RunOutcome:
        return proceed(run, self.tools(journal), RunOptions(**options))

    def abort(self, run: Run, journal: Any = None) -> RunOutcome:
        return abort(run, self.tools(journal))

    def tools(self, journal: Any = None) -> Tools:
        runs = journal or self.runs
        return Tools(kit(), runs, lambda: self.observer, UNMEASURED, lambda _: None, lambda: self.stopping)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_run_moves_traffic_and_measures_it(bench: Bench) -> None:
    """Signal, answer, DNS; the clocks run from the decision, and from the last good answer, to the moved traffic."""
    bench.clock.sleep(40)
    begun = bench.begin(last_good="2026-01-01T00:00:10+00:00")
    bench.site.after = 70
    outcome = bench.go(begun)
    assert (outcome.finished, outcome.problems) == (True, ())
    assert bench.table.item["region"] == {"S": WEST}
    assert outcome.run.result["rto_seconds"] == pytest.approx(30, abs=1)
    assert outcome.run.result["since_last_good_seconds"] == pytest.approx(60, abs=1)
    assert all(region == WEST for _, region in bench.table.calls)


@pytest.mark.parametrize("written", [True, False])
@pytest.mark.parametrize("line", range(1, 8))
def test_killed_at_any_line_a_run_ends_where_an_uninterrupted_one_ends(
    tmp_path: Path, line: int, written: bool
) -> None:
    """Before and after every line of the journal: the resumed run gives the same signal once, and finishes."""
    bench = Bench(tmp_path)
    begun = bench.begin()
    with pytest.raises(Killed):
        bench.go(begun, Dying(bench.runs, line, written=written))
    again = Bench(tmp_path, bench.table)
    again.clock.sleep(bench.clock.monotonic())
    left = again.runs.open()
    if left is None:
        assert written
        assert line == 7
        return
    outcome = again.go(left)
    assert outcome.finished
    assert bench.table.item["generation"] == {"N": "1"}
    assert sum(call == "dynamodb:PutItem" for call, _ in bench.table.calls) == 1
    assert again.runs.open() is None


def test_a_lost_answer_is_looked_up(bench: Bench) -> None:
    """The write took effect although nobody heard of it: it is not made again."""
    bench.table.lose_answers = 1
    assert bench.go(bench.begin()).finished
    assert bench.table.item["generation"] == {"N": "1"}


def test_of_two_operators_one_wins_and_the_other_is_told_who(bench: Bench) -> None:
    """Another signal was given between look and write: exit 5, with the name of who gave it."""
    other = {"region": "eu-west-2", "generation": "1", "run": "failover-other", "by": "kim@desk", "at": "03:00"}

    def first() -> None:
        bench.table.item = {name: {"N" if name == "generation" else "S": value} for name, value in other.items()}

    bench.table.before = first
    outcome = bench.go(bench.begin())
    (problem,) = outcome.problems
    assert (problem.code, problem.exit) == ("other-operator", Exit.LOCKED)
    assert "kim@desk" in problem.detail
    assert outcome.run.status == "open"


def test_dns_that_does_not_follow_fails_the_move_and_keeps_the_run(bench: Bench) -> None:
    """After the worst case and a margin the move has failed; tried again once DNS follows, the run finishes."""
    bench.site.stuck = True
    outcome = bench.go(bench.begin())
    (problem,) = outcome.problems
    assert (problem.code, problem.exit) == ("move-failed", Exit.PARTIAL)
    assert "DNS answers us-east-1" in problem.detail
    bench.site.stuck = False
    assert bench.go(outcome.run).finished


def test_a_move_can_be_left_out(bench: Bench) -> None:
    """A function that does not answer need not hold up what DNS already shows."""
    outcome = bench.go(bench.begin(), skip=frozenset({"served"}))
    assert outcome.finished
    assert [event.what for event in outcome.run.events if event.move == "served"] == ["move-skipped"]


def test_a_run_can_pause_and_go_on(bench: Bench) -> None:
    """After the move that was named it stops and stays open, exit 130."""
    outcome = bench.go(bench.begin(), pause_after="signal")
    assert (outcome.run.status, outcome.problems[0].exit) == ("open", Exit.INTERRUPTED)
    assert bench.go(outcome.run).finished


def test_ctrl_c_pauses_while_waiting(bench: Bench) -> None:
    """A run that is stopped while it waits for DNS stays open."""
    bench.site.stuck = True
    bench.stopping = True
    outcome = bench.go(bench.begin())
    assert (outcome.problems[0].code, outcome.run.status) == ("paused", "open")


def test_an_aborted_run_gives_the_signal_back(bench: Bench) -> None:
    """The signal names whoever it named before, in a generation of its own, and the run is over."""
    outcome = bench.go(bench.begin(), pause_after="signal")
    ended = bench.abort(outcome.run)
    assert (ended.run.status, ended.problems) == ("aborted", ())
    assert (bench.table.item["region"], bench.table.item["generation"]) == ({"S": ""}, {"N": "2"})
    assert bench.runs.open() is None


def test_the_region_that_is_left_hears_nothing(bench: Bench) -> None:
    """No call of a forced run goes to the lost region."""
    bench.go(bench.begin())
    assert EAST not in {region for _, region in bench.table.calls}
