"""GetResources of the Resource Groups Tagging API: tags of many resources a call, across services, for one region.

https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from sbctl.sandbox.cloudwatch.tokens import start_of, token_of
from sbctl.sandbox.service import Answer, ApiError, Call, Operation
from sbctl.sandbox.tagging.index import Index, Source
from sbctl.sandbox.tagging.sources import READERS, Ask, Tags, read
from sbctl.sandbox.time.clock import WorldClock

INVALID = "InvalidParameterException"
MOST_RESOURCES = 100
LEAST_TAGS, MOST_TAGS = 100, 500
MOST_TYPES = 100
NOT_WITH_ARNS = (
    "TagFilters",
    "ResourceTypeFilters",
    "ResourcesPerPage",
    "TagsPerPage",
    "PaginationToken",
)
Row = tuple[str, Tags]


class TaggingService:
    """The Tagging API of one account. Only what reads tags of resources is modelled."""

    name = "resourcegroupstaggingapi"
    differs = (
        "Tags of alarms, Connect resources, tables, functions, log groups, buckets, hosted zones and health checks are "
        "known, some seconds after they were written; of other services none.",
        "There are no tag policies: everything is compliant.",
    )

    def __init__(self, clock: WorldClock, sources: Mapping[str, Source]) -> None:
        self._index = Index(clock, sources)
        self.noticed = self._index.noticed

    @property
    def operations(self) -> Mapping[str, Operation]:
        return {"GetResources": self.get_resources}

    def reset(self) -> None:
        self._index.clear()

    def get_resources(self, call: Call) -> Answer:
        params = call.params
        _check(params)
        found = self._index.resources(call.region).items()
        arns = params.get("ResourceARNList")
        if arns:
            return _answer([row for row in found if row[0] in set(arns)], "")
        chosen = [row for row in found if _is_of(row[0], params) and _is_tagged(row[1], params)]
        rows, token = _page(chosen, params)
        return _answer(rows, token)


def _check(params: Mapping[str, Any]) -> None:
    if params.get("ResourceARNList"):
        wrong = [name for name in NOT_WITH_ARNS if params.get(name)]
        if wrong:
            raise ApiError(INVALID, f"ResourceARNList cannot be used with {', '.join(wrong)}")
    _between(params, "ResourcesPerPage", 1, MOST_RESOURCES)
    _between(params, "TagsPerPage", LEAST_TAGS, MOST_TAGS)
    if params.get("TagsPerPage") is not None and params.get("ResourcesPerPage") is not None:
        raise ApiError(INVALID, "You can't specify both ResourcesPerPage and TagsPerPage in the same request")
    if len(params.get("ResourceTypeFilters") or ()) > MOST_TYPES:
        raise ApiError(INVALID, f"ResourceTypeFilters can have {MOST_TYPES} items at most")
    if params.get("ExcludeCompliantResources") and not params.get("IncludeComplianceDetails"):
        raise ApiError(INVALID, "ExcludeCompliantResources needs IncludeComplianceDetails")
    if any(not one.get("Key") for one in params.get("TagFilters") or ()):
        raise ApiError(INVALID, "A tag filter needs a Key")


def _between(params: Mapping[str, Any], name: str, least: int, most: int) -> None:
    value = params.get(name)
    if value is not None and not least <= int(value) <= most:
        raise ApiError(INVALID, f"{name} must be from {least} to {most}")


def _is_of(arn: str, params: Mapping[str, Any]) -> bool:
    """Whether a resource is of one of the types, written as in ARNs: `service` or `service:type`."""
    types = params.get("ResourceTypeFilters")
    return not types or not {*types}.isdisjoint(_types(arn))


def _types(arn: str) -> Iterable[str]:
    service, rest = arn.split(":")[2], arn.split(":", 5)[5]
    # A bucket's ARN has no type, and a table's has it before a slash.
    kind = "bucket" if service == "s3" else rest.replace("/", ":").partition(":")[0]
    return service, f"{service}:{kind}"


def _is_tagged(tags: Tags, params: Mapping[str, Any]) -> bool:
    return all(
        one["Key"] in tags and (not one.get("Values") or tags[one["Key"]] in one["Values"])
        for one in params.get("TagFilters") or ()
    )


def _page(rows: list[Row], params: Mapping[str, Any]) -> tuple[list[Row], str]:
    """One page, and the token of the next. With TagsPerPage a page ends before the tags of a resource would be too many."""
    start = start_of(params.get("PaginationToken"), INVALID, "The pagination token is not valid")
    size = (
        _fitting(rows[start:], params["TagsPerPage"]) if params.get("TagsPerPage") else params.get("ResourcesPerPage")
    )
    end = start + int(size or MOST_RESOURCES)
    return rows[start:end], token_of(end) if end < len(rows) else ""


def _fitting(rows: list[Row], most: int) -> int:
    """How many resources have no more tags than that together; one without tags counts as one."""
    tags = 0
    for at, (_, found) in enumerate(rows):
        tags += max(1, len(found))
        if tags > most:
            return max(1, at)
    return max(1, len(rows))


def _answer(rows: Iterable[Row], token: str) -> Answer:
    listed = [
        {"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
        for arn, tags in rows
    ]
    return {"PaginationToken": token, "ResourceTagMappingList": listed}


def tagging_service(clock: WorldClock, ask: Ask, own: Mapping[str, Source]) -> TaggingService:
    """The service. `own` are the services that tell their tags themselves; those of the others are asked for."""
    return TaggingService(clock, {**{name: partial(read, ask, name) for name in READERS}, **own})
