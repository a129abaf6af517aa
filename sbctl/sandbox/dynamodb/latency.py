"""ReplicationLatency in CloudWatch: milliseconds, in the source's region, once a minute for each way that was used.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sbctl.sandbox.agenda import Agenda
from sbctl.sandbox.clock import WorldClock
from sbctl.sandbox.dynamodb.queue import Pair
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.keeping.part import Whole

NAMESPACE = "AWS/DynamoDB"
PERIOD_SECONDS = 60.0


@dataclass
class Figures:
    """The latencies of one pair since they were last published, in milliseconds."""

    due: float
    """When they are published, in the world's seconds."""
    count: int = 0
    total: float = 0.0
    least: float = float("inf")
    most: float = 0.0

    def add(self, milliseconds: float) -> None:
        self.count += 1
        self.total += milliseconds
        self.least = min(self.least, milliseconds)
        self.most = max(self.most, milliseconds)


class Latency:
    """Gathers latencies, and publishes them. What did not replicate has no latency, so an idle way publishes nothing."""

    def __init__(self, clock: WorldClock, upstream: Upstream, agenda: Agenda) -> None:
        self._clock = clock
        self._upstream = upstream
        self._agenda = agenda
        self._lock = threading.Lock()
        self._figures: dict[Pair, Figures] = {}

    def clear(self) -> None:
        with self._lock:
            self._figures.clear()

    def note(self, pair: Pair, seconds: float) -> None:
        """One change has arrived, so many world seconds after it was written."""
        with self._lock:
            is_first = pair not in self._figures
            figures = self._figures.setdefault(pair, Figures(self._clock.seconds() + PERIOD_SECONDS))
            figures.add(seconds * 1000)
        if is_first:
            self._agenda.at(figures.due, partial(self._publish, pair))

    def part(self) -> Whole:
        """What is still to be published, to be kept."""
        return Whole("dynamodb.latency", lambda: dict(self._figures), self._put_back)

    def _put_back(self, state: Any) -> None:
        with self._lock:
            self._figures = state
        for pair, figures in state.items():
            self._agenda.at(figures.due, partial(self._publish, pair))

    def _publish(self, pair: Pair) -> None:
        with self._lock:
            figures = self._figures.pop(pair, None)
        if figures is not None:
            data = {"Namespace": NAMESPACE, "MetricData": [self._datum(pair, figures)]}
            self._upstream.call("cloudwatch", "PutMetricData", pair.source, data)

    def _datum(self, pair: Pair, figures: Figures) -> Mapping[str, Any]:
        return {
            "MetricName": "ReplicationLatency",
            "Dimensions": [
                {"Name": "TableName", "Value": pair.table},
                {"Name": "ReceivingRegion", "Value": pair.target},
            ],
            "Timestamp": self._clock.now(),
            "Unit": "Milliseconds",
            "StatisticValues": {
                "SampleCount": figures.count,
                "Sum": figures.total,
                "Minimum": figures.least,
                "Maximum": figures.most,
            },
        }
