"""Historical metrics, computed from contacts that went as a test says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.metrics import data, data_v2
from sbctl.sandbox.connect.metrics.historical import HISTORICAL
from sbctl.sandbox.connect.metrics.names import METRICS
from sbctl.sandbox.service import ApiError
from tests.sandbox.records.made import ARN, NOW, abandoned, answered, contact, instance

TEN = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
CALLS = [
    answered("a", 0, wait=10, talk=60),
    answered("b", 10, wait=20, talk=40, holds=1, hold_seconds=10.0),
    abandoned("c", 20, wait=30),
    answered("d", 30, wait=2, talk=30, queue="support", channel="CHAT", agent="bob"),
    contact("e", 40, queue="", ended=50.0, reason="CONTACT_FLOW_DISCONNECT"),
]


def asked(*metrics: Any, **more: Any) -> dict[str, Any]:
    """A request for metrics by name, of both queues."""
    named = [one if isinstance(one, dict) else {"Name": one} for one in metrics]
    queues = [{"FilterKey": "QUEUE", "FilterValues": ["sales", "support"]}]
    return {"ResourceArn": ARN, "StartTime": TEN, "EndTime": NOW, "Filters": queues, "Metrics": named, **more}


def values(params: dict[str, Any], contacts: list[Contact] | None = None) -> list[tuple[dict[str, str], list[Any]]]:
    """The dimensions and values of each row."""
    found = data_v2.results(instance(), CALLS if contacts is None else contacts, params, NOW)["MetricResults"]
    return [(row["Dimensions"], [one.get("Value") for one in row["Collections"]]) for row in found]


def in_x(name: str, seconds: float, comparison: str = "LT") -> dict[str, Any]:
    return {"Name": name, "Threshold": [{"Comparison": comparison, "ThresholdValue": seconds}]}


def test_counts_and_averages_of_queues() -> None:
    """Queued, handled and abandoned contacts are counted, times averaged over those that have them."""
    names = ("CONTACTS_QUEUED", "CONTACTS_HANDLED", "CONTACTS_ABANDONED", "AVG_QUEUE_ANSWER_TIME", "AVG_HANDLE_TIME")
    [(dimensions, found)] = values(asked(*names))
    assert dimensions == {}
    assert found == [4.0, 3.0, 1.0, pytest.approx(32 / 3), pytest.approx((80 + 60 + 50) / 3)]


def test_rates_and_thresholds() -> None:
    """A service level is of those answered or abandoned; LT leaves its bound out, LTE lets it in."""
    metrics = ("ABANDONMENT_RATE", in_x("SERVICE_LEVEL", 20), in_x("SERVICE_LEVEL", 20, "LTE"))
    [(_, found)] = values(asked(*metrics, in_x("SUM_CONTACTS_ANSWERED_IN_X", 5)))
    assert found == [25.0, 50.0, 75.0, 1.0]


def test_groups_are_by_the_values_that_contacts_have() -> None:
    """By queue and channel: a row for each pair with contacts, none for the rest."""
    found = values(asked("CONTACTS_QUEUED", Groupings=["QUEUE", "CHANNEL"]))
    assert found == [
        ({"QUEUE": "sales", "CHANNEL": "VOICE"}, [3.0]),
        ({"QUEUE": "support", "CHANNEL": "CHAT"}, [1.0]),
    ]


def test_agents_and_profiles_are_dimensions_of_answered_contacts() -> None:
    """A filter by agent lets only that agent's contacts pass; a routing profile is that of the agent."""
    ann = [{"FilterKey": "AGENT", "FilterValues": [f"{ARN}/agent/ann"]}]
    found = values(asked("CONTACTS_HANDLED", Filters=ann, Groupings=["ROUTING_PROFILE"]))
    assert found == [({"ROUTING_PROFILE": "basic"}, [2.0])]


def test_a_contact_counts_in_the_interval_of_its_end() -> None:
    """Quarters of an hour without contacts have no row; creation counts where a contact began."""
    late = answered("late", 14 * 60, wait=10, talk=300)
    interval = {"IntervalPeriod": "FIFTEEN_MIN", "TimeZone": "America/New_York"}
    params = asked("CONTACTS_HANDLED", "CONTACTS_CREATED", Interval=interval)
    found = data_v2.results(instance(), [late], params, NOW)["MetricResults"]
    rows = [(row["MetricInterval"]["StartTime"], [one["Value"] for one in row["Collections"]]) for row in found]
    assert rows == [(TEN, [0.0, 1.0]), (TEN + timedelta(minutes=15), [1.0, 0.0])]


def test_a_contact_counts_once_its_work_is_over() -> None:
    """While an agent is in after-contact work the record is not final."""
    open_ = answered("open", acw_ended=None)
    [(_, found)] = values(asked("CONTACTS_HANDLED", "CONTACTS_CREATED"), [open_])
    assert found == [0.0, 1.0]


