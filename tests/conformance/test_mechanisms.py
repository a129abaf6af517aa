"""What every mechanism must do: end where an uninterrupted run ends, whatever dies; be taken back; give way; say what it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sbctl.core.moving.recovery_bound import WorstCase
from sbctl.core.moving.run import Run
from sbctl.core.problem import Exit
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.execution.prepare import prepare
from sbctl.failover.execution.runner import RunOptions, RunOutcome, steps_of
from sbctl.failover.execution.workflow import abort, begin, proceed
from sbctl.failover.mechanism import mechanism_named, mechanisms
from tests.conformance.mechanism_sites import SITES, Place
from tests.unit.failover.killing import Dying, Killed
from tests.unit.failover.scenes import EAST, LONDON, WEST, kit, world

NAMES = sorted(mechanisms())


def order(name: str, target: str = WEST) -> FailoverRequest:
    return FailoverRequest(target=target, source=EAST, mode="forced", mechanism=name, reason="lost", by="op@host")


def begun(name: str, place: Place, target: str = WEST) -> Run:
    tools = place.tools()
    prepared = prepare(order(name, target), tools)
    assert prepared.decision.go, prepared.decision.refusals
    return begin("failover", prepared, kit(), place.runs, now=place.clock.now(), last_good=None)


def gone_on(place: Place, run: Run, runs: Any = None, **wishes: Any) -> RunOutcome:
    return proceed(run, place.tools(runs), RunOptions(**wishes))


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def place(name: str, tmp_path: Path) -> Place:
    return SITES[name](tmp_path)


def test_it_says_what_it_needs(name: str) -> None:
    """A plane and a title for every step, calls as AWS names them, and a worst case; each step's own calls are among them."""
    one = mechanism_named(name)
    assert {plane.mechanism for plane in one.planes} == {name}
    assert all(call.count(":") == 1 for call in one.calls)
    assert isinstance(one.recovery_bound(kit().rules), WorstCase)
    steps = one.steps(order(name), kit(), world(), world().signal)
    assert len({step.name for step in steps}) == len(steps)
    assert all(step.title and step.depends_on for step in steps)
    made = {f"{call['service']}:{call['operation']}" for step in steps for call in step.calls if "service" in call}
    assert made <= one.calls
    assert any(step.undo for step in steps)


def test_it_moves_traffic(name: str, place: Place) -> None:
    """Every step done, once, and DNS answers the target."""
    outcome = gone_on(place, begun(name, place))
    assert (outcome.finished, outcome.problems) == (True, ())
    assert place.answered() == WEST
    assert place.changes == 1
    assert outcome.run.done() == {step.name for step in steps_of(outcome.run)}


@pytest.mark.parametrize("written", [True, False], ids=["after", "before"])
@pytest.mark.parametrize("line", range(1, 8))
def test_killed_at_any_line_it_ends_the_same(name: str, place: Place, line: int, written: bool) -> None:
    """Another process goes on from the journal alone; the write that moves traffic took effect once."""
    run = begun(name, place)
    with pytest.raises(Killed):
        gone_on(place, run, Dying(place.runs, line, written=written))
    left = place.runs.open()
    if left is not None:
        assert gone_on(place, left).finished
    assert place.answered() == WEST
    assert place.changes == 1
    assert place.runs.open() is None
    assert len(mechanism_named(name).steps(order(name), kit(), world(), world().signal)) * 2 + 1 == 7


@pytest.mark.parametrize("written", [True, False], ids=["after", "before"])
@pytest.mark.parametrize("line", range(1, 4))
def test_killed_while_it_is_taken_back(name: str, place: Place, line: int, written: bool) -> None:
    """Taken back again, it is as before, and closed."""
    first = mechanism_named(name).steps(order(name), kit(), world(), world().signal)[0].name
    run = gone_on(place, begun(name, place), pause_after=first).run
    with pytest.raises(Killed):
        abort(run, place.tools(Dying(place.runs, line, written=written)))
    left = place.runs.open()
    if left is not None:
        assert abort(left, place.tools()).run.status == "aborted"
    assert place.answered() == EAST
    assert place.runs.open() is None


def test_the_plane_that_it_needs_is_lost(name: str, place: Place) -> None:
    """The step fails with the region in its words, the run stays open; when it is back, the run comes to its end."""
    run = begun(name, place)
    place.lost.add(place.control)
    outcome = gone_on(place, run)
    assert [problem.exit for problem in outcome.problems] == [Exit.PARTIAL]
    assert place.control in f"{outcome.problems[0].at} {outcome.problems[0].detail}"
    assert outcome.run.status == "open"
    place.lost.clear()
    assert gone_on(place, outcome.run).finished


def test_stopped_by_the_operator_it_goes_on_later(name: str, place: Place) -> None:
    """Nothing more is begun; the run is paused, and says how to go on."""
    run = begun(name, place)
    place.stopping = True
    outcome = gone_on(place, run)
    assert [problem.exit for problem in outcome.problems] == [Exit.INTERRUPTED]
    assert place.changes == 0
    place.stopping = False
    assert gone_on(place, outcome.run).finished


def test_another_operator_meanwhile_is_never_taken_back(name: str, place: Place) -> None:
    """Where orders say whose they are, the second operator is told; a run taken back leaves another's order standing."""
    run = begun(name, place, LONDON) if name == "records" else begun(name, place)
    place.other_acts(WEST)
    outcome = gone_on(place, run)
    if mechanism_named(name).signals:
        assert [problem.code for problem in outcome.problems] == ["other-operator"]
        abort(outcome.run, place.tools())
        assert place.answered() == WEST
    else:
        assert place.answered() == LONDON  # Route 53 keeps no author: of two changes the last one stands
