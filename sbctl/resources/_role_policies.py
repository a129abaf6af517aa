"""What the roles may do: the least that a function, or replication between buckets, needs.

Roles are global: their policies name the regions of the project, and nothing that is known only once it is made.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sbctl.core.iam_actions import ITEM_WRITES
from sbctl.core.project import INSTANCE_TAG, Project
from sbctl.core.takeover import NAMESPACE
from sbctl.desired.sections import BucketItem, LambdaItem
from sbctl.resources._policy import Document, allow, document

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
    if item.puts_metrics:
        # PutMetricData takes no resource; the namespace is what it can be limited by.
        ours = {"StringEquals": {"cloudwatch:namespace": NAMESPACE}}
        statements.append(allow("Metrics", ["cloudwatch:PutMetricData"], ["*"], Condition=ours))
    if item.describes_instance:
        # By tag and not by id: a role that named every region's instance could not be made before all regions are.
        ours = {"StringEquals": {f"aws:ResourceTag/{INSTANCE_TAG}": project.name}}
        instances = [f"arn:aws:connect:{region}:{account}:instance/*" for region in regions]
        statements.append(allow("Instance", ["connect:DescribeInstance"], instances, Condition=ours))
    return document(*statements)


def deployed(item: LambdaItem, region: str) -> bool:
    """Whether sbctl deploys the function in a region."""
    local = item.in_region(region)
    return local is not None and local.function is None


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
    versions = ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"]
    return document(
        allow("Source", ["s3:GetReplicationConfiguration", "s3:ListBucket"], buckets),
        allow("SourceObjects", versions, objects),
        allow("Replicas", ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"], objects),
    )
