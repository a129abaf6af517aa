"""The alarms of a project that writes none: quotas, flows and functions that fail, lag, and health.

Queues get none by default, since a project may have hundreds: write one alarm with the scope "queue".
"""

from __future__ import annotations

from collections.abc import Iterable

from sbctl.core.project import Project
from sbctl.resources.monitoring.alarm_items import AlarmItem


def default_alarms(project: Project) -> Iterable[AlarmItem]:
    """What a contact centre over several regions must not miss."""
    calls = {"InstanceId": "${instance}", "MetricGroup": "VoiceCalls"}
    connect = {"namespace": "AWS/Connect", "missing": "notBreaching"}
    yield AlarmItem.model_validate(
        {
            **connect,
            "name": "calls-over-quota",
            "description": "Calls are refused because the instance's quota of concurrent calls is used up",
            "metric": "CallsBreachingConcurrencyQuota",
            "period_seconds": 300,
            "evaluation_periods": 2,
            "threshold": 1,
            "dimensions": calls,
        }
    )
    yield AlarmItem.model_validate(
        {
            **connect,
            "name": "calls-near-quota",
            "description": "More than 80 % of the quota of concurrent calls is in use (the metric runs from 0 to 1)",
            "metric": "ConcurrentCallsPercentage",
            "statistic": "Maximum",
            "evaluation_periods": 5,
            "comparison": ">",
            "threshold": 0.8,
            "dimensions": calls,
        }
    )
    yield AlarmItem.model_validate(
        {
            **connect,
            "name": "flow-fatal",
            "scope": "flow",
            "description": "A flow could not run for a caller",
            "metric": "ContactFlowFatalErrors",
            "period_seconds": 300,
            "threshold": 1,
        }
    )
    yield AlarmItem(
        name="function-errors",
        scope="function",
        description="A Lambda function fails",
        namespace="AWS/Lambda",
        metric="Errors",
        period_seconds=300,
        threshold=1,
        missing="notBreaching",
    )
    yield AlarmItem(
        name="replication-lag",
        scope="replication-pair",
        description="A table lags behind in another region by more than the recovery point objective",
        namespace="AWS/DynamoDB",
        metric="ReplicationLatency",
        statistic="Maximum",
        evaluation_periods=3,
        comparison=">",
        threshold=project.rules.objectives.rpo_seconds * 1000,
        missing="ignore",
    )
    yield AlarmItem(
        name="region-health",
        scope="health-check",
        description="Route 53 sees the region as unhealthy",
        namespace="AWS/Route53",
        metric="HealthCheckStatus",
        statistic="Minimum",
        evaluation_periods=2,
        comparison="<",
        threshold=1,
        missing="breaching",
    )
