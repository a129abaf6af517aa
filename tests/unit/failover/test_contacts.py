"""Contacts in a region that a planned move leaves: counted over all queues, waited for when asked, and never in the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.core.clock import FakeClock
from sbctl.core.problem import Exit
from sbctl.failover.contacts import ContactsLeft, contacts_left
from sbctl.failover.decision.observe import Observer
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.execution.prepare import prepare
from sbctl.failover.execution.runner import RunOptions, RunOutcome
from sbctl.failover.execution.tools import Measures, Tools
from sbctl.failover.execution.workflow import begin, proceed
from sbctl.store.runs.store import RunStore
from tests.unit.failover.scenes import ALIKE, EAST, WEST, Site, Table, kit, lag


class Centre:
    """A region with queues: `active` contacts are with agents, one less at each look; the rest is the signal's table."""

    def __init__(self, queues: int = 1, active: int = 2) -> None:
        self.table = Table()
        self.queues, self.active = queues, active
        self.asked: list[int] = []
        self.refusal: AwsError | None = None

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        if service != "connect":
            return self.table.call(service, operation, region, **params)
        if self.refusal:
            raise self.refusal
        if operation == "ListQueues":
            return {"QueueSummaryList": [{"Id": f"q{number}"} for number in range(self.queues)]}
        assert operation == "GetCurrentMetricData"
        self.asked.append(len(params["Filters"]["Queues"]))
        self.active = max(0, self.active - 1)
        known = {"SLOTS_ACTIVE": self.active, "CONTACTS_IN_QUEUE": 0.0, "CONTACTS_SCHEDULED": 3.0}
        rows = [{"Metric": {"Name": name, "Unit": "COUNT"}, "Value": value} for name, value in known.items()]
        return {"MetricResults": [{"Collections": rows}]}

    def wait(self, seconds: float, reason: str) -> None: ...


def test_all_queues_are_counted() -> None:
    """A hundred queues a request, and their figures together; an instance without queues has nobody in them."""
    centre = Centre(queues=250, active=10)
    left = contacts_left(centre, EAST, "i-1")
    assert centre.asked == [100, 100, 50]
    assert (left.in_progress, left.queued, left.callbacks) == (9 + 8 + 7, 0, 9)
    assert contacts_left(Centre(queues=0), EAST, "i-1").none_left


@pytest.mark.parametrize("instance", ["", "i-1"])
def test_a_region_that_says_nothing_is_unknown(instance: str) -> None:
    """Not zero: unknown, and why."""
    centre = Centre()
    centre.refusal = AwsError("AccessDeniedException", "no", service="connect", region=EAST, status=403)
    left = contacts_left(centre, EAST, instance)
    assert left.in_progress is None
    assert left.detail
    assert not left.none_left


def moved(folder: Path, centre: Centre, drain: float, mode: str = "planned", *, stop: bool = False) -> RunOutcome:
    clock = FakeClock()
    site = Site(centre.table, clock)
    runs = RunStore(folder / "runs", clock, clock, "test")
    observer = Observer(aws=centre, http=site, dns=site, clock=clock, world=clock, alone=True)
    measured = Measures(
        lambda _s, _t: (lag(1.0),), lambda _s, _t: (ALIKE,), lambda _s, _t: (lag(1.0),), lambda _s, _t: ()
    )
    asked = {"stop": False}
    tools = Tools(kit(), runs, lambda: observer, measured, lambda _: None, lambda: asked["stop"])
    values = {"target": WEST, "source": EAST, "mode": mode, "reason": "r", "by": "op@host", "drain_seconds": drain}
    prepared = prepare(FailoverRequest.model_validate(values), tools)
    run = begin("failover", prepared, kit(), runs, now=clock.now(), last_good=None)
    asked["stop"] = stop
    return proceed(run, tools, RunOptions())


def test_a_move_waits_until_nobody_is_left(tmp_path: Path) -> None:
    """The signal comes when the last contact has ended; how long that took is in the journal."""
    outcome = moved(tmp_path, Centre(active=3), drain=600)
    assert outcome.finished
    assert [event.move for event in outcome.run.events if event.what == "move-done"][:2] == ["drain", "signal"]
    done = next(event for event in outcome.run.events if event.what == "move-done" and event.move == "drain")
    assert done.data["seconds"] == 10
    assert ContactsLeft.model_validate(done.data["contacts"]).none_left


def test_a_move_waits_no_longer_than_it_was_given(tmp_path: Path) -> None:
    """When the time has passed it goes on, and says who was left."""
    outcome = moved(tmp_path, Centre(active=10_000), drain=12)
    assert outcome.finished
    done = next(event for event in outcome.run.events if event.what == "move-done" and event.move == "drain")
    assert done.data["seconds"] == 12
    assert done.data["contacts"]["in_progress"] > 0


def test_a_region_that_cannot_say_is_waited_for_as_long_as_was_given(tmp_path: Path) -> None:
    """Nobody knows whether they have ended."""
    centre = Centre()
    centre.refusal = AwsError("Unreachable", "no answer in time", service="connect", region=EAST)
    assert moved(tmp_path, centre, drain=12).finished


def test_a_forced_move_never_asks(tmp_path: Path) -> None:
    """Also where a planned one that waits is forced on."""
    centre = Centre(active=5)
    outcome = moved(tmp_path, centre, drain=600, mode="forced")
    assert outcome.finished
    assert centre.asked == []


def test_stopped_while_it_waits(tmp_path: Path) -> None:
    """The run is paused, and stays open."""
    outcome = moved(tmp_path, Centre(active=50), drain=600, stop=True)
    assert [problem.exit for problem in outcome.problems] == [Exit.INTERRUPTED]
