"""The decision: what refuses a failover, with which figure, and what overrides it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.core.aws.problem import from_aws
from sbctl.core.moving.rules import Guards, Rules
from sbctl.core.moving.run import Run, RunEvent
from sbctl.core.problem import Exit
from sbctl.core.reading import Reading
from sbctl.failover.decision.decide import Decision, decide
from sbctl.failover.decision.earlier_orders import Past
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.decision.snapshot import TrafficSnapshot
from sbctl.failover.signal import Signal
from tests.unit.failover.scenes import ALIKE, EAST, LONDON, NOW, WEST, ended, kit, lag, signalled, world

ACK = RunEvent(at=NOW, world=NOW, what="acknowledged")
UNLIKE = ALIKE.model_copy(update={"verdict": "bad", "subject": "connect_queue.support", "detail": "missing"})


def decided(seen: TrafficSnapshot, last: Run | None = None, **order: Any) -> Decision:
    return decide(FailoverRequest(**{"target": WEST, **order}), kit(), seen, Past(last=last))


def codes(decision: Decision) -> list[str]:
    return [problem.code for problem in decision.refusals]


def test_a_planned_failover_of_healthy_regions_goes_ahead() -> None:
    """Everything holds: traffic leaves the active region, and the sentence has the numbers in it."""
    found = decided(world())
    assert (found.go, found.source, codes(found)) == (True, EAST, [])
    assert found.sentence.startswith("Traffic goes from us-east-1 to us-west-2 (planned")
    assert "122 s at worst" in found.sentence


@pytest.mark.parametrize(
    ("seen", "order", "code", "figure", "guard"),
    [
        (world(sick=WEST), {}, "target-unhealthy", "us-west-2 is failing: HTTP 503", "health"),
        (world(sick=EAST), {}, "source-unhealthy", "us-east-1 is failing: HTTP 503", "health"),
        (world(active=WEST), {}, "already-active", "us-west-2 is the active region", "active"),
        (world(active=LONDON), {"source": EAST}, "not-active", "eu-west-2 is active", "from"),
        (world(active=""), {}, "active-unknown", "DNS says nothing", "from"),
        (world(lag=(lag(75.0),)), {}, "lag", "75.0 s; the guard allows 60 s", "lag"),
        (world(lag=(lag(1.0, "unknown"),)), {}, "lag", "1.0 s", "lag"),
        (world(lag=()), {}, "lag", "nobody measured it", "lag"),
        (world(parity=(UNLIKE,)), {}, "parity", "1 difference: connect_queue.support: missing", "parity"),
        (world(parity=()), {}, "parity", "nobody compared", "parity"),
    ],
)
def test_a_guard_refuses_with_the_figure_and_its_override(
    seen: TrafficSnapshot, order: dict[str, Any], code: str, figure: str, guard: Any
) -> None:
    """Exit 7, the figure in the detail, and the same order with the override goes ahead."""
    refused = decided(seen, **order)
    (problem,) = refused.refusals
    assert (refused.go, problem.code, problem.exit) == (False, code, Exit.REFUSED)
    assert figure in problem.detail
    allowed = decided(seen, **order, overridden=(guard,))
    assert allowed.go
    assert figure in allowed.overridden[0]


@pytest.mark.parametrize(
    ("seen", "source"), [(world(active=WEST, sick=EAST), EAST), (signalled(world(active=WEST), LONDON), LONDON)]
)
def test_traffic_that_came_by_health_checks_alone_can_be_kept(seen: TrafficSnapshot, source: str) -> None:
    """By force it is no refusal that DNS is there already: the region that held traffic is left, and the sentence says why."""
    orders: tuple[dict[str, Any], ...] = ({}, {"source": source})
    for order in orders:
        found = decided(seen, mode="forced", reason="lost", **order)
        assert (found.go, found.source) == (True, source)
        assert f"from {source} to us-west-2 by health checks alone" in found.sentence


def test_a_planned_failover_to_where_traffic_went_by_itself_names_the_command_that_keeps_it() -> None:
    """It is refused, and the remedy is the command that keeps traffic there."""
    [problem] = [one for one in decided(world(active=WEST)).refusals if one.code == "already-active"]
    assert "goes back when us-east-1 looks well" in problem.detail
    assert "sbctl failover --to us-west-2 --mode forced" in problem.fix


@pytest.mark.parametrize("order", [{}, {"mode": "forced", "reason": "lost"}])
def test_traffic_that_is_where_it_was_ordered_to_stays_without_a_second_order(order: dict[str, Any]) -> None:
    """The signal names the region already: there is nothing to keep."""
    assert codes(decided(signalled(world(active=WEST, sick=EAST), WEST), **order))[0] == "already-active"
    assert "already-active" in codes(decide(FailoverRequest(target=EAST, **order), kit(), world(), Past()))


def test_all_refusals_come_at_once() -> None:
    """Nobody learns of them one by one."""
    found = decided(world(sick=WEST, lag=(lag(90.0),), parity=(UNLIKE,)), ended(10))
    assert codes(found) == ["target-unhealthy", "lag", "parity", "cooldown"]
    assert "4 guards refuse" in found.sentence


def test_what_several_guards_refuse_one_command_overrides() -> None:
    """Each remedy names them all, and the order with all of them goes ahead."""
    seen, past = world(lag=(lag(90.0),), parity=(UNLIKE,)), ended(10)
    found = decided(seen, past)
    guards = ("lag", "parity", "cooldown")
    assert codes(found) == [*guards]
    whole = "sbctl failover --to us-west-2 " + " ".join(f"--override {guard}" for guard in guards)
    assert all(f"If it must be: {whole}" in problem.fix for problem in found.refusals), found.refusals
    assert decided(seen, past, overridden=guards).go


def test_a_forced_failover_needs_neither_lag_nor_parity_nor_the_lost_region() -> None:
    """What cannot be had from a lost region does not hold up leaving it."""
    found = decided(world(sick=EAST, lag=(), parity=()), mode="forced")
    assert found.go
    assert found.loss.seconds is None
    assert "no lag from us-east-1 is known" in found.loss.basis


def test_a_forced_failover_to_a_sick_region_is_refused() -> None:
    """Leaving one lost region for another helps nobody."""
    assert codes(decided(world(sick=WEST), mode="forced")) == ["target-unhealthy"]


def test_the_loss_is_the_worst_lag_that_is_known_with_its_age() -> None:
    """The slowest figure counts; objects come from the backlog, and items need a rate of writes."""
    old = [lag(3.0), lag(7.5)]
    backlog = Reading(check="backlog", source=EAST, value=12, unit="objects", verdict="ok", at=NOW)
    loss = decided(world(lag=tuple(old), backlog=(backlog,)), mode="forced").loss
    assert (loss.seconds, loss.items, loss.objects) == (7.5, None, 12)
    assert "0 s old" in loss.basis
    assert "no rate of writes is known" in loss.basis


@pytest.mark.parametrize(
    ("rates", "items"),
    [
        ({"customers": 2.0}, 15),
        ({"customers": 0.0}, 0),
        ({"customers": 0.1}, 1),
        ({"customers": 2.0, "config": 4.0}, None),
        ({}, None),
    ],
)
def test_the_items_at_risk_are_lag_times_rate_of_writes(rates: dict[str, float], items: int | None) -> None:
    """Each table by itself, rounded up; a table whose lag nobody knows makes the sum unknown, never smaller."""
    written = tuple(
        Reading(check="write-rate", subject=table, source=EAST, value=value, unit="writes/s", verdict="ok", at=NOW)
        for table, value in rates.items()
    )
    loss = decided(world(lag=(lag(3.0), lag(7.5)), backlog=written), mode="forced").loss
    assert loss.items == items


@pytest.mark.parametrize(
    ("last", "order", "refused"),
    [
        (ended(10), {}, ["cooldown"]),
        (ended(1799), {}, ["cooldown"]),
        (ended(1801), {}, []),
        (ended(10, ACK), {}, []),
        (ended(10), {"overridden": ("cooldown",)}, []),
        (ended(10), {"undoes": "failover-x"}, ["cooldown"]),
        (ended(10), {"mode": "forced"}, []),
    ],
)
def test_a_cooldown_lasts_until_it_is_over_or_acknowledged(
    last: Run, order: dict[str, Any], refused: list[str]
) -> None:
    """Within 1,800 s of a failover a planned one is refused, and the failback that undoes it; a forced one goes on."""
    assert codes(decided(world(), last, **order)) == refused


def test_lag_at_several_places_is_one_problem() -> None:
    """With each of them, and one remedy; beyond six the rest is counted."""
    places = tuple(lag(90.0 + number).model_copy(update={"subject": f"table-{number}"}) for number in range(3))
    found = decided(world(lag=places))
    (problem,) = found.refusals
    assert all(f"table-{number} {EAST} → {WEST}" in problem.detail for number in range(3))
    assert problem.fix.count("--override lag") == 1
    assert "one guard refuses" in found.sentence
    (problem,) = decided(world(lag=places * 3)).refusals
    assert "; and 3 more; the guard allows" in problem.detail


def in_a_world(last: Run, ahead: timedelta) -> Run:
    """The same run, in a sandbox whose clock was so far ahead of this machine's."""
    events = tuple(one.model_copy(update={"world": one.at + ahead}) for one in last.events)
    return last.model_copy(update={"events": events})


