"""Alarms that are checked and begin without data, and dashboards that are checked and belong to the account as a whole.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any

from sbctl.sandbox.cloudwatch.alarm_rules import check_alarm
from sbctl.sandbox.cloudwatch.dashboard_rules import check_dashboard
from sbctl.sandbox.cloudwatch.evaluation import Evaluation
from sbctl.sandbox.cloudwatch.figures import Figures
from sbctl.sandbox.cloudwatch.listing import Listing
from sbctl.sandbox.context import ServiceContext
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.moto_bridge.cloudwatch import MotoMetrics
from sbctl.sandbox.service import Answer, Call, Operation
from sbctl.sandbox.snapshot.part import Part
from sbctl.sandbox.time.clock import WorldClock

HOME = "us-east-1"
"""Where moto keeps the dashboards, which AWS shows in every region."""
DASHBOARDS = ("DeleteDashboards", "GetDashboard", "ListDashboards")
NEW = {"StateValue": "INSUFFICIENT_DATA", "StateReason": "Unchecked: Initial alarm creation"}


class CloudWatchOverrides:
    """The operations that write alarms, those on dashboards, and the reads of values."""

    name = "cloudwatch"
    differs = (
        "Metrics are those that the world produces (DynamoDB's ReplicationLatency and ConsumedWriteCapacityUnits, S3 "
        "replication, HealthCheckStatus, runs of functions) and what clients put.",
        "Alarms on one metric are evaluated every minute, with AWS's rules for missing data; alarms on "
        "expressions are kept and never evaluated, composite alarms are absent, actions are not carried out.",
        "GetMetricData gives no points for expressions.",
    )

    def __init__(
        self, clock: WorldClock, upstream: Upstream, evaluation: Evaluation, listing: Operation, figures: Figures
    ) -> None:
        self._listing = listing
        self._figures = figures
        self._clock = clock
        self._upstream = upstream
        self.evaluation = evaluation
        self._lock = threading.Lock()

    @property
    def operations(self) -> Mapping[str, Operation]:
        return {
            "PutMetricAlarm": self.put_alarm,
            "PutDashboard": self.put_dashboard,
            "PutMetricData": self.put_data,
            "ListMetrics": self._listing,
            "GetMetricData": self._figures.data,
            "GetMetricStatistics": self._figures.statistics,
            **dict.fromkeys(DASHBOARDS, self._everywhere),
        }

    def reset(self) -> None:
        """No region has an alarm."""
        self.evaluation.clear()

    @property
    def parts(self) -> Iterable[Part]:
        return [self.evaluation.part()]

    def put_alarm(self, call: Call) -> Answer:
        """An update replaces all but the state, which stays, and the tags, which it cannot change."""
        check_alarm(call.params, call.region)
        params = dict(call.params)
        with self._lock:
            before = self._alarm(call)
            if before is not None:
                params.pop("Tags", None)
            self._upstream.call("cloudwatch", "PutMetricAlarm", call.region, params)
            state = {"AlarmName": params["AlarmName"], **_state(before)}
            self._upstream.call("cloudwatch", "SetAlarmState", call.region, state)
        self.evaluation.watch(call.region)
        return {}

    def put_data(self, call: Call) -> Answer:
        """A value that comes without a time is of now, by the world's clock."""
        now = self._clock.now()
        data = [{"Timestamp": now, **datum} for datum in call.params.get("MetricData", ())]
        params = {**call.params, "MetricData": data} if data else call.params
        return self._upstream.call("cloudwatch", "PutMetricData", call.region, params)

    def put_dashboard(self, call: Call) -> Answer:
        warnings = check_dashboard(call.params["DashboardName"], call.params["DashboardBody"])
        self._upstream.call("cloudwatch", "PutDashboard", HOME, call.params)
        return {"DashboardValidationMessages": warnings}

    def _everywhere(self, call: Call) -> Answer:
        return self._upstream.call("cloudwatch", call.operation, HOME, call.params)

    def _alarm(self, call: Call) -> Mapping[str, Any] | None:
        asked = {"AlarmNames": [call.params["AlarmName"]], "AlarmTypes": ["MetricAlarm"]}
        found = self._upstream.call("cloudwatch", "DescribeAlarms", call.region, asked)
        return next(iter(found.get("MetricAlarms", ())), None)


def _state(before: Mapping[str, Any] | None) -> dict[str, Any]:
    if before is None:
        return NEW
    names = ("StateValue", "StateReason", "StateReasonData")
    return {name: before[name] for name in names if name in before}


def cloudwatch_overrides(on: ServiceContext) -> CloudWatchOverrides:
    """The corrections of CloudWatch for one account."""
    metrics = MotoMetrics(on.account, on.moto)
    evaluation = Evaluation(on.clock, on.upstream, metrics, on.scheduler, on.faults)
    return CloudWatchOverrides(
        on.clock, on.upstream, evaluation, Listing(on.clock, metrics), Figures(on.upstream, metrics)
    )
