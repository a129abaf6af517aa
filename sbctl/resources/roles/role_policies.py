"""What the roles may do: the least that a function, or replication between buckets, needs.

Roles are global: their policies name the regions of the project, and nothing that is known only once it is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sbctl.core.aws.dependent_actions import DESCRIBE_INSTANCE, ON_BUCKET, ON_SOURCE, ON_TARGET
from sbctl.core.aws.iam_actions import ITEM_WRITES
from sbctl.core.moving.takeover import NAMESPACE
from sbctl.core.project import INSTANCE_TAG, Project
from sbctl.desired.config.keys import former_keys, keys_in, table_key
from sbctl.desired.config.sections import BucketItem, LambdaItem
from sbctl.resources.roles.former_keys import DECRYPT, former
from sbctl.resources.roles.policy import Document, allow, document

READS = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"]
WRITES = [*ITEM_WRITES]


def function_policy(item: LambdaItem, project: Project) -> Document:
    """What one function may do: its own logs, the tables it names, and its instance when it asks for that."""
    regions = [region.region for region in project.by_priority if deployed(item, region.region)]
    account, group = project.account, f"/aws/lambda/{project.name}-{item.name}"
    logs = [f"arn:aws:logs:{region}:{account}:log-group:{group}:*" for region in regions]
    statements = [allow("Logs", ["logs:CreateLogStream", "logs:PutLogEvents"], logs)]
    if item.reads or item.writes:
        statements.append(allow("Read", READS, _tables([*item.reads, *item.writes], regions, account)))
    if item.writes:
        statements.append(allow("Write", WRITES, _tables(item.writes, regions, account)))
    statements += table_keys(item, project, regions)
    if item.puts_metrics:
        # PutMetricData takes no resource; the namespace is what it can be limited by.
        ours = {"StringEquals": {"cloudwatch:namespace": NAMESPACE}}
        statements.append(allow("Metrics", ["cloudwatch:PutMetricData"], ["*"], Condition=ours))
    if item.describes_instance:
        # By tag and not by id: a role that named every region's instance could not be made before all regions are.
        ours = {"StringEquals": {f"aws:ResourceTag/{INSTANCE_TAG}": project.name}}
        instances = [f"arn:aws:connect:{region}:{account}:instance/*" for region in regions]
        statements.append(allow("Instance", ["connect:DescribeInstance"], instances, Condition=ours))
        # What AWS asks for of directories beside that has no resources to name.
        here = {"StringEquals": {"aws:RequestedRegion": regions}}
        statements.append(allow("InstanceDs", [*DESCRIBE_INSTANCE], ["*"], Condition=here))
    return document(*statements)


def deployed(item: LambdaItem, region: str) -> bool:
    """Whether sbctl deploys the function in a region."""
    local = item.in_region(region)
    return local is not None and local.function is None


def table_keys(item: LambdaItem, project: Project, regions: Iterable[str]) -> list[Document]:
    """The use of the keys of the tables that a function names: DynamoDB uses them in the name of its caller.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    """
    tables = [*item.reads, *item.writes]
    found = {(region, key) for region in regions for name in tables for key in table_key(name, project, region)}
    return [_key_use(region, key, f"dynamodb.{region}.amazonaws.com", {}) for region, key in sorted(found)]


def _tables(names: Iterable[str], regions: Iterable[str], account: str) -> Any:
    tables = [
        f"arn:aws:dynamodb:{region}:{account}:table/{name}" for name in dict.fromkeys(names) for region in regions
    ]
    return [*tables, *(f"{table}/index/*" for table in tables)]


def replication_policy(item: BucketItem, project: Project) -> Document:
    """The minimum for replication between all buckets of one item.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
    """
    regions = [region.region for region in project.by_priority if item.in_region(region.region) is not None]
    buckets = [f"arn:aws:s3:::{project.bucket_name(item.name, region)}" for region in regions]
    objects = [f"{bucket}/*" for bucket in buckets]
    return document(
        allow("Source", [*ON_BUCKET], buckets),
        allow("SourceObjects", [*ON_SOURCE], objects),
        allow("Replicas", [*ON_TARGET], objects),
        *(_copying(item, project, region, key) for region in regions for key in keys_in(item, project, region)),
        *(former(_copying(item, project, region, key), [DECRYPT]) for region, key in former_keys(item, project)),
    )


KEY_ACTIONS = [DECRYPT, "kms:Encrypt", "kms:GenerateDataKey"]
"""What S3 does with a key: it opens the originals, and closes the copies; with a bucket key it also opens the latter's."""


def _copying(item: BucketItem, project: Project, region: str, key: str) -> Document:
    """The use of one key for one bucket, through S3 alone.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
    """
    bucket = f"arn:aws:s3:::{project.bucket_name(item.name, region)}"
    context: Document = {"StringLike": {"kms:EncryptionContext:aws:s3:arn": [bucket, f"{bucket}/*"]}}
    return _key_use(region, key, f"s3.{region}.amazonaws.com", context)


def _key_use(region: str, key: str, service: str, condition: Document) -> Document:
    """The use of a key through one service. A policy knows an alias only by a condition."""
    place, _, name = key.rpartition(":")
    condition = {"StringEquals": {"kms:ViaService": service}, **condition}
    if name.startswith("alias/"):
        key = f"{place}:key/*"
        condition["ForAnyValue:StringEquals"] = {"kms:ResourceAliases": name}
    sid = "Key" + re.sub("[^A-Za-z0-9]", "", f"{region}{name}")
    return allow(sid, KEY_ACTIONS, [key], Condition=condition)
