"""Alarms as users write them, the set that a project gets without writing any, and their spread over regions.

The scope says of what there is one alarm each; it adds the dimensions that follow from it. A dimension set must match
the published one exactly, otherwise the alarm sees no data for ever (connect-api 6.2, dr-primitives 6.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field

from sbctl.core.address import GLOBAL, Address, Link
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES, Project
from sbctl.core.spec import ConfigItem
from sbctl.desired.sections import LambdaItem, TableItem
from sbctl.resources._dns import served
from sbctl.resources._placeholders import fill

COMPARISONS = {
    ">": "GreaterThanThreshold",
    ">=": "GreaterThanOrEqualToThreshold",
    "<": "LessThanThreshold",
    "<=": "LessThanOrEqualToThreshold",
}


class AlarmItem(ConfigItem):
    """An alarm on one metric. Dimensions and actions may hold placeholders such as `${instance}` and `${region}`."""

    name: str = Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")
    scope: Literal["region", "function", "replication-pair", "health-check"] = Field(
        default="region", description="Of what there is one alarm each; adds the dimensions that follow from it."
    )
    description: str = Field(default="", max_length=1024)
    namespace: str = Field(min_length=1, max_length=255, pattern=r"^[^:]")
    metric: str = Field(min_length=1, max_length=255)
    statistic: Literal["Average", "Maximum", "Minimum", "SampleCount", "Sum"] = "Sum"
    period_seconds: int = Field(default=60, ge=10, le=86400)
    evaluation_periods: int = Field(default=1, ge=1)
    comparison: Literal[">", ">=", "<", "<="] = ">="
    threshold: float = Field(description="In the metric's own unit.")
    missing: Literal["missing", "notBreaching", "breaching", "ignore"] = "missing"
    dimensions: dict[str, str] = {}
    actions: list[str] = Field(default=[], max_length=5, description="ARNs told of the alarm, in the alarm's region.")
    ok_actions: list[str] = Field(default=[], max_length=5, description="ARNs told that it is over.")


@dataclass(frozen=True)
class Spot:
    """One alarm of an item: where it lives, what its name ends with, and the dimensions of its scope."""

    region: str
    suffix: str
    dimensions: dict[str, Link] = field(default_factory=dict)


def spots(item: AlarmItem, project: Project, region: str) -> Iterable[Spot]:
    """Where one region has alarms of this item."""
    if item.scope == "function":
        for function in project.items.get("lambdas", ()):
            if isinstance(function, LambdaItem) and function.in_region(region) is not None:
                yield Spot(region, function.name, {"FunctionName": f"{project.name}-{function.name}"})
    elif item.scope == "replication-pair":
        yield from _pairs(project, region)
    elif item.scope == "health-check":
        if region in {served_region.region for served_region in served(project)}:
            check = Address.of("route53_health_check", GLOBAL, region).ref("id")
            # Route 53 publishes its metrics in one region only.
            yield Spot(HOME_OF_GLOBAL_SERVICES, region, {"HealthCheckId": check})
    elif project.region(region).connect or not any("${instance}" in text for text in item.dimensions.values()):
        yield Spot(region, "")


def _pairs(project: Project, region: str) -> Iterable[Spot]:
    """Every table and every other region that has it: the metric stands in the region that sends."""
    for table in project.items.get("tables", ()):
        if isinstance(table, TableItem) and table.in_region(region) is not None:
            for other in project.others(region):
                if table.in_region(other.region) is not None:
                    pair: dict[str, Link] = {"TableName": table.name, "ReceivingRegion": other.region}
                    yield Spot(region, f"{table.name}.to-{other.region}", pair)


def dimensions(item: AlarmItem, spot: Spot, project: Project, region: str) -> dict[str, Link]:
    """All dimensions of one alarm."""
    return {**{name: fill(text, project, region) for name, text in item.dimensions.items()}, **spot.dimensions}


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
