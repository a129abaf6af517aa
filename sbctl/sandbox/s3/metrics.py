"""The metrics of replication rules that ask for them, in CloudWatch once a minute of the world's time.

Where AWS publishes them: latency and what is pending in the destination's region, also when idle; failures in the source's,
only when there is replication. https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.s3.replication import CopyOutcome, ObjectReplication
from sbctl.sandbox.s3.rules import WantedRule, rules_with_metrics
from sbctl.sandbox.snapshot.part import Whole
from sbctl.sandbox.time.clock import WorldClock

NAMESPACE = "AWS/S3"
PERIOD_SECONDS = 60.0
MOST_DATA = 1000
"""Of one PutMetricData."""

Place = tuple[str, str, str]
"""Source bucket, destination bucket and rule id: the three dimensions."""


@dataclass
class BucketMinute:
    """What happened under one rule since the last publication. `slowest` in seconds."""

    done: int = 0
    failed: int = 0
    slowest: float = 0.0


class ReplicationMetrics:
    """Gathers outcomes, and publishes. `configurations` gives bucket -> configuration, `region_of` a bucket's region or ""."""

    def __init__(
        self,
        clock: WorldClock,
        upstream: Upstream,
        replication: ObjectReplication,
        configurations: Callable[[], Mapping[str, Any]],
        region_of: Callable[[str], str],
    ) -> None:
        self._clock = clock
        self._upstream = upstream
        self._replication = replication
        self._configurations = configurations
        self._region_of = region_of
        self._lock = threading.Lock()
        self._minutes: dict[Place, BucketMinute] = {}
        replication.listen(self._note)

    def reset(self) -> None:
        with self._lock:
            self._minutes.clear()

    def part(self) -> Whole:
        """What is still to be published, to be kept."""
        return Whole("s3.metrics", lambda: dict(self._minutes), self._minutes.update)

    def publish(self) -> None:
        """Put one minute's figures of every rule with metrics."""
        with self._lock:
            minutes, self._minutes = self._minutes, {}
        pending = {(entry.bucket, entry.destination, entry.rule): entry for entry in self._replication.backlog()}
        data: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for source, configuration in self._configurations().items():
            for wanted in rules_with_metrics(configuration):
                place = (source, wanted.destination, wanted.rule)
                minute, entry = minutes.get(place, BucketMinute()), pending.get(place)
                latency = max(minute.slowest, entry.oldest_seconds if entry else 0.0)
                figures = [
                    ("ReplicationLatency", latency, "Seconds"),
                    ("BytesPendingReplication", entry.bytes if entry else 0, "Bytes"),
                    ("OperationsPendingReplication", entry.pending if entry else 0, "Count"),
                ]
                data[self._region_of(wanted.destination)] += self._data(place, figures)
                if minute.done:
                    failed = [("OperationsFailedReplication", minute.failed, "Count")]
                    data[self._region_of(source)] += self._data(place, failed)
        for region, found in data.items():
            self._put(region, found)

    def _note(self, outcome: CopyOutcome) -> None:
        wanted: WantedRule = outcome.task.wanted
        if not wanted.metrics:
            return
        with self._lock:
            minute = self._minutes.setdefault((outcome.task.bucket, wanted.destination, wanted.rule), BucketMinute())
            minute.done += 1
            minute.failed += 1 if outcome.reason else 0
            minute.slowest = max(minute.slowest, 0.0 if outcome.reason else outcome.seconds)

    def _data(self, place: Place, figures: Iterable[tuple[str, float, str]]) -> list[dict[str, Any]]:
        names = ("SourceBucket", "DestinationBucket", "RuleId")
        dimensions = [{"Name": name, "Value": value} for name, value in zip(names, place, strict=True)]
        now = self._clock.now()
        return [
            {"MetricName": name, "Dimensions": dimensions, "Timestamp": now, "Value": float(value), "Unit": unit}
            for name, value, unit in figures
        ]

    def _put(self, region: str, data: Sequence[dict[str, Any]]) -> None:
        if not region:
            return  # the bucket is gone, and its metrics with it
        for first in range(0, len(data), MOST_DATA):
            rows = data[first : first + MOST_DATA]
            self._upstream.call("cloudwatch", "PutMetricData", region, {"Namespace": NAMESPACE, "MetricData": rows})
