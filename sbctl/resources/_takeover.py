"""Whether a project has what standby-takeover needs, and the health checks that follow: who watches whom.

https://aws.amazon.com/blogs/networking-and-content-delivery/creating-disaster-recovery-mechanisms-using-amazon-route-53/
"""

from __future__ import annotations

from sbctl.core.address import GLOBAL, Address
from sbctl.core.project import Project, Region
from sbctl.core.takeover import KEY, rivals
from sbctl.desired.sections import LambdaItem, TableItem
from sbctl.resources._dns import served

HEALTH_FUNCTION = "health"
MECHANISM = "standby-takeover"


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


def watched(project: Project) -> tuple[Region, ...]:
    """The regions whose takeover somebody watches."""
    if missing(project):
        return ()
    regions = served(project)
    codes = {rival.region for region in regions for rival in rivals(project, region, regions)}
    return tuple(region for region in regions if region.region in codes)


def leaf_check(project: Project, region: str) -> Address:
    """The health check that a region's record carries: its calculated one, or its endpoint's where there is no takeover."""
    kind = "route53_health_check" if missing(project) else "route53_calculated_check"
    return Address.of(kind, GLOBAL, region)


def takeover_check(region: str) -> Address:
    """The address of the inverted check that sees a region's signal."""
    return Address.of("route53_health_check", GLOBAL, f"takeover-{region}")


def _no_function(project: Project, region: Region) -> str:
    for item in project.items.get("lambdas", ()):
        local = item.in_region(region.region)
        if item.name == HEALTH_FUNCTION and isinstance(local, LambdaItem) and local.url and local.function is None:
            return ""
    return f"{region.region} has no function {HEALTH_FUNCTION!r} with a URL"


def _no_table(project: Project, region: Region) -> str:
    wanted = project.rules.takeover.table
    for item in project.items.get("tables", ()):
        if item.name == wanted and isinstance(item, TableItem) and item.in_region(region.region) is not None:
            keys = [key for key in (item.partition_key, item.sort_key) if key is not None]
            fits = [(key.name, key.type) for key in keys] == [(name, "S") for name in KEY]
            return "" if fits else f"the table {wanted} has other keys than {' and '.join(KEY)} of type S"
    return f"{region.region} has no table {wanted!r}"
