"""The health checkers: each check's endpoint is asked once an interval, and its health turns at its threshold.

Route 53 has many checkers and takes the word of more than 18 % of them; here one speaks for all.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sbctl.sandbox.cloudwatch.evaluation import Evaluation
from sbctl.sandbox.dns.probe import Hosted, Seen, probe
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.route53.service import Route53Service
from sbctl.sandbox.snapshot.part import Whole
from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.time.scheduler import Scheduler

LOG = logging.getLogger("sbctl.sandbox")
ENDPOINT = frozenset({"HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"})
TICK_SECONDS = 5.0
"""Of the world's clock: how often it is looked whether a check is due."""
METRIC = "CLOUDWATCH_METRIC"
METRIC_SECONDS = 60.0
METRIC_REGION = "us-east-1"
AT_ONCE = 16


@dataclass
class Watched:
    """One check's course. `streak` counts results that contradict `healthy`, in a row."""

    due: float
    healthy: bool = True
    streak: int = 0

    def take(self, passed: bool, threshold: int) -> None:
        """Count one result: health turns after `threshold` in a row that say otherwise, in both directions."""
        self.streak = 0 if passed == self.healthy else self.streak + 1
        if self.streak >= threshold:
            self.healthy, self.streak = passed, 0


class Checkers:
    """Checks all endpoints of an account, on the world's clock."""

    def __init__(
        self,
        clock: WorldClock,
        scheduler: Scheduler,
        route53: Route53Service,
        upstream: Upstream,
        hosted: Hosted,
        alarms: Evaluation,
    ) -> None:
        self._clock = clock
        self._agenda = scheduler
        self._route53 = route53
        self._upstream = upstream
        self._hosted = hosted
        self._alarms = alarms
        self._watched: dict[str, Watched] = {}
        self._told = 0.0

    def begin(self) -> None:
        """Start anew, with nothing seen: on a fresh scheduler."""
        self._watched.clear()
        self._agenda.every(TICK_SECONDS, self.tick)

    def part(self) -> Whole:
        """What each check has seen in a row and when it is due, to be kept."""
        return Whole("checkers", lambda: (dict(self._watched), self._told), self._put_back)

    def _put_back(self, state: Any) -> None:
        self._watched, self._told = state

    def tick(self) -> None:
        """Make the checks that are due, side by side, and note what they saw."""
        now = self._clock.seconds()
        every = self._route53.check_configs()
        configs = {name: found for name, found in every.items() if found["Type"] in ENDPOINT}
        for gone in self._watched.keys() - configs.keys():
            del self._watched[gone]
        due = [name for name in configs if self._watch(name, now).due <= now]
        if due:
            with ThreadPoolExecutor(min(AT_ONCE, len(due))) as pool:
                results = pool.map(lambda name: self._seen(configs[name]), due)
                for name, seen in zip(due, results, strict=True):
                    self._note(name, configs[name], seen, now)
        if now - self._told >= METRIC_SECONDS:
            self._told = now
            for name, found in every.items():
                if found["Type"] == METRIC:
                    self._read_metric(name, found["AlarmIdentifier"])
            self._publish(every)

    def _read_metric(self, name: str, identifier: Mapping[str, str]) -> None:
        """Follow the data of an alarm's metric, not the alarm's state: SetAlarmState changes nothing here.

        https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
        """
        region, wanted = str(identifier["Region"]), str(identifier["Name"])
        alarm = self._alarms.alarm(region, wanted)
        found = self._alarms.judged(region, [alarm])[0] if alarm is not None else None
        if found is None or found.state in (None, "INSUFFICIENT_DATA"):
            self._route53.observe(name, None, f"Unknown: the metric of the alarm {wanted} in {region} has no data")
        else:
            self._route53.observe(name, found.state == "OK", f"{found.state}: the alarm {wanted} in {region}")

    def _watch(self, name: str, now: float) -> Watched:
        return self._watched.setdefault(name, Watched(due=now))

    def _seen(self, config: Mapping[str, Any]) -> Seen:
        try:
            return probe(config, self._hosted)
        except Exception as error:  # a fault of the sandbox must not look like a healthy endpoint
            LOG.exception("a health check failed")
            return Seen(False, f"Failure: {error}")

    def _note(self, name: str, config: Mapping[str, Any], seen: Seen, now: float) -> None:
        watched = self._watched[name]
        watched.due = now + float(config.get("RequestInterval", 30))
        watched.take(seen.passed, int(config.get("FailureThreshold", 3)))
        self._route53.observe(name, watched.healthy, seen.text)

    def _publish(self, configs: Mapping[str, Any]) -> None:
        """HealthCheckStatus, as AWS has it: in us-east-1 alone."""
        data = [
            {
                "MetricName": "HealthCheckStatus",
                "Dimensions": [{"Name": "HealthCheckId", "Value": name}],
                "Timestamp": self._clock.now(),
                "Value": float(self._route53.is_healthy(name)),
            }
            for name in configs
        ]
        if data:
            params = {"Namespace": "AWS/Route53", "MetricData": data}
            self._upstream.call("cloudwatch", "PutMetricData", METRIC_REGION, params)
