"""What the two table kinds share: a table as one region describes it, point-in-time recovery, tags.

Tags, point-in-time recovery and deletion protection are never copied between replicas: each region has its own.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.dependent_actions import OF_A_TABLE
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.one_look import TAG_PAGES
from sbctl.core.aws.paging import pages
from sbctl.core.kinds.resource import Retry
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import Project
from sbctl.desired.config.sections import TableItem
from sbctl.resources.calls.call import call_or_none
from sbctl.resources.calls.tag_pages import tags_of as pages_tags_of
from sbctl.resources.calls.tags import as_map, as_pairs, tag_change
from sbctl.resources.calls.waiting import wait_until

GONE = ("ResourceNotFoundException", "TableNotFoundException")
POLL_SECONDS = 5.0
RETRY = (
    Retry("ResourceInUseException", "", "the table is busy with another change"),
    Retry("LimitExceededException", "simultaneously", "too many tables change at once"),
    Retry("LimitExceededException", "tags are being updated", "another change of the table's tags is under way"),
    Retry("ContinuousBackupsUnavailableException", "", "backups are being switched on for the new table"),
)
REPLICATING: dict[str, tuple[str, ...]] = {
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2gt_IAM.html
    "dynamodb:UpdateTable": (
        *OF_A_TABLE,
        "dynamodb:BatchWriteItem",
        "dynamodb:CreateTable",
        "dynamodb:CreateTableReplica",
        "dynamodb:DeleteItem",
        "dynamodb:DeleteTable",
        "dynamodb:DeleteTableReplica",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:Scan",
        "dynamodb:UpdateItem",
        "iam:CreateServiceLinkedRole@dynamodb",
    ),
}
"""What a caller that changes a global table must be allowed beside the call."""
TagsBy = Callable[[AwsCalls, str, str], dict[str, str]]
"""Reads the tags of a table: client, region and ARN."""
LOCAL_CALLS = frozenset(
    f"dynamodb:{operation}"
    for operation in ("DescribeTable", "ListTables", "ListTagsOfResource", "TagResource", "UntagResource")
) | {TAG_PAGES}


def home_of(item: TableItem, project: Project) -> str:
    """The home of a table: the primary region, or the first by priority when the item leaves that out."""
    regions = [region.region for region in project.by_priority if item.in_region(region.region) is not None]
    primary = project.primary.region
    return primary if primary in regions or not regions else regions[0]


def table_names(aws: AwsCalls, region: str) -> Iterable[str]:
    """The names of all tables in a region."""
    tokens = ("ExclusiveStartTableName", "LastEvaluatedTableName")
    return pages(aws, "dynamodb", "ListTables", region, "TableNames", tokens, Limit=100)


def describe(aws: AwsCalls, region: str, name: str) -> dict[str, Any] | None:
    """The table as one region sees it; None when it does not exist there."""
    answer = call_or_none(aws, GONE, "dynamodb", "DescribeTable", region, TableName=name)
    table: dict[str, Any] | None = answer["Table"] if answer else None
    return table


def key_of(table: Mapping[str, Any]) -> str:
    """The ARN of the KMS key of a table; "" where DynamoDB's own key encrypts it."""
    found = table.get("SSEDescription") or {}
    return str(found.get("KMSMasterKeyArn", "")) if found.get("SSEType") == "KMS" else ""


def same_key(wanted: Any, live: Any) -> bool:
    """Whether a table has the key that is wanted. DynamoDB tells the key behind an alias, so any key there will do for one."""
    if wanted and ":alias/" in wanted and live:
        return bool(str(live).split(":")[:5] == str(wanted).split(":")[:5])
    return bool(wanted == live)


def encryption(key: str) -> dict[str, Any]:
    """How a key is asked for; "" is DynamoDB's own."""
    return {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key} if key else {"Enabled": False}


def set_key(aws: AwsCalls, region: str, name: str, live: str | None, wanted: str | None) -> None:
    """Encrypt with another key in one region, where another is wanted. DynamoDB takes four such changes a day."""
    if wanted is not None and not same_key(wanted, live):
        aws.call("dynamodb", "UpdateTable", region, TableName=name, SSESpecification=encryption(wanted or ""))
        wait_active(aws, region, name, "encryption being changed")


def expiry_of(aws: AwsCalls, region: str, name: str) -> str:
    """The attribute by which items of a table expire; "" where none do."""
    answer = call_or_none(aws, GONE, "dynamodb", "DescribeTimeToLive", region, TableName=name) or {}
    found = answer.get("TimeToLiveDescription") or {}
    return str(found.get("AttributeName", "")) if found.get("TimeToLiveStatus") in ("ENABLED", "ENABLING") else ""


def set_expiry(aws: AwsCalls, region: str, name: str, live: str, wanted: str) -> None:
    """Let items expire by another attribute, or none. All replicas have one setting."""
    for attribute, enabled in ((live, False), (wanted, True)):
        if live != wanted and attribute:
            setting = {"Enabled": enabled, "AttributeName": attribute}
            aws.call("dynamodb", "UpdateTimeToLive", region, TableName=name, TimeToLiveSpecification=setting)


