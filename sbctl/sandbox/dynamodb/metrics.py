"""DynamoDB's metrics in CloudWatch, once a minute for what was used: ReplicationLatency in the source's region, by the way that
changes take, and ConsumedWriteCapacityUnits, one sample a write request.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from sbctl.sandbox.dynamodb.queue import Pair
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.snapshot.part import Whole
from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.time.scheduler import Scheduler

NAMESPACE = "AWS/DynamoDB"
PERIOD_SECONDS = 60.0


class Series(NamedTuple):
    """One metric in one region. `dimensions` by name."""

    region: str
    metric: str
    unit: str
    dimensions: tuple[tuple[str, str], ...]


@dataclass
class TableMinute:
    """The samples of one series since they were last published."""

    due: float
    """When they are published, in the world's seconds."""
    count: int = 0
    total: float = 0.0
    least: float = float("inf")
    most: float = 0.0

    def add(self, value: float) -> None:
        self.count += 1
        self.total += value
        self.least = min(self.least, value)
        self.most = max(self.most, value)


class Metrics:
    """Gathers samples, and publishes them. What is not used publishes nothing, as on AWS."""

    def __init__(self, clock: WorldClock, upstream: Upstream, scheduler: Scheduler) -> None:
        self._clock = clock
        self._upstream = upstream
        self._agenda = scheduler
        self._lock = threading.Lock()
        self._minutes: dict[Series, TableMinute] = {}

    def clear(self) -> None:
        with self._lock:
            self._minutes.clear()

    def replicated(self, pair: Pair, seconds: float) -> None:
        """One change has arrived, so many world seconds after it was written."""
        dimensions = (("TableName", pair.table), ("ReceivingRegion", pair.target))
        self._add(Series(pair.source, "ReplicationLatency", "Milliseconds", dimensions), seconds * 1000)

    def written(self, table: str, region: str, items: int) -> None:
        """One request has written so many items: a unit each, whatever their size."""
        self._add(Series(region, "ConsumedWriteCapacityUnits", "Count", (("TableName", table),)), items)

    def part(self) -> Whole:
        """What is still to be published, to be kept."""
        return Whole("dynamodb.metrics", lambda: dict(self._minutes), self._put_back)

    def _add(self, series: Series, value: float) -> None:
        with self._lock:
            is_first = series not in self._minutes
            minute = self._minutes.setdefault(series, TableMinute(self._clock.seconds() + PERIOD_SECONDS))
            minute.add(value)
        if is_first:
            self._agenda.at(minute.due, partial(self._publish, series))

    def _put_back(self, state: Any) -> None:
        with self._lock:
            self._minutes = state
        for series, minute in state.items():
            self._agenda.at(minute.due, partial(self._publish, series))

    def _publish(self, series: Series) -> None:
        with self._lock:
            minute = self._minutes.pop(series, None)
        if minute is not None:
            data = {"Namespace": NAMESPACE, "MetricData": [self._datum(series, minute)]}
            self._upstream.call("cloudwatch", "PutMetricData", series.region, data)

    def _datum(self, series: Series, minute: TableMinute) -> Mapping[str, Any]:
        return {
            "MetricName": series.metric,
            "Dimensions": [{"Name": name, "Value": value} for name, value in series.dimensions],
            "Timestamp": self._clock.now(),
            "Unit": series.unit,
            "StatisticValues": {
                "SampleCount": minute.count,
                "Sum": minute.total,
                "Minimum": minute.least,
                "Maximum": minute.most,
            },
        }
