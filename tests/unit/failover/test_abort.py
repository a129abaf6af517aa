"""Taking a run back: whatever became of its signal, the run is closed, and what is said of it is true."""

from __future__ import annotations

from pathlib import Path

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.core.moving.run import Run
from sbctl.core.problem import Exit
from sbctl.failover.execution.runner import RunOutcome
from tests.unit.failover.killing import Dying, Killed
from tests.unit.failover.scenes import EAST, LONDON, WEST, Table
from tests.unit.failover.test_runner import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def cut_before_the_write(bench: Bench) -> Run:
    """A run that was killed between its intent and its signal."""
    with pytest.raises(Killed):
        bench.go(bench.begin(), Dying(bench.runs, 1, written=True))
    left = bench.runs.open()
    assert left is not None
    return left


def codes(outcome: RunOutcome) -> list[tuple[str, Exit]]:
    return [(problem.code, problem.exit) for problem in outcome.problems]


def test_a_run_that_never_gave_its_signal_is_closed(bench: Bench) -> None:
    """Killed before the write: aborted, exit 0, and it says that there was nothing to take back."""
    outcome = bench.abort(cut_before_the_write(bench))
    assert outcome.run.status == "aborted"
    assert codes(outcome) == [("signal-never-given", Exit.DONE)]
    assert bench.table.item["region"] == {"S": ""}
    assert bench.runs.open() is None


def test_a_write_that_was_still_on_its_way_comes_too_late(bench: Bench) -> None:
    """After an abort the run's own conditional write is refused: nobody is sent anywhere by a run that is over."""
    run = cut_before_the_write(bench)
    call = run.begun.data["moves"][0]["calls"][0]
    bench.abort(run)
    with pytest.raises(AwsError, match="ConditionalCheckFailed"):
        bench.table.call(call["service"], call["operation"], call["region"], **call["params"])


def test_a_run_that_another_operator_beat_is_closed_and_says_who(bench: Bench) -> None:
    """The other signal stays as it is: the run had nothing there to take back."""
    bench.table.before = lambda: others(bench.table)
    beaten = bench.go(bench.begin())
    assert codes(beaten) == [("other-operator", Exit.LOCKED)]
    bench.table.before = lambda: None
    outcome = bench.abort(beaten.run)
    assert outcome.run.status == "aborted"
    assert codes(outcome) == [("signal-of-another", Exit.DONE)]
    assert "kim@desk" in outcome.problems[0].detail
    assert bench.table.item["region"] == {"S": LONDON}


def others(table: Table) -> None:
    other = {"region": LONDON, "generation": "1", "run": "failover-other", "by": "kim@desk", "at": "03:00"}
    table.item = {name: {"N" if name == "generation" else "S": value} for name, value in other.items()}


def test_a_run_that_did_nothing_needs_nobody_to_be_aborted(bench: Bench) -> None:
    """Nothing was begun, so no region is asked: it can be closed while all of them are silent."""
    outcome = bench.abort(bench.begin())
    assert (outcome.run.status, outcome.problems) == ("aborted", ())
    assert bench.table.calls == []


@pytest.mark.parametrize("written", [True, False])
@pytest.mark.parametrize("line", range(1, 4))
def test_an_abort_that_is_killed_is_done_again(bench: Bench, line: int, written: bool) -> None:
    """Before and after every line that it writes: the signal names whom it named before, given back once."""
    run = bench.go(bench.begin(), pause_after="signal").run
    with pytest.raises(Killed):
        bench.abort(run, Dying(bench.runs, line, written=written))
    if (left := bench.runs.open()) is not None:
        assert bench.abort(left).run.status == "aborted"
    assert (bench.table.item["region"], bench.table.item["generation"]) == ({"S": ""}, {"N": "2"})


@pytest.mark.parametrize("line", [1, 2])
def test_an_abort_that_is_killed_can_be_thought_better_of(bench: Bench, line: int) -> None:
    """Resumed instead: the signal names the target again, and the run finishes."""
    run = bench.go(bench.begin(), pause_after="signal").run
    with pytest.raises(Killed):
        bench.abort(run, Dying(bench.runs, line, written=True))
    left = bench.runs.open()
    assert left is not None
    assert bench.go(left).finished
    assert bench.table.item["region"] == {"S": WEST}


def test_a_silent_target_is_named_with_what_is_known_and_what_can_be_done(bench: Bench) -> None:
    """The run stays open; the remedies are the other region now, or the abort later."""
    run = bench.go(bench.begin(), pause_after="signal").run
    bench.table.silent = True
    outcome = bench.abort(run)
    (problem,) = outcome.problems
    assert (problem.code, problem.exit, outcome.run.status) == ("target-silent", Exit.PARTIAL, "open")
    assert "the signal was given there" in problem.detail
    assert f"DNS answers {EAST}" in problem.detail
    assert f"sbctl failover --to {LONDON} --mode forced" in problem.fix
    assert f"When {WEST} answers: sbctl failover --abort" in problem.fix
    bench.table.silent = False
    assert bench.abort(outcome.run).run.status == "aborted"


def test_whether_a_cut_off_signal_was_given_is_said_to_be_unknown(bench: Bench) -> None:
    """Nothing is claimed that the journal does not say."""
    run = cut_before_the_write(bench)
    bench.table.silent = True
    assert "is not known" in bench.abort(run).problems[0].detail


def test_ctrl_c_ends_a_run_between_two_moves(bench: Bench) -> None:
    """The move in hand is ended and recorded, the next one is not begun."""
    bench.table.before = lambda: setattr(bench, "stopping", True)
    outcome = bench.go(bench.begin())
    assert codes(outcome) == [("paused", Exit.INTERRUPTED)]
    assert [event.move for event in outcome.run.events if event.what == "move-done"] == ["signal"]
