"""ListMetrics: each metric once, however many values it has; moto tells those with sets of statistics once a value.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.cloudwatch.tokens import start_of, token_of
from sbctl.sandbox.moto_bridge.cloudwatch import Metric, MotoMetrics
from sbctl.sandbox.service import Answer, Call
from sbctl.sandbox.time.clock import WorldClock

PAGE = 500
LISTED_SECONDS = 14 * 86_400.0
"""A metric without values for two weeks is not listed."""
RECENT_SECONDS = 3 * 3600.0
INVALID_TOKEN = ("InvalidParameterValue", "Request parameter NextToken is invalid")


class Listing:
    """The metrics of one account, by page."""

    def __init__(self, clock: WorldClock, metrics: MotoMetrics) -> None:
        self._clock = clock
        self._metrics = metrics

    def __call__(self, call: Call) -> Answer:
        params = call.params
        since = self._clock.seconds() - (RECENT_SECONDS if params.get("RecentlyActive") else LISTED_SECONDS)
        found = sorted(
            (_shown(metric) for metric in self._metrics.since(call.region, since) if _fits(metric, params)), key=repr
        )
        start = start_of(params.get("NextToken"), *INVALID_TOKEN)
        page: Answer = {"Metrics": found[start : start + PAGE]}
        if len(found) > start + PAGE:
            page["NextToken"] = token_of(start + PAGE)
        return page


def _fits(metric: Metric, params: Mapping[str, Any]) -> bool:
    """By namespace and name, and by dimensions of which it may have others too; a filter may leave the value open."""
    namespace, name, dimensions = metric
    if params.get("Namespace", namespace) != namespace or params.get("MetricName", name) != name:
        return False
    has = dict(dimensions)
    return all(
        wanted["Name"] in has and wanted.get("Value", has[wanted["Name"]]) == has[wanted["Name"]]
        for wanted in params.get("Dimensions", ())
    )


def _shown(metric: Metric) -> dict[str, Any]:
    namespace, name, dimensions = metric
    listed = [{"Name": key, "Value": value} for key, value in sorted(dimensions)]
    return {"Namespace": namespace, "MetricName": name, "Dimensions": listed}