LOST = ("INACCESSIBLE_ENCRYPTION_CREDENTIALS", "ARCHIVING", "ARCHIVED")
"""States of a table that DynamoDB has given up, mostly since its key may not be used any more."""
CREATION_FAILED = "CREATION_FAILED"
LOST_REPLICA = (
    CREATION_FAILED,
    "REGION_DISABLED",
    "INACCESSIBLE_ENCRYPTION_CREDENTIALS",
    "REPLICATION_NOT_AUTHORIZED",
)


def lost(table: Mapping[str, Any], region: str) -> Problem | None:
    """Why DynamoDB gives nothing of a table in a region; None when it does."""
    status = table["TableStatus"]
    return _lost(table["TableName"], region, status) if status in LOST else None


def lost_replica(table: Mapping[str, Any], region: str) -> Problem | None:
    """Why the table's replica in a region does not come to be, as the home says; None when nothing is wrong."""
    for entry in table.get("Replicas") or ():
        if entry["RegionName"] == region and entry.get("ReplicaStatus") in LOST_REPLICA:
            reason = entry.get("ReplicaStatusDescription", "")
            failed = _lost(table["TableName"], region, f"{entry['ReplicaStatus']} {reason}".strip())
            return _never_made(failed, table, region) if entry["ReplicaStatus"] == CREATION_FAILED else failed
    return None


def _lost(name: str, region: str, status: str) -> Problem:
    return Problem(
        code="table-failed",
        summary="DynamoDB could not make or keep the table",
        detail=f"{name} in {region}: {status}",
        fix="Remove the cause that AWS names (mostly a KMS key that may not be used), then run the same command again.",
        exit=Exit.PARTIAL,
        cause=f"{name} in {region}",
    )


def _never_made(failed: Problem, table: Mapping[str, Any], region: str) -> Problem:
    """What was never made does not come by itself: its entry has to go first."""
    home = str(table.get("TableArn", "")).split(":")[3:4]
    where = f" --region {home[0]}" if home else ""
    gone = f'[{{"Delete":{{"RegionName":"{region}"}}}}]'
    fix = (
        f"Remove the cause that AWS names, delete the failed replica (aws dynamodb update-table --table-name "
        f"{table['TableName']}{where} --replica-updates '{gone}'), then run the same command again."
    )
    return replace(failed, fix=fix)


def replicas(table: Mapping[str, Any]) -> dict[str, str]:
    """Region → status of the table's other replicas. AWS never lists the region that was asked."""
    return {entry["RegionName"]: entry.get("ReplicaStatus", "ACTIVE") for entry in table.get("Replicas") or ()}


def elsewhere(table: Mapping[str, Any], home: str, region: str = "") -> tuple[dict[str, str], ...]:
    """The ids by which a global table goes through its other regions: its home moves with the primary region."""
    regions = sorted({*replicas(table), *([region] if region else [])} - {home})
    return tuple({"name": table["TableName"], "home": other} for other in regions)


def tags_of(aws: AwsCalls, region: str, arn: str) -> dict[str, str]:
    """The tags of a table in one region, as DynamoDB has them now."""
    tokens = ("NextToken", "NextToken")
    return as_map(pages(aws, "dynamodb", "ListTagsOfResource", region, "Tags", tokens, ResourceArn=arn))


def paged_tags_of(aws: AwsCalls, region: str, arn: str) -> dict[str, str]:
    """The tags of a table in one region, from the pages of a look."""
    return pages_tags_of(aws, region, arn, lambda: tags_of(aws, region, arn))


def retag(
    aws: AwsCalls,
    region: str,
    arn: str,
    live: Mapping[str, str],
    wanted: Mapping[str, str],
    owned: Mapping[str, Any],
) -> None:
    """Set the tags that differ, then remove those no longer wanted. A tag write holds a lock for a second or two."""
    change = tag_change(live, wanted, owned)
    if change.put:
        aws.call("dynamodb", "TagResource", region, ResourceArn=arn, Tags=as_pairs(change.put))
    if change.drop:
        if change.put:
            aws.wait(2.0, "tags of the table being written")
        aws.call("dynamodb", "UntagResource", region, ResourceArn=arn, TagKeys=[*change.drop])


def wait_active(aws: AwsCalls, region: str, name: str, reason: str) -> None:
    """Wait until the table is ACTIVE in one region, or gone there. Raises SbctlError when DynamoDB gives it up."""

    def settled() -> bool:
        table = describe(aws, region, name)
        if table is None or table["TableStatus"] in ("ACTIVE", "DELETING"):
            return True
        if (failed := lost(table, region)) is not None:
            raise SbctlError(failed)
        return False

    wait_until(aws, settled, POLL_SECONDS, reason, f"{name} in {region}")


def recent_source(error: AwsError, address: str) -> SbctlError | None:
    """The problem behind AWS's 24 hour rule, if that is what this error says."""
    if "acted as a source region" not in error.message:
        return None
    return SbctlError(
        Problem(
            code="recent-source",
            summary="DynamoDB does not delete a table that was lately copied to another region",
            detail=error.message,
            at=address,
            fix="Delete the replicas that were made from it first; otherwise AWS allows it 24 hours after the copy.",
        )
    )
