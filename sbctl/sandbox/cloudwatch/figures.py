"""GetMetricData and GetMetricStatistics: what was put, by period. A point has the time at which its period begins.

moto goes through all that a region holds for each period of each query, which after a day of a world is minutes of work.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sbctl.sandbox.cloudwatch.statistics import KNOWN, statistic
from sbctl.sandbox.cloudwatch.tokens import start_of, token_of
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.moto_bridge.cloudwatch import Datum, Metric, MotoMetrics, metric_of
from sbctl.sandbox.service import Answer, ApiError, Call

MOST_QUERIES = 500
MOST_POINTS = 100_800
"""In one answer of GetMetricData."""
MOST_DATAPOINTS = 1440
"""In one answer of GetMetricStatistics."""
SHORT_PERIODS = (1, 5, 10, 30)
ID = re.compile(r"[a-z][a-zA-Z0-9_]*")
INVALID_TOKEN = ("InvalidNextToken", "The NextToken provided is not valid.")
Points = list[tuple[datetime, float]]
"""Beginnings of periods and values, in the order of time."""
Periods = list[tuple[datetime, str, list[Datum]]]
"""Beginning of a period, unit and data; in the order of time."""


class Figures:
    """The two operations that read values, for one account."""

    def __init__(self, upstream: Upstream, metrics: MotoMetrics) -> None:
        self._upstream = upstream
        self._metrics = metrics

    def data(self, call: Call) -> Answer:
        """Many metrics at once. Calls with expressions are moto's, which gives no points for them."""
        queries: Sequence[Mapping[str, Any]] = call.params["MetricDataQueries"]
        if any("Expression" in query for query in queries):
            return self._upstream.call("cloudwatch", call.operation, call.region, call.params)
        _check_span(call.params, "ValidationError")
        _check_queries(queries)
        asked = {str(query["Id"]): query["MetricStat"] for query in queries}
        metrics = {one: metric_of(stat["Metric"]) for one, stat in asked.items()}
        held = self._held(call, frozenset(metrics.values()))
        results = [
            (_head(query), _points(_periods(held.get(metrics[one], ()), call.params, stat), stat["Stat"]))
            for query, (one, stat) in zip(queries, asked.items(), strict=True)
            if query.get("ReturnData", True)
        ]
        return _page(results, call.params)

    def statistics(self, call: Call) -> Answer:
        """One metric with several statistics."""
        params = call.params
        _check_statistics(params)
        metric = metric_of(params)
        data = self._held(call, frozenset((metric,))).get(metric, ())
        points = [
            {"Timestamp": at, "Unit": unit, **values}
            for at, unit, inside in _periods(data, params, params)
            if (values := _values(params, inside))
        ]
        return {"Label": params["MetricName"], "Datapoints": points}

    def _held(self, call: Call, metrics: frozenset[Metric]) -> Mapping[Metric, list[Datum]]:
        """What a region holds of metrics since the minute in which a call's span begins."""
        return self._metrics.since(call.region, call.params["StartTime"].timestamp() // 60 * 60, metrics)


def _values(params: Mapping[str, Any], data: Sequence[Datum]) -> dict[str, Any]:
    """The asked statistics of one period, as far as the data tell them."""
    plain = _told(params.get("Statistics", ()), data)
    extended = _told(params.get("ExtendedStatistics", ()), data)
    return {**plain, "ExtendedStatistics": extended} if extended else plain


def _told(names: Iterable[str], data: Sequence[Datum]) -> dict[str, Any]:
    return {name: value for name in names if (value := statistic(name, data)) is not None}


def _periods(data: Iterable[Datum], span: Mapping[str, Any], asked: Mapping[str, Any]) -> Periods:
    """Data by periods that begin at multiples of their length; what has another unit is apart."""
    period = int(asked["Period"])
    step = min(period, 60)
    begin, stop = span["StartTime"].timestamp() // step * step, span["EndTime"].timestamp()
    periods: dict[tuple[int, str], list[Datum]] = {}
    for one in data:
        if begin <= one.at < stop and asked.get("Unit", one.unit) == one.unit:
            periods.setdefault((int(one.at // period) * period, one.unit), []).append(one)
    return [(datetime.fromtimestamp(at, UTC), unit, held) for (at, unit), held in sorted(periods.items())]


def _points(periods: Periods, name: str) -> Points:
    return [(at, value) for at, _, held in periods if (value := statistic(name, held)) is not None]


def _head(query: Mapping[str, Any]) -> dict[str, Any]:
    label = query.get("Label") or query["MetricStat"]["Metric"]["MetricName"]
    return {"Id": query["Id"], "Label": label, "StatusCode": "Complete"}


def _page(results: Sequence[tuple[dict[str, Any], Points]], params: Mapping[str, Any]) -> Answer:
    """As many points as one answer may have; the rest by a token. Unless told otherwise the newest come first."""
    is_ascending = params.get("ScanBy") == "TimestampAscending"
    skipped = first = start_of(params.get("NextToken"), *INVALID_TOKEN)
    left = most = min(int(params.get("MaxDatapoints") or MOST_POINTS), MOST_POINTS)
    shown = []
    for head, points in results:
        ordered = points if is_ascending else points[::-1]
        part = ordered[skipped : skipped + left]
        skipped, left = max(0, skipped - len(ordered)), left - len(part)
        shown.append({**head, "Timestamps": [at for at, _ in part], "Values": [value for _, value in part]})
    answer: Answer = {"MetricDataResults": shown, "Messages": []}
    if sum(len(points) for _, points in results) > first + most:
        answer["NextToken"] = token_of(first + most)
    return answer


def _check_span(params: Mapping[str, Any], code: str) -> None:
    if params["StartTime"] >= params["EndTime"]:
        raise ApiError(code, "The parameter StartTime must be less than the parameter EndTime.", 400)


def _check_queries(queries: Sequence[Mapping[str, Any]]) -> None:
    ids = [str(query.get("Id", "")) for query in queries]
    wrong = ""
    if len(queries) > MOST_QUERIES:
        wrong = f"The collection MetricDataQueries must not have a size greater than {MOST_QUERIES}."
    elif len(set(ids)) < len(ids):
        wrong = "The values for parameter id in MetricDataQueries are not unique."
    elif bad := next((one for one in ids if not ID.fullmatch(one)), None):
        wrong = f"The value {bad} for parameter MetricDataQueries.member.Id is not valid: it must begin with a lowercase letter."
    elif not all("MetricStat" in query for query in queries):
        wrong = "A MetricDataQuery must have exactly one of MetricStat and Expression."
    if wrong:
        raise ApiError("ValidationError", wrong, 400)
    for query in queries:
        _check_period(int(query["MetricStat"]["Period"]), "ValidationError")
        _check_statistic(str(query["MetricStat"]["Stat"]), "ValidationError")


def _check_statistics(params: Mapping[str, Any]) -> None:
    names = [*params.get("Statistics", ()), *params.get("ExtendedStatistics", ())]
    if not names:
        raise ApiError(
            "MissingParameter",
            "At least one of the parameters Statistics and ExtendedStatistics must be specified.",
            400,
        )
    _check_span(params, "InvalidParameterValue")
    period = int(params["Period"])
    _check_period(period, "InvalidParameterValue")
    for name in names:
        _check_statistic(name, "InvalidParameterValue")
    asked = (params["EndTime"] - params["StartTime"]) // timedelta(seconds=period)
    if asked > MOST_DATAPOINTS:
        said = (
            f"You have requested up to {asked:,} datapoints, which exceeds the limit of {MOST_DATAPOINTS:,}. You may reduce the"
            " datapoints requested by increasing Period, or decreasing the time range."
        )
        raise ApiError("InvalidParameterCombination", said, 400)


def _check_period(period: int, code: str) -> None:
    if period not in SHORT_PERIODS and (period <= 0 or period % 60):
        raise ApiError(code, "The parameter Period must be 1, 5, 10, 30, or a multiple of 60.", 400)


def _check_statistic(name: str, code: str) -> None:
    if not KNOWN.fullmatch(name):
        raise ApiError(code, f"The value {name} for parameter Stat is not supported.", 400)
