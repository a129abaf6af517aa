"""What runs of functions leave in CloudWatch: Invocations, Errors, Throttles and Duration (ms), once a minute for each function.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.time.scheduler import Scheduler

NAMESPACE = "AWS/Lambda"
PERIOD_SECONDS = 60.0


@dataclass
class FunctionMinute:
    """The runs of one function since they were last published. A throttled call is no invocation."""

    invocations: int = 0
    errors: int = 0
    throttles: int = 0
    milliseconds: list[float] = field(default_factory=list)


class Invocations:
    """Gathers runs, and publishes them on the world's clock. What is not published when the server stops is lost."""

    def __init__(self, clock: WorldClock, upstream: Upstream, scheduler: Scheduler) -> None:
        self._clock = clock
        self._upstream = upstream
        self._agenda = scheduler
        self._lock = threading.Lock()
        self._minutes: dict[tuple[str, str], FunctionMinute] = {}

    def clear(self) -> None:
        with self._lock:
            self._minutes.clear()

    def ran(self, region: str, name: str, milliseconds: float, *, failed: bool) -> None:
        """A handler was run."""
        with self._lock:
            minute = self._minute(region, name)
            minute.invocations += 1
            minute.errors += failed
            minute.milliseconds.append(milliseconds)

    def throttled(self, region: str, name: str) -> None:
        """A call found all places taken."""
        with self._lock:
            self._minute(region, name).throttles += 1

    def _minute(self, region: str, name: str) -> FunctionMinute:
        key = (region, name)
        if key not in self._minutes:
            self._minutes[key] = FunctionMinute()
            self._agenda.after(PERIOD_SECONDS, partial(self._publish, key))
        return self._minutes[key]

    def _publish(self, key: tuple[str, str]) -> None:
        with self._lock:
            minute = self._minutes.pop(key, None)
        if minute is None:
            return
        region, name = key
        counts = {"Invocations": minute.invocations, "Errors": minute.errors, "Throttles": minute.throttles}
        data = [self._datum(name, metric, "Count", Value=float(count)) for metric, count in counts.items()]
        if minute.milliseconds:
            data.append(self._datum(name, "Duration", "Milliseconds", Values=minute.milliseconds[:150]))
        self._upstream.call("cloudwatch", "PutMetricData", region, {"Namespace": NAMESPACE, "MetricData": data})

    def _datum(self, function: str, metric: str, unit: str, **value: Any) -> dict[str, Any]:
        dimensions = [{"Name": "FunctionName", "Value": function}]
        return {"MetricName": metric, "Dimensions": dimensions, "Timestamp": self._clock.now(), "Unit": unit, **value}
