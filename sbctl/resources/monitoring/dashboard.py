"""The dashboard that every project gets: each region's calls, flows, queues and functions, then what crosses regions.

A metric is drawn from the region that publishes it: table lag in the region that sends, bucket lag in the region that
receives, Route 53 always in us-east-1.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sbctl.core.address import GLOBAL, Address
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES, Project, Region
from sbctl.desired.config.sections import BucketItem
from sbctl.resources.dns.names import served

HEIGHT = 6
WIDTH = 24
Widget = dict[str, Any]


def body(project: Project, start: str) -> dict[str, Any]:
    """The body of the default dashboard; `start` is an ISO 8601 duration back from now, such as "-PT6H"."""
    rows = [_row(project, region) for region in project.by_priority]
    rows.append(_across(project))
    widgets: list[Widget] = []
    top = 0
    for title, row in rows:
        widgets.append(
            {"type": "text", "x": 0, "y": top, "width": WIDTH, "height": 1, "properties": {"markdown": title}}
        )
        widgets += _placed(row, top + 1)
        top += 1 + HEIGHT
    return {"start": start, "periodOverride": "inherit", "widgets": widgets}


def _placed(row: list[Widget], top: int) -> Iterable[Widget]:
    """The widgets of a row side by side, sharing its width."""
    width = WIDTH // max(len(row), 1)
    for place, properties in enumerate(row):
        yield {
            "type": "metric",
            "x": place * width,
            "y": top,
            "width": width,
            "height": HEIGHT,
            "properties": properties,
        }


def _graph(title: str, region: str, stat: str, metrics: list[Any]) -> list[Widget]:
    """One graph, or none when it would be empty."""
    if not metrics:
        return []
    return [{"title": title, "region": region, "view": "timeSeries", "stat": stat, "period": 60, "metrics": metrics}]


def _row(project: Project, region: Region) -> tuple[str, list[Widget]]:
    code, name = region.region, region.name
    role = "primary" if region.is_primary else f"priority {region.priority}"
    graphs = [*_connect(project, region), *_functions(project, code, name)]
    return f"## {name} ({code}, {role})", graphs


def _connect(project: Project, region: Region) -> list[Widget]:
    if not region.connect:
        return []
    code, name = region.region, region.name
    of_instance = ["InstanceId", project.instance(code).ref("id"), "MetricGroup"]
    calls = [
        ["AWS/Connect", metric, *of_instance, "VoiceCalls"]
        for metric in ("ConcurrentCalls", "CallsBreachingConcurrencyQuota")
    ]
    flows = [
        ["AWS/Connect", metric, *of_instance, "ContactFlow", "ContactFlowName", flow]
        for flow in sorted(project.flows)
        for metric in ("ContactFlowErrors", "ContactFlowFatalErrors")
    ]
    queues = [
        ["AWS/Connect", metric, *of_instance, "Queue", "QueueName", queue, {"yAxis": axis}]
        for queue in sorted(item.name for item in project.items.get("queues", ()) if item.in_region(code) is not None)
        for metric, axis in (("QueueSize", "left"), ("LongestQueueWaitTime", "right"))
    ]
    return [
        *_graph(f"{name}: calls", code, "Maximum", calls),
        *_graph(f"{name}: flow errors", code, "Sum", flows),
        *_graph(f"{name}: queue size and longest wait (s)", code, "Maximum", queues),
    ]


def _functions(project: Project, code: str, name: str) -> list[Widget]:
    functions = sorted(item.name for item in project.items.get("lambdas", ()) if item.in_region(code) is not None)
    metrics = [
        ["AWS/Lambda", metric, "FunctionName", f"{project.name}-{function}", {"stat": stat, "yAxis": axis}]
        for function in functions
        for metric, stat, axis in (("Errors", "Sum", "left"), ("Duration", "Maximum", "right"))
    ]
    return _graph(f"{name}: function errors and duration (ms)", code, "Sum", metrics)


def _across(project: Project) -> tuple[str, list[Widget]]:
    home = project.primary.region
    health = [
        [
            "AWS/Route53",
            "HealthCheckStatus",
            "HealthCheckId",
            Address.of("route53_health_check", GLOBAL, region.region).ref("id"),
            {"label": region.name, "region": HOME_OF_GLOBAL_SERVICES},
        ]
        for region in served(project)
    ]
    return "## Between regions", [
        *_graph("Table replication lag (ms)", home, "Maximum", [*_table_lag(project)]),
        *_graph("Bucket replication lag (s)", home, "Maximum", [*_bucket_lag(project)]),
        *_graph("Health as Route 53 sees it", HOME_OF_GLOBAL_SERVICES, "Minimum", health),
    ]


def _pairs(project: Project, item: Any) -> Iterable[tuple[str, str]]:
    regions = [region.region for region in project.by_priority if item.in_region(region.region) is not None]
    return ((source, target) for source in regions for target in regions if source != target)


def _table_lag(project: Project) -> Iterable[Any]:
    for item in project.items.get("tables", ()):
        for source, target in _pairs(project, item):
            options = {"label": f"{item.name} {source} → {target}", "region": source}
            sent = ["TableName", item.name, "ReceivingRegion", target]
            yield ["AWS/DynamoDB", "ReplicationLatency", *sent, options]


def _bucket_lag(project: Project) -> Iterable[Any]:
    for item in project.items.get("buckets", ()):
        if isinstance(item, BucketItem) and item.replicate:
            for source, target in _pairs(project, item):
                buckets = [
                    "SourceBucket",
                    project.bucket_name(item.name, source),
                    "DestinationBucket",
                    project.bucket_name(item.name, target),
                ]
                options = {"label": f"{item.name} {source} → {target}", "region": target}
                yield ["AWS/S3", "ReplicationLatency", *buckets, "RuleId", f"to-{target}", options]