def test_metric_filters_narrow_one_metric() -> None:
    """By initiation method, negated too; the others of the request are not touched."""
    condition = {"MetricFilterKey": "INITIATION_METHOD", "MetricFilterValues": ["INBOUND"]}
    only = {"Name": "CONTACTS_HANDLED", "MetricFilters": [condition]}
    but = {"Name": "CONTACTS_HANDLED", "MetricFilters": [{**condition, "Negate": True}]}
    [(_, found)] = values(asked(only, but, "CONTACTS_HANDLED"), [answered("a"), answered("b", initiation="API")])
    assert found == [1.0, 1.0, 2.0]


def test_what_nothing_here_can_tell_has_no_value() -> None:
    """A metric that AWS has and the sandbox cannot compute comes without a value, as on AWS one without data."""
    [(_, found)] = values(asked("AVG_TALK_TIME", "CONTACTS_HANDLED"))
    assert found == [None, 3.0]
    assert HISTORICAL.keys() <= METRICS


def test_without_contacts_there_are_no_rows() -> None:
    """Nothing happened, nothing is told."""
    assert values(asked("CONTACTS_HANDLED"), []) == []


@pytest.mark.parametrize(
    "wrong",
    [
        asked("CONTACTS_HANDELED"),
        asked("SERVICE_LEVEL"),
        asked(in_x("CONTACTS_HANDLED", 5)),
        asked(in_x("SERVICE_LEVEL", 0)),
        asked(in_x("SERVICE_LEVEL", 1.5)),
        asked(in_x("SERVICE_LEVEL", 5, "GT")),
        asked("CONTACTS_HANDLED", Filters=[{"FilterKey": "CHANNEL", "FilterValues": ["VOICE"]}]),
        asked("CONTACTS_HANDLED", Filters=[{"FilterKey": "COLOUR", "FilterValues": ["red"]}]),
        asked("CONTACTS_HANDLED", Groupings=["COLOUR"]),
        asked("CONTACTS_HANDLED", EndTime=NOW + timedelta(minutes=1)),
        asked("CONTACTS_HANDLED", StartTime=NOW),
        asked("CONTACTS_HANDLED", StartTime=NOW - timedelta(days=36)),
        asked("CONTACTS_HANDLED", StartTime=NOW - timedelta(days=4), Interval={"IntervalPeriod": "HOUR"}),
        asked("CONTACTS_HANDLED", Interval={"IntervalPeriod": "TOTAL", "TimeZone": "Mars/Base"}),
    ],
    ids=lambda one: str({name: one[name] for name in ("Metrics", "Interval", "Groupings") if name in one})[:60],
)
def test_what_aws_refuses_is_refused(wrong: dict[str, Any]) -> None:
    """Unknown names, thresholds where they do not belong, ranges that are too long or end in the future."""
    with pytest.raises(ApiError) as caught:
        data_v2.results(instance(), CALLS, wrong, NOW)
    assert caught.value.code == "InvalidParameterException"


def test_a_queue_that_is_not_there_is_not_found() -> None:
    """A filter names resources of the instance."""
    with pytest.raises(ApiError) as caught:
        values(asked("CONTACTS_HANDLED", Filters=[{"FilterKey": "QUEUE", "FilterValues": ["nowhere"]}]))
    assert caught.value.code == "ResourceNotFoundException"


def older(*metrics: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    named = [{"Name": name, "Unit": unit, "Statistic": statistic} for name, unit, statistic in metrics]
    return {
        "StartTime": TEN, "EndTime": NOW, "Filters": {"Queues": ["sales", "support"]}, "HistoricalMetrics": named, **more,
    }  # fmt: skip


def test_the_older_operation_tells_the_same_figures() -> None:
    """GetMetricData groups by queue, and tells counts and averages as the newer one does."""
    params = older(("CONTACTS_HANDLED", "COUNT", "SUM"), ("QUEUED_TIME", "SECONDS", "MAX"), Groupings=["QUEUE"])
    found = data.results(instance(), CALLS, params, NOW)["MetricResults"]
    rows = [(row["Dimensions"]["Queue"]["Id"], [one["Value"] for one in row["Collections"]]) for row in found]
    assert rows == [("sales", [2.0, 30.0]), ("support", [1.0, 2.0])]


@pytest.mark.parametrize(
    "wrong",
    [
        older(("CONTACTS_HANDLED", "SECONDS", "SUM")),
        older(("CONTACTS_HANDLED", "COUNT", "SUM"), StartTime=TEN + timedelta(minutes=1)),
        older(("CONTACTS_HANDLED", "COUNT", "SUM"), StartTime=TEN - timedelta(days=1)),
        older(("SERVICE_LEVEL", "PERCENT", "AVG")),
        older(("CONTACTS_HANDLED", "COUNT", "SUM"), Filters={"Channels": ["VOICE"]}),
    ],
)
def test_the_older_operation_has_rules_of_its_own(wrong: dict[str, Any]) -> None:
    """Units, multiples of five minutes, the last 24 hours, thresholds, a filter of queues."""
    with pytest.raises(ApiError) as caught:
        data.results(instance(), CALLS, wrong, NOW)
    assert caught.value.code == "InvalidParameterException"
