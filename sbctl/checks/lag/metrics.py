"""The newest figure of CloudWatch metrics, with its age on the world's clock: many at once, a call a region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.paging import pages

CALLS: frozenset[str] = frozenset({"cloudwatch:GetMetricData"})
WINDOW = timedelta(hours=3)
"""How far back to look; CloudWatch keeps figures of one minute for 15 days."""
PERIOD_SECONDS = 60
MOST_QUERIES = 500
"""In one call of GetMetricData."""


@dataclass(frozen=True)
class Metric:
    """One metric, by its names; `stat` as CloudWatch calls it."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    stat: str = "Maximum"


@dataclass(frozen=True)
class Figure:
    """A datapoint; `at` is the beginning of its period, by the world's clock."""

    value: float
    at: datetime


def newest(aws: AwsCalls, region: str, metrics: Sequence[Metric], now: datetime) -> Mapping[Metric, Figure]:
    """The newest figure of each metric that has one. `now` is the world's time. Raises AwsError."""
    found: dict[Metric, Figure] = {}
    for start in range(0, len(metrics), MOST_QUERIES):
        found |= _page(aws, region, metrics[start : start + MOST_QUERIES], now)
    return found


def _page(aws: AwsCalls, region: str, metrics: Sequence[Metric], now: datetime) -> dict[Metric, Figure]:
    named = {f"m{number}": metric for number, metric in enumerate(metrics)}
    results = pages(
        aws,
        "cloudwatch",
        "GetMetricData",
        region,
        "MetricDataResults",
        ("NextToken", "NextToken"),
        MetricDataQueries=[{"Id": name, **_query(metric)} for name, metric in named.items()],
        StartTime=now - WINDOW,
        EndTime=now + timedelta(seconds=PERIOD_SECONDS),
        ScanBy="TimestampDescending",
    )
    found: dict[Metric, Figure] = {}
    for result in results:
        metric = named.get(result["Id"])
        figures = [
            Figure(value=float(value), at=at)
            for at, value in zip(result.get("Timestamps") or (), result.get("Values") or (), strict=False)
        ]
        if metric is not None and figures:
            known = [found[metric]] if metric in found else []  # of an earlier page
            found[metric] = max([*known, *figures], key=lambda figure: figure.at)
    return found


def _query(metric: Metric) -> dict[str, object]:
    dimensions = [{"Name": name, "Value": value} for name, value in metric.dimensions]
    asked = {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": dimensions}
    return {"MetricStat": {"Metric": asked, "Period": PERIOD_SECONDS, "Stat": metric.stat}, "ReturnData": True}
