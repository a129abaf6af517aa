"""GetMetricData and GetMetricStatistics: what was put, by period. A point has the time at which its period begins.

moto goes through all that a region holds for each period of each query, which after a day of a world is minutes of work.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sbctl.sandbox.cloudwatch.statistics import statistic
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.moto_cloudwatch import Datum, Metric, MotoMetrics
from sbctl.sandbox.service import Answer, ApiError, Call

MOST_QUERIES = 500
MOST_POINTS = 100_800
"""In one answer of GetMetricData."""
MOST_DATAPOINTS = 1440
"""In one answer of GetMetricStatistics."""
SHORT_PERIODS = (1, 5, 10, 30)
ID = re.compile(r"[a-z][a-zA-Z0-9_]*")
STATISTIC = re.compile(r"Average|Sum|Minimum|Maximum|SampleCount|p(\d{1,2}(\.\d+)?|100)")
Points = list[tuple[datetime, float, str]]
"""Beginning of a period, value, unit; in the order of time."""


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
        start, end = _moment(call.params["StartTime"]), _moment(call.params["EndTime"])
        wanted = [_asked(query["MetricStat"]["Metric"]) for query in queries]
        held = self._metrics.since(call.region, _floor(start, 60).timestamp(), frozenset(wanted))
        results = [
            _result(query, _points(held.get(metric, ()), query["MetricStat"], query["MetricStat"]["Stat"], start, end))
            for query, metric in zip(queries, wanted, strict=True)
            if query.get("ReturnData", True)
        ]
        return _page(results, call.params)

    def statistics(self, call: Call) -> Answer:
        """One metric with several statistics."""
        params = call.params
        _check_statistics(params)
        start, end = _moment(params["StartTime"]), _moment(params["EndTime"])
        metric = _asked(params)
        held = self._metrics.since(call.region, _floor(start, 60).timestamp(), frozenset((metric,))).get(metric, ())
        found: dict[tuple[datetime, str], dict[str, Any]] = {}
        for name in params.get("Statistics", ()):
            for at, value, unit in _points(held, params, name, start, end):
                found.setdefault((at, unit), {"Timestamp": at, "Unit": unit})[name] = value
        for name in params.get("ExtendedStatistics", ()):
            for at, value, unit in _points(held, params, name, start, end):
                point = found.setdefault((at, unit), {"Timestamp": at, "Unit": unit})
                point.setdefault("ExtendedStatistics", {})[name] = value
        return {"Label": params["MetricName"], "Datapoints": list(found.values())}


def _asked(metric: Mapping[str, Any]) -> Metric:
    dimensions = frozenset((one["Name"], one["Value"]) for one in metric.get("Dimensions", ()))
    return str(metric.get("Namespace", "")), str(metric.get("MetricName", "")), dimensions


def _points(data: Iterable[Datum], asked: Mapping[str, Any], name: str, start: datetime, end: datetime) -> Points:
    """One statistic, by periods that begin at multiples of their length; values in different units are different points."""
    period = int(asked["Period"])
    begin, stop = _floor(start, min(period, 60)).timestamp(), end.timestamp()
    periods: dict[tuple[int, str], list[Datum]] = {}
    for one in data:
        if begin <= one.at < stop and asked.get("Unit", one.unit) == one.unit:
            periods.setdefault((int(one.at // period) * period, one.unit), []).append(one)
    found = ((at, unit, statistic(name, held)) for (at, unit), held in sorted(periods.items()))
    return [(datetime.fromtimestamp(at, UTC), value, unit) for at, unit, value in found if value is not None]


def _result(query: Mapping[str, Any], points: Points) -> dict[str, Any]:
    label = query.get("Label") or query["MetricStat"]["Metric"]["MetricName"]
    return {"Id": query["Id"], "Label": label, "StatusCode": "Complete", "points": points}


def _page(results: Sequence[dict[str, Any]], params: Mapping[str, Any]) -> Answer:
    """As many points as one answer may have; the rest by a token. Unless told otherwise the newest come first."""
    is_ascending = params.get("ScanBy") == "TimestampAscending"
    skipped = first = _first(params.get("NextToken"))
    left = most = min(int(params.get("MaxDatapoints") or MOST_POINTS), MOST_POINTS)
    shown: list[dict[str, Any]] = []
    more = False
    for result in results:
        points: Points = result.pop("points")
        ordered = points if is_ascending else points[::-1]
        part = ordered[skipped : skipped + left]
        more = more or len(ordered) - skipped > left
        skipped, left = max(0, skipped - len(ordered)), left - len(part)
        result |= {"Timestamps": [at for at, _, _ in part], "Values": [value for _, value, _ in part]}
        shown.append(result)
    answer: Answer = {"MetricDataResults": shown, "Messages": []}
    if more:
        answer["NextToken"] = base64.b64encode(str(first + most).encode()).decode()
    return answer


def _first(token: str | None) -> int:
    try:
        return int(base64.b64decode(token, validate=True)) if token else 0
    except ValueError as error:
        raise ApiError("InvalidNextToken", "The NextToken provided is not valid.", 400) from error


def _check_span(params: Mapping[str, Any], code: str) -> None:
    if _moment(params["StartTime"]) >= _moment(params["EndTime"]):
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
    asked = (_moment(params["EndTime"]) - _moment(params["StartTime"])) // timedelta(seconds=period)
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
    if not STATISTIC.fullmatch(name):
        raise ApiError(code, f"The value {name} for parameter Stat is not supported.", 400)


def _floor(when: datetime, seconds: int) -> datetime:
    return datetime.fromtimestamp(when.timestamp() // seconds * seconds, UTC)


def _moment(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)
