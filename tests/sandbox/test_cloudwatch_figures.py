"""Values are read by period: what belongs to a metric exactly, each unit for itself, at the beginning of its period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox

AT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
DIMENSION = {"Name": "FunctionName", "Value": "health"}
HOUR = timedelta(hours=1)


def put(sandbox: Sandbox, *data: tuple[float, float], name: str = "Errors", **more: Any) -> None:
    """Values at so many seconds after AT."""
    watch = sandbox.client("cloudwatch")
    listed = [
        {"MetricName": name, "Value": value, "Timestamp": AT + timedelta(seconds=after), **more}
        for after, value in data
    ]
    watch.put_metric_data(Namespace="Own", MetricData=listed)


def query(one: str = "a", stat: str = "Sum", *, period: int = 60, **more: Any) -> dict[str, Any]:
    metric = {"Namespace": "Own", "MetricName": "Errors", "Dimensions": more.pop("dimensions", [])}
    asked = {"Metric": metric, "Period": period, "Stat": stat}
    if "unit" in more:
        asked["Unit"] = more.pop("unit")
    return {"Id": one, "MetricStat": asked, **more}


def read(sandbox: Sandbox, *queries: dict[str, Any], **more: Any) -> Any:
    span = {"StartTime": AT, "EndTime": AT + HOUR, **more}
    return sandbox.client("cloudwatch").get_metric_data(MetricDataQueries=list(queries), **span)


def points(result: Any) -> Sequence[tuple[float, float]]:
    """Seconds after AT, and values."""
    times = ((at - AT).total_seconds() for at in result["Timestamps"])
    return list(zip(times, result["Values"], strict=True))


def test_a_point_has_the_time_at_which_its_period_begins(sandbox: Sandbox) -> None:
    """The newest first, unless asked otherwise."""
    put(sandbox, (10, 1.0), (59, 2.0), (61, 4.0))
    (found,) = read(sandbox, query())["MetricDataResults"]
    assert points(found) == [(60, 4.0), (0, 3.0)]
    assert (found["Id"], found["Label"], found["StatusCode"]) == ("a", "Errors", "Complete")
    (found,) = read(sandbox, query(), ScanBy="TimestampAscending")["MetricDataResults"]
    assert points(found) == [(0, 3.0), (60, 4.0)]


def test_the_end_does_not_belong_to_it(sandbox: Sandbox) -> None:
    put(sandbox, (0, 1.0), (3600, 2.0), (-1, 8.0))
    (found,) = read(sandbox, query())["MetricDataResults"]
    assert points(found) == [(0, 1.0)]


def test_dimensions_must_match_exactly(sandbox: Sandbox) -> None:
    """A metric without dimensions is another one than that with."""
    put(sandbox, (0, 1.0))
    put(sandbox, (0, 2.0), Dimensions=[DIMENSION])
    found = read(sandbox, query("bare"), query("named", dimensions=[DIMENSION]))["MetricDataResults"]
    assert [points(one) for one in found] == [[(0, 1.0)], [(0, 2.0)]]


def test_each_statistic(sandbox: Sandbox) -> None:
    put(sandbox, *((second, float(second)) for second in range(1, 11)))
    stats = ("Average", "Sum", "Minimum", "Maximum", "SampleCount", "p90")
    found = read(sandbox, *(query(f"s{number}", stat) for number, stat in enumerate(stats)))["MetricDataResults"]
    assert [one["Values"] for one in found] == [[5.5], [55.0], [1.0], [10.0], [10.0], [9.0]]


def test_units_are_kept_apart(sandbox: Sandbox) -> None:
    put(sandbox, (0, 1.0), Unit="Seconds")
    put(sandbox, (1, 2.0), Unit="Count")
    (found,) = read(sandbox, query(unit="Count"))["MetricDataResults"]
    assert points(found) == [(0, 2.0)]
    (found,) = read(sandbox, query())["MetricDataResults"]
    assert sorted(found["Values"]) == [1.0, 2.0]


def test_what_need_not_be_returned_is_not(sandbox: Sandbox) -> None:
    put(sandbox, (0, 1.0))
    found = read(sandbox, query("a", ReturnData=False), query("b", Label="mine"))["MetricDataResults"]
    assert [(one["Id"], one["Label"]) for one in found] == [("b", "mine")]


def test_points_come_in_pages(sandbox: Sandbox) -> None:
    """Whatever the size of a page, every point comes once, each at its query."""
    put(sandbox, *((60 * minute, float(minute)) for minute in range(5)))
    pages = sandbox.client("cloudwatch").get_paginator("get_metric_data")
    seen: dict[str, list[float]] = {"a": [], "b": []}
    span = {"StartTime": AT, "EndTime": AT + HOUR, "MaxDatapoints": 3}
    for page in pages.paginate(MetricDataQueries=[query("a"), query("b")], **span):
        for one in page["MetricDataResults"]:
            seen[one["Id"]] += one["Values"]
    assert seen == {"a": [4.0, 3.0, 2.0, 1.0, 0.0], "b": [4.0, 3.0, 2.0, 1.0, 0.0]}


@pytest.mark.parametrize(
    ("queries", "more", "said"),
    [
        ([query("Upper")], {}, "Upper"),
        ([query("a"), query("a")], {}, "not unique"),
        ([query(period=61)], {}, "Period"),
        ([query(stat="Mean")], {}, "Mean"),
        ([query()], {"EndTime": AT}, "StartTime"),
    ],
)
def test_what_cannot_be_asked(sandbox: Sandbox, queries: Any, more: Any, said: str) -> None:
    with pytest.raises(ClientError) as refused:
        read(sandbox, *queries, **more)
    error = refused.value.response["Error"]
    assert error["Code"] == "ValidationError"
    assert said in error["Message"]


def statistics(sandbox: Sandbox, **more: Any) -> Any:
    asked = {"Namespace": "Own", "MetricName": "Errors", "StartTime": AT, "EndTime": AT + HOUR, "Period": 60, **more}
    return sandbox.client("cloudwatch").get_metric_statistics(**asked)


def test_several_statistics_of_one_metric(sandbox: Sandbox) -> None:
    put(sandbox, (5, 1.0), (6, 3.0), Unit="Seconds")
    found = statistics(sandbox, Statistics=["Sum", "Maximum"])
    assert found["Label"] == "Errors"
    assert found["Datapoints"] == [{"Timestamp": AT, "Unit": "Seconds", "Sum": 4.0, "Maximum": 3.0}]
    (point,) = statistics(sandbox, ExtendedStatistics=["p50"])["Datapoints"]
    assert point["ExtendedStatistics"] == {"p50": 1.0}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "MissingParameter"),
        ({"Statistics": ["Sum"], "EndTime": AT}, "InvalidParameterValue"),
        ({"Statistics": ["Sum"], "EndTime": AT + 30 * HOUR}, "InvalidParameterCombination"),
    ],
)
def test_statistics_that_cannot_be_asked(sandbox: Sandbox, more: Any, code: str) -> None:
    with pytest.raises(ClientError) as refused:
        statistics(sandbox, **more)
    assert refused.value.response["Error"]["Code"] == code


def test_many_queries_of_a_long_day_are_answered(sandbox: Sandbox) -> None:
    """Twenty thousand values, sixty queries, and every minute of a day: answered before the client gives up."""
    watch = sandbox.client("cloudwatch")
    for hour in range(20):
        data = [
            {"MetricName": "Errors", "Value": 1.0, "Timestamp": AT + timedelta(seconds=3600 * hour + second)}
            for second in range(1000)
        ]
        watch.put_metric_data(Namespace="Own", MetricData=data)
    asked = [query(f"q{number}", "SampleCount") for number in range(60)]
    found = read(sandbox, *asked, EndTime=AT + 24 * HOUR)["MetricDataResults"]
    assert len(found) == 60
    assert {sum(one["Values"]) for one in found} == {20_000.0}