@pytest.mark.parametrize(("real", "ahead", "refused"), [(10, -3600, []), (7200, 7190, ["cooldown"]), (7200, 86400, [])])
def test_a_cooldown_is_of_the_clock_of_the_world(real: float, ahead: float, refused: list[str]) -> None:
    """A sandbox that was advanced has outlived it; of a world that is gone, whose clock had run on, real time counts."""
    assert codes(decided(world(), in_a_world(ended(real), timedelta(seconds=ahead)))) == refused


def test_the_rules_set_the_limits() -> None:
    """A lag of 75 s is fine where the guard allows 90, and parity is not asked for where the rules do not."""
    rules = Rules(guards=Guards(max_lag_seconds=90, require_parity=False))
    found = decide(FailoverRequest(target=WEST), kit(rules=rules), world(lag=(lag(75.0),), parity=()), Past())
    assert found.go


def test_without_a_signal_table_the_default_mechanism_is_refused() -> None:
    """The reason is that of the deployment; editing records still works."""
    bare = kit(signal_table="", no_signal="us-west-2 has no function 'health' with a URL")
    found = decide(FailoverRequest(target=WEST), bare, world(), Past())
    assert [problem.code for problem in found.refusals] == ["no-takeover"]
    assert "no function 'health'" in found.refusals[0].detail
    assert decide(FailoverRequest(target=WEST, mechanism="records"), bare, world(), Past()).go


