"""Whether a project has what standby-takeover needs, and the health checks that follow: who watches whom.

Each region's takeover is seen by inverted checks of two functions, which are quick; by a latch on the metric that one of them
publishes, which holds while nothing is heard; and by a check that is not inverted, by which the region that holds the order is
let past the latches of others (decision 16). Without a function `takeover` the health function is asked alone.
https://aws.amazon.com/blogs/networking-and-content-delivery/creating-disaster-recovery-mechanisms-using-amazon-route-53/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sbctl.core.address import GLOBAL, Address
from sbctl.core.moving.takeover import FUNCTION, KEY, rivals
from sbctl.core.project import Project, Region
from sbctl.desired.config.sections import LambdaItem, TableItem
from sbctl.resources.dns.names import served

HEALTH_FUNCTION = "health"
MECHANISM = "standby-takeover"
CHECK = "route53_health_check"
CALCULATED = "route53_calculated_check"
LATCH = "route53_metric_check"


def missing(project: Project) -> str:
    """Why the project's regions cannot take over from one another by a signal; "" when they can."""
    if project.rules.mechanism != MECHANISM:
        return f"the mechanism is {project.rules.mechanism}"
    regions = served(project)
    for region in regions:
        reason = _no_function(project, region) or _no_table(project, region)
        if reason:
            return reason
    return "" if len(regions) > 1 else "there is no second region that is served"


def apart(project: Project) -> bool:
    """Whether the takeover is served by a function of its own, in every region that is served."""
    return all(with_url(project, region.region, FUNCTION) for region in served(project))


def askers(project: Project, region: str) -> tuple[tuple[Address, str], ...]:
    """The inverted checks that see a region's signal, each with the function that it asks."""
    found = ((takeover_check(region), HEALTH_FUNCTION), (function_check(region), FUNCTION))
    return tuple((check, name) for check, name in found if with_url(project, region, name))


def watched(project: Project) -> tuple[Region, ...]:
    """The regions whose takeover somebody watches."""
    if missing(project):
        return ()
    regions = served(project)
    codes = {rival.region for region in regions for rival in rivals(project, region, regions)}
    return tuple(region for region in regions if region.region in codes)


def latched(project: Project) -> tuple[Region, ...]:
    """The regions whose takeover is latched by its metric."""
    return watched(project) if apart(project) else ()


def ordered(project: Project) -> tuple[Region, ...]:
    """The regions that have a second record, for the time in which they hold the order: all, or none."""
    return () if missing(project) or not apart(project) else served(project)


def held_back(project: Project) -> tuple[Region, ...]:
    """Those of them that others can hold back, and that an order lets past the latches of others."""
    regions = served(project)
    return tuple(region for region in ordered(project) if rivals(project, region, regions))


def leaf_check(project: Project, region: str) -> Address:
    """The health check that a region's record carries: its calculated one, or its endpoint's where there is no takeover."""
    return Address.of(CHECK if missing(project) else CALCULATED, GLOBAL, region)


def takeover_check(region: str) -> Address:
    """The address of the inverted check that asks a region's health function for the signal."""
    return Address.of(CHECK, GLOBAL, f"takeover-{region}")


def function_check(region: str) -> Address:
    """The address of the inverted check that asks a region's takeover function for the signal."""
    return Address.of(CHECK, GLOBAL, f"takeover-function.{region}")


def latch(region: str) -> Address:
    """The address of the check that keeps what a region last said of its takeover."""
    return Address.of(LATCH, GLOBAL, f"takeover-latch.{region}")


def latch_alarm(region: str) -> Address:
    """The address of the alarm that the latch follows."""
    return Address.of("cloudwatch_alarm", region, "takeover-latch")


def order_check(region: str) -> Address:
    """The address of the check that is healthy while a region itself says that it holds the order."""
    return Address.of(CHECK, GLOBAL, f"order.{region}")


def order_leaf_check(region: str) -> Address:
    """The address of the calculated check that a region's second record carries."""
    return Address.of(CALCULATED, GLOBAL, f"order.{region}")


def order_set(region: str) -> str:
    """The set identifier of what answers a region while it holds an order."""
    return f"{region}-order"


@dataclass(frozen=True)
class Sum:
    """What a calculated check is made of: all of its children, or with `inverted` not all of them."""

    checks: tuple[Address, ...]
    inverted: bool = False


def by_health(project: Project, region: Region) -> Sum:
    """When a region takes traffic: it is healthy, and none of those behind it has taken over, nor had when last heard of."""
    behind = rivals(project, region, served(project))
    latches = [latch(rival.region) for rival in behind] if apart(project) else []
    return Sum((Address.of(CHECK, GLOBAL, region.region), *_quiet(project, behind), *latches))


def by_order(project: Project, region: Region) -> Sum:
    """When it takes traffic because it holds the order.

    It says so itself, and none of those behind it has taken over since. A flood of its health function then changes nothing;
    the first region keeps its health check, since a failback leaves the order with it. The last one, which no other can
    hold back, is also believed what it last said: beyond it there is nobody but a region that was left.
    """
    regions = served(project)
    behind = rivals(project, region, regions)
    if not behind:
        return Sum((*_quiet(project, (region,)), latch(region.region)), inverted=True)
    health = (Address.of(CHECK, GLOBAL, region.region),) if region == regions[0] else ()
    return Sum((*health, order_check(region.region), *_quiet(project, behind)))


def _quiet(project: Project, regions: Iterable[Region]) -> Iterator[Address]:
    """The checks that are healthy while none of these regions says that it has taken over."""
    for region in regions:
        yield from (check for check, _ in askers(project, region.region))


def with_url(project: Project, region: str, name: str) -> bool:
    """Whether a function of this name is deployed in a region, with a URL."""
    for item in project.items.get("lambdas", ()):
        local = item.in_region(region)
        if item.name == name and isinstance(local, LambdaItem) and local.url and local.function is None:
            return True
    return False


def without_protection(item: LambdaItem, project: Project) -> Iterator[tuple[str, str, str]]:
    """What of a function's item lets a flood reach the takeover: (field, what is so, what can be done)."""
    if item.name == HEALTH_FUNCTION and item.url and not apart(project) and not missing(project):
        what = "this public function alone serves the takeover, so that a flood of its address can undo a failover"
        fix = f"Add the function {FUNCTION!r} (docs/reference/takeover.md); sbctl deploy takes it into use."
        yield "name", what, fix
    if item.name == FUNCTION and item.url and not item.puts_metrics and not missing(project):
        what = "without putsMetrics the latch of the takeover gets no data, and does not hold"
        yield "putsMetrics", what, 'Set "putsMetrics": true.'


def _no_function(project: Project, region: Region) -> str:
    if askers(project, region.region):
        return ""
    return f"{region.region} has no function {FUNCTION!r} or {HEALTH_FUNCTION!r} with a URL"


def _no_table(project: Project, region: Region) -> str:
    wanted = project.rules.takeover.table
    for item in project.items.get("tables", ()):
        if item.name == wanted and isinstance(item, TableItem) and item.in_region(region.region) is not None:
            keys = [key for key in (item.partition_key, item.sort_key) if key is not None]
            fits = [(key.name, key.type) for key in keys] == [(name, "S") for name in KEY]
            return "" if fits else f"the table {wanted} has other keys than {' and '.join(KEY)} of type S"
    return f"{region.region} has no table {wanted!r}"
