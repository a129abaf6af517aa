"""What both kinds of health check share: pages, tags in tens, a reference that fits its settings, updates by version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.one_look import TAG_PAGES
from sbctl.core.aws.paging import pages
from sbctl.core.kinds.resource import Retry
from sbctl.resources.calls.call import call_or_none
from sbctl.resources.calls.tag_pages import paged_tags
from sbctl.resources.calls.tags import as_map, as_pairs, tag_change
from sbctl.resources.dns.names import BUSY

GONE = ("NoSuchHealthCheck",)
TAGGED = "healthcheck"
BATCH = 10
"""How many resources ListTagsForResources takes in one call."""
CALLS = frozenset(
    f"route53:{operation}"
    for operation in (
        "ChangeTagsForResource", "CreateHealthCheck", "DeleteHealthCheck", "GetHealthCheck", "ListHealthChecks",
        "ListTagsForResources", "UpdateHealthCheck",
    )
) | {TAG_PAGES}  # fmt: skip
RETRY = (*BUSY, Retry("HealthCheckVersionMismatch", "", "the health check was changed at the same time"))

Tags = dict[str, str]
Raw = Mapping[str, Any]


def checks_of_type(aws: AwsCalls, region: str, types: Sequence[str]) -> Iterable[tuple[Raw, Tags]]:
    """All health checks of these types, each with its tags."""
    tokens = ("Marker", "NextMarker")
    found = pages(aws, "route53", "ListHealthChecks", region, "HealthChecks", tokens, MaxItems="100")
    checks = [check for check in found if check["HealthCheckConfig"]["Type"] in types]
    paged = {check["Id"]: paged_tags(aws, region, f"arn:aws:route53:::healthcheck/{check['Id']}") for check in checks}
    exact = tags_by_check(aws, region, [check for check, tags in paged.items() if tags is None])
    return [(check, paged[check["Id"]] or exact.get(check["Id"], {})) for check in checks]


def one_check(aws: AwsCalls, region: str, check: str) -> tuple[Raw, Tags] | None:
    """One health check with its tags; None when it does not exist."""
    answer = call_or_none(aws, GONE, "route53", "GetHealthCheck", region, HealthCheckId=check)
    return (answer["HealthCheck"], tags_by_check(aws, region, [check]).get(check, {})) if answer else None


def create_check(aws: AwsCalls, region: str, token: str, settings: Mapping[str, Any], tags: Tags) -> dict[str, str]:
    """Make a check. The same reference with other settings is refused, so the settings are part of it."""
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()
    reference = f"{token}-{digest[:16]}"
    made = aws.call("route53", "CreateHealthCheck", region, CallerReference=reference, HealthCheckConfig={**settings})
    check = str(made["HealthCheck"]["Id"])
    pairs = as_pairs(tags)
    aws.call("route53", "ChangeTagsForResource", region, ResourceType=TAGGED, ResourceId=check, AddTags=pairs)
    return {"id": check}


def update_check(aws: AwsCalls, region: str, check: str, settings: Mapping[str, Any]) -> None:
    """Change the settings of a check, unless somebody else does so at the same time."""
    live = aws.call("route53", "GetHealthCheck", region, HealthCheckId=check)["HealthCheck"]
    version = live["HealthCheckVersion"]
    aws.call("route53", "UpdateHealthCheck", region, HealthCheckId=check, HealthCheckVersion=version, **settings)


def update_tags(aws: AwsCalls, region: str, check: str, live: Tags, wanted: Tags, owned: Mapping[str, Any]) -> None:
    """Change those of our tags that differ."""
    change = tag_change(live, wanted, owned)
    if change.put or change.drop:
        parts: dict[str, Any] = {"AddTags": as_pairs(change.put), "RemoveTagKeys": [*change.drop]}
        parts = {name: value for name, value in parts.items() if value}
        aws.call("route53", "ChangeTagsForResource", region, ResourceType=TAGGED, ResourceId=check, **parts)


def delete_check(aws: AwsCalls, region: str, check: str) -> None:
    """Delete a check; one that is gone already is fine."""
    call_or_none(aws, GONE, "route53", "DeleteHealthCheck", region, HealthCheckId=check)


def tags_by_check(aws: AwsCalls, region: str, checks: Sequence[str]) -> dict[str, Tags]:
    """Tags by health check, ten checks a call."""
    found: dict[str, Tags] = {}
    for start in range(0, len(checks), BATCH):
        found |= _tags_of(aws, region, [*checks[start : start + BATCH]])
    return found


def _tags_of(aws: AwsCalls, region: str, checks: list[str]) -> dict[str, Tags]:
    """One that was deleted meanwhile, perhaps by somebody else, makes AWS refuse all: then they are asked one by one."""
    try:
        answer = aws.call("route53", "ListTagsForResources", region, ResourceType=TAGGED, ResourceIds=checks)
    except AwsError as error:
        if error.code not in GONE or len(checks) == 1:
            raise
        return {check: tags for one in checks for check, tags in _tags_or_none(aws, region, one).items()}
    return {entry["ResourceId"]: as_map(entry.get("Tags")) for entry in answer["ResourceTagSets"]}


def _tags_or_none(aws: AwsCalls, region: str, check: str) -> dict[str, Tags]:
    try:
        return _tags_of(aws, region, [check])
    except AwsError as error:
        if error.code not in GONE:
            raise
        return {}
