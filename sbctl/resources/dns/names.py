"""Names and record sets of Route 53: one spelling of a name, pages of records, and the shape of one record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.dns_name import plain_name as plain_name
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.paging import RECORD_SETS, answers
from sbctl.core.kinds.resource import Retry
from sbctl.core.project import Project, Region

PAGE = "300"
BUSY = (
    Retry("PriorRequestNotComplete", "", "the hosted zone is busy with another change"),
    Retry("Throttling", "", "Route 53 asks for a pause"),
)


def leaf_name(project: Project, region: str) -> str:
    """The name that always means one region, whichever is active."""
    return f"connect-{region}.{project.domain}"


def order_name(project: Project, region: str) -> str:
    """The name that means a region while it holds an order."""
    return f"connect-order-{region}.{project.domain}"


def public_name(project: Project) -> str:
    """The name that follows the active region."""
    return f"{project.record}.{project.domain}"


def served(project: Project) -> tuple[Region, ...]:
    """The regions that have something to answer with, by priority; none where DNS is not sbctl's."""
    return tuple(region for region in project.by_priority if project.dns and (region.connect or region.endpoint))


def record_sets(aws: AwsCalls, region: str, zone: str, **start: str) -> Iterator[Mapping[str, Any]]:
    """The record sets of a zone in Route 53's order, from `start` on; nothing when the zone is gone."""
    asked = {"HostedZoneId": zone, "MaxItems": PAGE, **start}
    try:
        for answer in answers(aws, "route53", "ListResourceRecordSets", region, RECORD_SETS, **asked):
            yield from answer.get("ResourceRecordSets") or ()
    except AwsError as error:
        if error.code != "NoSuchHostedZone":
            raise