def test_unknown_activity_and_force_take_the_operators_word() -> None:
    """With DNS silent, the operator says what is left; else the signal, else the primary."""
    assert decided(world(active=""), mode="forced", source=LONDON).source == LONDON
    assert decided(world(active=""), mode="forced").source == EAST


@pytest.mark.parametrize(("verdict", "refused"), [("unknown", []), ("bad", ["parity"])])
def test_a_quota_that_aws_does_not_tell_is_no_difference(verdict: Any, refused: list[str]) -> None:
    """A region that may carry less holds up a planned failover; one whose quota nobody tells does not."""
    quota = ALIKE.model_copy(update={"check": "quota", "verdict": verdict})
    assert codes(decided(world(parity=(ALIKE, quota)))) == refused


@pytest.mark.parametrize(("seconds", "codes_"), [(5, ["other-operator"]), (-1, ["other-operator"]), (500, [])])
def test_a_signal_on_its_way_is_not_ordered_again(seconds: float, codes_: list[str]) -> None:
    """Whoever comes second is told who was first (exit 5), until DNS should long have shown it."""
    at = (NOW - timedelta(seconds=seconds)).isoformat()
    given = Signal(region=LONDON, generation=1, run="failover-x", by="kim@desk", at=at)
    views = tuple(view.model_copy(update={"signal": given}) for view in world().regions)
    found = decided(world(regions=views), mode="forced")
    assert codes(found) == codes_
    if codes_:
        assert found.refusals[0].exit == Exit.LOCKED
        assert f"kim@desk ordered traffic to eu-west-2 {max(0, seconds)} s ago" in found.refusals[0].detail


