"""How much of each service a deployment uses, one function a service; data is in `stored`, calls are in `telephony`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.core.address import Ref
from sbctl.cost.estimate import Quantity, Scene
from sbctl.cost.stored import buckets, tables, transfer
from sbctl.cost.telephony import connect
from sbctl.cost.usage import DAYS_A_MONTH, SECONDS_A_MONTH
from sbctl.desired.config.sections import LambdaItem
from sbctl.resources.route53_health_check import HealthCheckSpec


def functions(scene: Scene) -> Iterator[Quantity]:
    """Calls from flows where calls are served; health checks ask every region, the standbys too."""
    usage = scene.usage
    loads, memory = usage.loads(scene.project), _memory(scene)
    for region in (entry.region for entry in scene.project.by_priority):
        calls, asked = usage.function_calls * loads.get(region, 0.0), _asked(scene, region)
        seconds = calls * usage.function_milliseconds / 1000 * memory.get(region, 0.0)
        health = asked * usage.health_milliseconds / 1000 * memory.get(f"{region}/health", 0.0)
        yield Quantity("Lambda", "requests by flows", "lambda.request", calls, region)
        yield Quantity("Lambda", "duration for flows", "lambda.gb-second", seconds, region)
        yield Quantity("Lambda", "requests by health checks", "lambda.request", asked, region)
        yield Quantity("Lambda", "duration for health checks", "lambda.gb-second", health, region)


def _memory(scene: Scene) -> dict[str, float]:
    """GB of the functions that flows call, on average, by region; and of that with a URL as `region/health`."""
    found: dict[str, float] = {}
    for region in (entry.region for entry in scene.project.by_priority):
        here = [item.in_region(region) for item in scene.project.items.get("lambdas", ())]
        items = [item for item in here if isinstance(item, LambdaItem)]
        called = [item.memory_mb / 1024 for item in items if item.connect]
        found[region] = sum(called) / len(called) if called else 0.0
        found[f"{region}/health"] = max((item.memory_mb / 1024 for item in items if item.url), default=0.0)
    return found


def _asked(scene: Scene, region: str) -> float:
    """How often Route 53's checkers call a region's function a month.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
    """
    times = 0.0
    for desired in scene.of_kind("route53_health_check"):
        spec = desired.spec
        if isinstance(spec, HealthCheckSpec) and isinstance(spec.fqdn, Ref) and spec.fqdn.address.region == region:
            times += scene.usage.checkers * SECONDS_A_MONTH / spec.interval
    return times


def health_checks(scene: Scene) -> Iterator[Quantity]:
    """Each check, and each option of it: HTTPS, the short interval. https://aws.amazon.com/route53/pricing/"""
    service = "Route 53 health checks"
    if scene.usage.plain_checks is not None:
        count = scene.usage.plain_checks if len(scene.project.regions) > 1 else 0
        yield Quantity(service, "basic checks", "route53.check", count)
        return
    for desired in scene.of_kind("route53_health_check"):
        spec = desired.spec
        if isinstance(spec, HealthCheckSpec):
            where = "" if isinstance(spec.fqdn, Ref) else "-outside"
            options = (spec.type == "HTTPS") + (spec.interval == 10)
            yield Quantity(service, f"check {desired.address.name}", f"route53.check{where}", 1)
            yield Quantity(service, f"options of {desired.address.name}", f"route53.check-option{where}", options)
    yield Quantity(service, "checks of metrics", "route53.check", len(scene.of_kind("route53_metric_check")))
    count = len(scene.of_kind("route53_calculated_check"))
    yield Quantity(service, "calculated checks", "route53.calculated-check", count)


def names(scene: Scene) -> Iterator[Quantity]:
    """The zone, and queries; those for aliases of records are paid like others."""
    latency = scene.project.strategy == "active-active" and scene.project.routing == "latency"
    price = "route53.query-latency" if latency else "route53.query"
    yield Quantity("Route 53 DNS", "hosted zone", "route53.zone", len(scene.of_kind("route53_zone")))
    yield Quantity("Route 53 DNS", "queries", price, scene.usage.dns_queries)


def watching(scene: Scene) -> Iterator[Quantity]:
    """Alarms and dashboards everywhere; logs where calls are served, kept as long as the group says."""
    alarms: dict[str, int] = {}
    for desired in scene.of_kind("cloudwatch_alarm"):
        alarms[desired.address.region] = alarms.get(desired.address.region, 0) + 1
    for region, count in alarms.items():
        yield Quantity("CloudWatch", "alarms", "cloudwatch.alarm", count, region)
    yield Quantity("CloudWatch", "dashboards", "cloudwatch.dashboard", len(scene.of_kind("cloudwatch_dashboard")))
    kept = _retention(scene)
    for region, load in scene.usage.loads(scene.project).items():
        size = scene.usage.log_gb * load
        yield Quantity("CloudWatch", "logs", "cloudwatch.log-gb", size, region)
        yield Quantity("CloudWatch", "kept logs", "cloudwatch.log-gb-month", size * kept.get(region, 1.0), region)


def _retention(scene: Scene) -> Mapping[str, float]:
    """Months that logs are kept, the longest of a region."""
    found: dict[str, float] = {}
    for desired in scene.of_kind("log_group"):
        days: Any = desired.values.get("retention_days") or scene.usage.months_kept * DAYS_A_MONTH
        region = desired.address.region
        found[region] = max(found.get(region, 0.0), float(days) / DAYS_A_MONTH)
    return found


ALL = (connect, functions, tables, buckets, transfer, health_checks, names, watching)
"""Every count, in no particular order."""
