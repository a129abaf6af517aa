"""Alarms as users write them, and their spread over regions, functions, flows and queues.

The scope says of what there is one alarm each; it adds the dimensions that follow from it. A dimension set must match
the published one exactly, otherwise the alarm sees no data for ever (connect-api 6.2, dr-primitives 6.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field

from sbctl.core.address import GLOBAL, Address, Link
from sbctl.core.kinds.spec import ConfigItem
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES, Project
from sbctl.desired.config.sections import LambdaItem, TableItem
from sbctl.files.misfits import did_you_mean
from sbctl.resources.content.placeholders import fill
from sbctl.resources.dns.names import served

COMPARISONS = {
    ">": "GreaterThanThreshold",
    ">=": "GreaterThanOrEqualToThreshold",
    "<": "LessThanThreshold",
    "<=": "LessThanOrEqualToThreshold",
}


Unit = Literal[
    "Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes", "Bits",
    "Kilobits", "Megabits", "Gigabits", "Terabits", "Percent", "Count", "Bytes/Second", "Kilobytes/Second",
    "Megabytes/Second", "Gigabytes/Second", "Terabytes/Second", "Bits/Second", "Kilobits/Second", "Megabits/Second",
    "Gigabits/Second", "Terabits/Second", "Count/Second", "None",
]  # fmt: skip


@dataclass(frozen=True)
class ByName:
    """Metrics that Connect publishes for each item of a section, told apart by its name."""

    section: str
    group: str
    dimension: str


PUBLISHED_BY_NAME: Mapping[str, ByName] = {
    "flow": ByName("flows", "ContactFlow", "ContactFlowName"),
    "queue": ByName("queues", "Queue", "QueueName"),
}
_SHOWN_BY_CLOUDWATCH = re.compile(r"[0-9A-Za-z .,\-_/#:$@|&{}+?%]+")


class AlarmItem(ConfigItem):
    """An alarm on one metric. Dimensions and actions may hold placeholders such as `${instance}` and `${region}`."""

    name: str = Field(
        min_length=1,
        max_length=100,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="Part of the name of each alarm.",
    )
    scope: Literal["region", "function", "flow", "queue", "replication-pair", "health-check"] = Field(
        default="region", description="Of what there is one alarm each; adds the dimensions that follow from it."
    )
    description: str = Field(default="", max_length=1024, description="Text of the alarm.")
    namespace: str = Field(
        min_length=1, max_length=255, pattern=r"^[^:]", description="Namespace of the metric, for example AWS/Connect."
    )
    metric: str = Field(min_length=1, max_length=255, description="Name of the metric.")
    statistic: Literal["Average", "Maximum", "Minimum", "SampleCount", "Sum"] = Field(
        default="Sum", description="Statistic over a period."
    )
    period_seconds: int = Field(
        default=60, ge=10, le=86400, description="Length of a period: 10, 20, 30 or a multiple of 60."
    )
    evaluation_periods: int = Field(default=1, ge=1, description="Number of periods to look at.")
    datapoints_to_alarm: int | None = Field(
        default=None, ge=1, description="How many of the periods must breach. Default: all of them."
    )
    unit: Unit | None = Field(default=None, description="Only data of this unit count. Default: data of any.")
    comparison: Literal[">", ">=", "<", "<="] = Field(
        default=">=", description="How the metric compares with the threshold in an alarm."
    )
    threshold: float = Field(description="In the metric's own unit.")
    missing: Literal["missing", "notBreaching", "breaching", "ignore"] = Field(
        default="missing", description="What a period without data counts as."
    )
    dimensions: dict[str, str] = Field(
        default={}, description="Dimensions of the metric, all that are published; those of the scope are added."
    )
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
    elif item.scope in PUBLISHED_BY_NAME:
        yield from _named(PUBLISHED_BY_NAME[item.scope], project, region)
    elif item.scope == "replication-pair":
        yield from _pairs(project, region)
    elif item.scope == "health-check":
        if region in {served_region.region for served_region in served(project)}:
            check = Address.of("route53_health_check", GLOBAL, region).ref("id")
            # Route 53 publishes its metrics in one region only.
            yield Spot(HOME_OF_GLOBAL_SERVICES, region, {"HealthCheckId": check})
    elif project.region(region).connect or not any("${instance}" in text for text in item.dimensions.values()):
        yield Spot(region, "")


def _named(published: ByName, project: Project, region: str) -> Iterable[Spot]:
    """Every flow or queue that the region has, and of which Connect publishes metrics."""
    if not project.region(region).connect:
        return
    for item in project.items.get(published.section, ()):
        if item.in_region(region) is not None and _SHOWN_BY_CLOUDWATCH.fullmatch(item.name):
            instance = project.instance(region).ref("id")
            yield Spot(
                region,
                item.name,
                {"InstanceId": instance, "MetricGroup": published.group, published.dimension: item.name},
            )


def blind(item: AlarmItem, project: Project) -> Iterable[tuple[str, str, str]]:
    """Why alarms of this item would never see data: (field, what is wrong, what to do)."""
    for scope, published in PUBLISHED_BY_NAME.items():
        field = f"dimensions.{published.dimension}"
        given = item.dimensions.get(published.dimension)
        filled = None if given is None else fill(given, project, project.primary.region)
        if item.scope == scope:
            if given is not None:
                yield field, f"the scope sets {published.dimension}", "Remove the dimension."
        elif isinstance(filled, str) and filled not in project.names(published.section):
            fix = did_you_mean(filled, project.names(published.section))
            yield field, f"the project has no {scope} {filled!r}", f'{fix} Or watch all with "scope": "{scope}".'


def far_topics(item: AlarmItem, project: Project) -> Iterable[tuple[str, str, str]]:
    """Actions in another region than their alarm: (field, what is so, what can be done)."""
    for region in project.by_priority:
        local = item.in_region(region.region)
        for spot in spots(local, project, region.region) if local is not None else ():
            texts = {name: [fill(text, project, spot.region) for text in getattr(local, name)] for name in ACTIONS}
            for name, filled in texts.items():
                for arn in (one for one in filled if isinstance(one, str) and one.startswith("arn:")):
                    there = arn.split(":")[3] if arn.count(":") > 3 else ""
                    if there not in ("", spot.region):
                        said = (
                            f"an alarm in {spot.region} is to tell {arn}, and CloudWatch tells topics of its own region"
                        )
                        yield ACTIONS[name], said, "Write ${region} in the ARN, or name each region's own in overrides."
                        return


ACTIONS = {"actions": "actions", "ok_actions": "okActions"}


def unpublished(item: AlarmItem, project: Project) -> Iterable[tuple[str, str, str]]:
    """Flows or queues that get no alarm of this item: (field, what is so, what can be done)."""
    scope = item.scope
    published = PUBLISHED_BY_NAME.get(scope)
    for name in sorted(project.names(published.section)) if published else ():
        if not _SHOWN_BY_CLOUDWATCH.fullmatch(name):
            fix = f"To watch it, rename the {scope}: letters without accents, digits, space and . , - _ / # : $ @ | & {{ }} + ? %"
            why = (
                f"the {scope} {name!r} has no alarm: Connect publishes no metrics of it, for the characters in its name"
            )
            yield "scope", why, fix


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