def test_a_signal_whose_run_is_over_is_not_on_its_way() -> None:
    """Health checks may have moved traffic since: one's own drill or failback of a minute ago refuses no forced failover."""
    given = Signal(region=EAST, generation=2, run="failback-x", by="me@desk", at=NOW.isoformat())
    views = tuple(view.model_copy(update={"signal": given}) for view in world().regions)
    seen = world(regions=views, active=WEST)
    order = FailoverRequest(target=WEST, mode="forced")
    assert codes(decide(order, kit(), seen, Past())) == ["other-operator"]
    assert decide(order, kit(), seen, Past(ended=frozenset({"failback-x"}))).go


@pytest.mark.parametrize("active", [EAST, ""])
def test_a_signal_to_a_region_that_is_served_no_more_holds_nothing(active: str) -> None:
    """It was left out of the project since, or somebody wrote it: traffic belongs to the primary."""
    found = decided(signalled(world(active=active), "eu-north-1"), mode="forced")
    assert (found.go, found.source) == (True, EAST)


def test_a_caller_who_is_refused_is_told_as_that() -> None:
    """That the region does not tell its signal is then the caller's fault, and the exit code says so."""
    refused = from_aws(AwsError("ExpiredToken", "old", service="dynamodb", operation="GetItem", region=WEST))
    views = tuple(
        view.model_copy(update={"signal": None, "refusal": "ExpiredToken: old", "caller": refused})
        for view in world().regions
    )
    found = decided(world(regions=views), mode="forced")
    (problem,) = found.refusals
    assert (problem.code, problem.exit, problem.fix) == ("signal-unknown", Exit.CREDENTIALS, refused.fix)


def quiet(seen: TrafficSnapshot, region: str) -> TrafficSnapshot:
    """The same with one region that does not answer, and nothing measured."""
    views = tuple(
        view.model_copy(update={"health": "silent", "detail": "timed out"}) if view.region == region else view
        for view in seen.regions
    )
    return seen.model_copy(update={"regions": views, "lag": (), "parity": ()})


@pytest.mark.parametrize(("region", "code"), [(EAST, "source-unhealthy"), (WEST, "target-unhealthy")])
def test_where_a_side_is_silent_nothing_is_measured_and_that_is_the_refusal(region: str, code: str) -> None:
    """Unless the guard is overridden: then what was not measured refuses."""
    assert codes(decided(quiet(world(), region))) == [code]
    assert codes(decided(quiet(world(), region), overridden=("health",))) == ["lag", "parity"]


def test_the_refusal_has_the_command_by_force() -> None:
    """With what was asked for, so that it can be pasted."""
    found = decided(quiet(world(), EAST), source=EAST, mechanism="records", reason="east's down", overridden=("lag",))
    assert (
        "sbctl failover --to us-west-2 --mode forced --from us-east-1 --mechanism records --override lag"
        """ --reason 'east'"'"'s down'."""
    ) in found.refusals[0].fix
    assert "--reason 'us-east-1 is lost'." in decided(quiet(world(), EAST)).refusals[0].fix
