"""Samples of metrics, gathered for a minute of the world's time and then published. Without a sample nothing is published."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sbctl.sandbox.connect.traces.sinks import Alone, Sinks
from sbctl.sandbox.time.scheduler import Scheduler

PERIOD_SECONDS = 60.0


class Series(NamedTuple):
    """One metric of a region. `dimensions` by name."""

    region: str
    metric: str
    unit: str
    dimensions: tuple[tuple[str, str], ...]


@dataclass
class Samples:
    """The samples of one series in one minute."""

    count: int = 0
    total: float = 0.0
    least: float = float("inf")
    most: float = float("-inf")

    def add(self, value: float) -> None:
        """Take one in."""
        self.count += 1
        self.total += value
        self.least, self.most = min(self.least, value), max(self.most, value)


Level = tuple[Series, float]


class MinuteFigures:
    """Publishes once a minute while anything is sampled. `levels` tells at a minute's end what stays so without a change.

    Used under Connect's lock. What is not published when the server stops is lost.
    """

    def __init__(
        self, scheduler: Scheduler, now: Callable[[], float], alone: Alone, sinks: Callable[[], Sinks]
    ) -> None:
        self._scheduler = scheduler
        self._now = now
        self._alone = alone
        self._sinks = sinks
        self._samples: dict[Series, Samples] = {}
        self._planned = False
        self.levels: Callable[[], Iterable[Level]] = tuple

    def add(self, series: Series, value: float = 1.0) -> None:
        """Take a sample of a series."""
        self._samples.setdefault(series, Samples()).add(value)
        if not self._planned:
            self._planned = True
            due = (self._now() // PERIOD_SECONDS + 1) * PERIOD_SECONDS
            self._scheduler.at(due, self._publish)

    def _publish(self) -> None:
        by_region: dict[str, list[dict[str, Any]]] = {}

        def gather() -> None:
            self._planned = False
            taken, self._samples = self._samples, {}
            for series, value in self.levels():
                taken.setdefault(series, Samples()).add(value)
                if value:
                    self.add(series, value)
            at = datetime.fromtimestamp(self._now() - PERIOD_SECONDS, UTC)
            for series, samples in taken.items():
                by_region.setdefault(series.region, []).append(_datum(series, samples, at))

        self._alone(gather)
        for region, data in by_region.items():
            self._sinks().figures(region, data)


def _datum(series: Series, samples: Samples, at: datetime) -> dict[str, Any]:
    return {
        "MetricName": series.metric,
        "Dimensions": [{"Name": name, "Value": value} for name, value in series.dimensions],
        "Timestamp": at,
        "Unit": series.unit,
        "StatisticValues": {
            "SampleCount": samples.count,
            "Sum": samples.total,
            "Minimum": samples.least,
            "Maximum": samples.most,
        },
    }
