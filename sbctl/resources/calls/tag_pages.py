"""Tags of a hundred resources a call, across services, for a look that many kinds share.

Pages are behind the services' own answers: what they do not have is read from its service, and what they have is doubted
after a write of our own (engine/planning/doubt.py). A deleted resource stays on them for a while, so they never say what exists.
https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.one_look import OneLook
from sbctl.core.aws.paging import pages
from sbctl.core.project import PROJECT_TAG
from sbctl.resources.calls.tags import as_map

SERVICE, OPERATION = "resourcegroupstaggingapi", "GetResources"
PAGE = 100
TYPES = (
    "cloudwatch:alarm",
    "connect:instance",
    "connect:phone-number",
    "dynamodb:table",
    "lambda:function",
    "logs:log-group",
    "route53:healthcheck",
    "s3:bucket",
)
"""Types of the kinds whose own lists carry no tags.
https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html"""
TOKENS = ("PaginationToken", "PaginationToken")
Tags = dict[str, str]


def tags_of(aws: AwsCalls, region: str, arn: str, one: Callable[[], Tags]) -> Tags:
    """The tags of a resource: from the pages of this look where they have it, else from `one`, a call of its own."""
    found = paged_tags(aws, region, arn)
    return one() if found is None else found


def paged_tags(aws: AwsCalls, region: str, arn: str) -> Tags | None:
    """The tags of a resource as the pages of this look have them; None where they do not have it."""
    return _paged(aws, region).get(arn) if isinstance(aws, OneLook) else None


def _paged(look: OneLook, region: str) -> Mapping[str, Tags]:
    """Tags by ARN; nothing where the region's pages cannot be read, which the look then knows."""
    if region in look.without_pages:
        return {}
    known = look.tags.get(region)
    if known is None:
        known = look.tags[region] = _read(look, region)
    return known


def _read(look: OneLook, region: str) -> Mapping[str, Tags]:
    ours: dict[str, Any] = {"Key": PROJECT_TAG, **({"Values": [look.project]} if look.project else {})}
    asked = {"TagFilters": [ours], "ResourcesPerPage": PAGE}
    try:
        rows = _rows(look, region, asked)
    except AwsError as error:
        look.without_pages[region] = error
        return {}
    return {row["ResourceARN"]: as_map(row.get("Tags")) for row in rows}


def _rows(look: OneLook, region: str, asked: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Of the types that matter; of all, where one of these is not known to the region."""

    def read(**more: Any) -> list[Mapping[str, Any]]:
        return list(pages(look, SERVICE, OPERATION, region, "ResourceTagMappingList", TOKENS, **asked, **more))

    try:
        return read(ResourceTypeFilters=[*TYPES])
    except AwsError as error:
        if error.code != "InvalidParameterException":
            raise
        return read()
