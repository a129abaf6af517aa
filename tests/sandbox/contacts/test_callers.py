"""Generators of calls: how many, what their callers got, and who calls again."""

from __future__ import annotations

from sbctl.sandbox.connect.contacts.callers.generator import Generator, Plan
from tests.sandbox.contacts.call_centre import CallCentre, menu, to_queue


def callers(centre: CallCentre, number: str, **plan: object) -> Generator:
    """Callers, sixty a minute for ten seconds unless the plan says otherwise."""
    values: dict[str, object] = {"rate": 60.0, "until": centre.clock.seconds() + 10, "mix": [], "numbers": [number]}
    with centre.live.ground.resources.lock:
        return centre.live.callers.start(Plan(**{**values, **plan}))  # type: ignore[arg-type]


def test_callers_call_at_their_rate_and_are_answered() -> None:
    """Sixty a minute for ten seconds are ten calls, all answered where there are agents; each second tells its own."""
    centre = CallCentre()
    number = centre.number(centre.flow("queue", to_queue(centre.queue)))
    centre.agents(10, talk=5, acw=0, accept=1)
    made = callers(centre, number)
    centre.advance(30)
    totals = made.totals
    assert (totals.started, totals.answered, totals.lost, made.state) == (10, 10, 0, "done")
    rows = centre.live.callers.seconds.rows(0, 1e12)
    assert sum(row["started"] for row in rows) == sum(row["taken"] for row in rows) == 10
    assert [row["answered"] for row in rows if row["answered"]] == [1] * 10
    assert {row["region"] for row in rows} == {centre.region}
    assert max(row["wait_seconds_max"] for row in rows) == 1.0


def test_lost_callers_call_again() -> None:
    """Who is lost with the region calls once more, and is answered when it is back; without `again` nobody does."""
    centre = CallCentre()
    number = centre.number(centre.flow("queue", to_queue(centre.queue)))
    made = callers(centre, number, until=centre.clock.seconds() + 3, again=15.0)
    others = callers(centre, number, until=centre.clock.seconds() + 3, again=None)
    centre.advance(5)
    assert made.waiting() == 3
    centre.down.add(centre.region)
    centre.lost[0]()
    assert made.totals.lost == others.totals.lost == 3
    centre.advance(16)
    assert made.totals.refused == 3 and made.totals.why_refused == "us-east-1 is down"
    centre.down.clear()
    centre.lost[0]()
    centre.agents(5, talk=5, accept=0)
    centre.advance(30)
    assert (made.totals.answered, made.totals.again) == (3, 6)
    assert (others.totals.answered, others.totals.again, others.totals.started) == (0, 0, 3)


def test_callers_of_a_mix_behave_as_their_rows_say() -> None:
    """Weights choose the sort of caller; keys and patience are of the row."""
    centre = CallCentre()
    number = centre.number(centre.flow("menu", to_queue(centre.queue, menu("1?", _1="set"))))
    mix = [{"weight": 1.0, "presses": ["1"], "patience": 5.0}, {"weight": 1.0, "presses": ["9"]}]
    made = callers(centre, number, until=centre.clock.seconds() + 20, mix=mix, again=None)
    centre.advance(40)
    totals = made.totals
    assert totals.started == 20
    assert totals.lost + totals.served == 20 and totals.lost > 3 and totals.served > 3
    assert totals.wait_seconds_max == 5.0


def test_the_seconds_tell_who_waits_and_who_reached_the_wrong_region() -> None:
    """Waiting is sampled at the end of each second; answers elsewhere than expected are counted."""
    centre = CallCentre()
    number = centre.number(centre.flow("queue", to_queue(centre.queue)))
    made = callers(centre, number, until=centre.clock.seconds() + 3, expected="eu-west-1")
    centre.advance(5)
    rows = centre.live.callers.seconds.rows(0, 1e12, made.id)
    assert [row["waiting"] for row in rows][-2:] == [3, 3]
    centre.agents(3, accept=0)
    centre.advance(1)
    assert made.totals.wrong_region == 3


def test_a_carrier_routes_calls_to_another_number() -> None:
    """A route sends calls of a number to another one, until it is taken back."""
    centre = CallCentre()
    first = centre.number(centre.flow("first", to_queue(centre.queue)))
    second = centre.number(centre.flow("second", to_queue(centre.queue)))
    centre.live.lines.routes[first] = second
    line = centre.live.lines.line(first)
    assert line is not None and line.number == second
    del centre.live.lines.routes[first]
    line = centre.live.lines.line(first)
    assert line is not None and line.number == first


def test_a_quota_refuses_callers_unless_they_are_unlimited() -> None:
    """Ten calls at a time are a new instance's; callers of a drill are lost by regions alone."""
    centre = CallCentre()
    number = centre.number(centre.flow("queue", to_queue(centre.queue)))
    refused = callers(centre, number, until=centre.clock.seconds() + 15, again=None)
    centre.advance(20)
    assert (refused.totals.started, refused.totals.refused) == (15, 5)
    made = callers(centre, number, until=centre.clock.seconds() + 15, again=None, unlimited=True)
    centre.advance(20)
    assert (made.totals.started, made.totals.refused, made.waiting()) == (15, 0, 15)
