"""Alarms are evaluated once a minute of the world's time, region by region, by the metrics that stand in CloudWatch.

Alarms on expressions and composite alarms are kept and never evaluated. Actions are not carried out. In a region that is
down nothing is evaluated.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sbctl.sandbox.cloudwatch.statistics import statistic
from sbctl.sandbox.cloudwatch.threshold import SPARE_POINTS, Evaluated, judge, reason
from sbctl.sandbox.faults.registry import FaultRegistry
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.moto_bridge.cloudwatch import Datum, MotoMetrics, metric_of
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.snapshot.part import Whole
from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.time.scheduler import Scheduler

LOG = logging.getLogger("sbctl.sandbox")
PERIOD_SECONDS = 60.0
Alarm = Mapping[str, Any]


class Evaluation:
    """Evaluates the alarms of the regions in which any were ever put."""

    def __init__(
        self, clock: WorldClock, upstream: Upstream, metrics: MotoMetrics, scheduler: Scheduler, faults: FaultRegistry
    ) -> None:
        self._clock = clock
        self._upstream = upstream
        self._metrics = metrics
        self._agenda = scheduler
        self._faults = faults
        self._lock = threading.Lock()
        self._regions: set[str] = set()

    def begin(self) -> None:
        """Start on a fresh scheduler."""
        self._agenda.every(PERIOD_SECONDS, self.tick)

    def clear(self) -> None:
        with self._lock:
            self._regions.clear()

    def watch(self, region: str) -> None:
        """There is an alarm in a region."""
        with self._lock:
            self._regions.add(region)

    def part(self) -> Whole:
        """The regions with alarms, to be kept."""
        return Whole("cloudwatch.evaluation", lambda: sorted(self._regions), self._put_back)

    def _put_back(self, state: Any) -> None:
        with self._lock:
            self._regions = set(state)

    def tick(self) -> None:
        """Evaluate every alarm of every region that is up."""
        with self._lock:
            regions = sorted(self._regions)
        for region in regions:
            if not self._faults.region_is_down(region):
                self._evaluate(region)

    def _evaluate(self, region: str) -> None:
        alarms = [alarm for alarm in self._alarms(region) if is_plain(alarm)]
        for alarm, found in zip(alarms, self.judged(region, alarms), strict=True):
            if found.state is not None and found.state != alarm["StateValue"]:
                self._set(region, alarm, found)

    def judged(self, region: str, alarms: Sequence[Alarm]) -> list[Evaluated]:
        """What the data of these alarms say now."""
        if not alarms:
            return []
        begin = min(self._end(alarm) - _reach(alarm) for alarm in alarms)
        data = self._metrics.since(region, begin)
        return [judge(alarm, self._points(alarm, data.get(metric_of(alarm), []))) for alarm in alarms]

    def alarm(self, region: str, name: str) -> Alarm | None:
        """One alarm by its name; None when there is none that is evaluated."""
        return next((one for one in self._alarms(region, AlarmNames=[name]) if is_plain(one)), None)

    def _alarms(self, region: str, **more: Any) -> Iterable[Alarm]:
        ask: dict[str, Any] = {"AlarmTypes": ["MetricAlarm"], **more}
        while True:
            answer = self._upstream.call("cloudwatch", "DescribeAlarms", region, ask)
            yield from answer.get("MetricAlarms", ())
            if not answer.get("NextToken"):
                return
            ask["NextToken"] = answer["NextToken"]

    def _points(self, alarm: Alarm, data: Sequence[Datum]) -> list[float | None]:
        """The datapoints of an alarm, the oldest first, None where a period has none."""
        period, end = int(alarm["Period"]), self._end(alarm)
        name = str(alarm.get("Statistic") or alarm.get("ExtendedStatistic"))
        begins = [end - place * period for place in range(_count(alarm), 0, -1)]
        return [statistic(name, [one for one in data if begin <= one.at < begin + period]) for begin in begins]

    def _end(self, alarm: Alarm) -> float:
        """The last whole minute, or period where that is shorter: windows slide by it."""
        step = min(int(alarm["Period"]), int(PERIOD_SECONDS))
        return self._clock.seconds() // step * step

    def _set(self, region: str, alarm: Alarm, found: Evaluated) -> None:
        data = {"version": "1.0", "recentDatapoints": [*found.seen], "threshold": float(alarm["Threshold"])}
        state = {
            "AlarmName": alarm["AlarmName"],
            "StateValue": found.state,
            "StateReason": reason(alarm, found),
            "StateReasonData": json.dumps(data),
        }
        try:
            self._upstream.call("cloudwatch", "SetAlarmState", region, state)
        except ApiError as error:  # deleted meanwhile
            LOG.info("alarm %s in %s: %s", alarm["AlarmName"], region, error)


def _count(alarm: Alarm) -> int:
    return int(alarm["EvaluationPeriods"]) + SPARE_POINTS


def _reach(alarm: Alarm) -> float:
    """How far back an alarm looks, in seconds."""
    return float(_count(alarm) * int(alarm["Period"]))


def is_plain(alarm: Alarm) -> bool:
    """Whether an alarm watches one metric, and not an expression or a band."""
    return bool(alarm.get("MetricName")) and "Threshold" in alarm and bool(alarm.get("ComparisonOperator"))
