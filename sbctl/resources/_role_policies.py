"""What the roles may do: the least that a function, or replication between buckets, needs.

Roles are global: their policies name the regions of the project, and nothing that is known only once it is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sbctl.core.dependent_actions import ON_BUCKET, ON_SOURCE, ON_TARGET, actions_of
from sbctl.core.project import INSTANCE_TAG, Project
from sbctl.core.takeover import NAMESPACE
from sbctl.desired.sections import BucketItem, LambdaItem
from sbctl.resources._policy import Document, allow, document

READS = ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query")
WRITES = ("dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem")


def function_policy(item: LambdaItem, project: Project) -> Document:
    """What one function may do: its own logs, the tables it names, and its instance when it asks for that."""
    regions = [region.region for region in project.by_priority if deployed(item, region.region)]
    account, group = project.account, f"/aws/lambda/{project.name}-{item.name}"
    logs = [f"arn:aws:logs:{region}:{account}:log-group:{group}:*" for region in regions]
    may = _Calls(account, regions)
    statements = may.call("Logs", ("logs:CreateLogStream", "logs:PutLogEvents"), logs)
    if item.reads or item.writes:
        statements += may.call("Read", READS, _tables([*item.reads, *item.writes], regions, account))
    if item.writes:
        statements += may.call("Write", WRITES, _tables(item.writes, regions, account))
    if item.puts_metrics:
        # PutMetricData takes no resource; the namespace is what it can be limited by.
        ours = {"StringEquals": {"cloudwatch:namespace": NAMESPACE}}
        statements += may.call("Metrics", ("cloudwatch:PutMetricData",), ["*"], Condition=ours)
    if item.describes_instance:
        # By tag and not by id: a role that named every region's instance could not be made before all regions are.
        ours = {"StringEquals": {f"aws:ResourceTag/{INSTANCE_TAG}": project.name}}
        instances = [f"arn:aws:connect:{region}:{account}:instance/*" for region in regions]
        statements += may.call("Instance", ("connect:DescribeInstance",), instances, Condition=ours)
    return document(*statements)


@dataclass(frozen=True)
class _Calls:
    """Statements that allow calls in the regions of a project, each with the actions that AWS makes them depend on."""

    account: str
    regions: Sequence[str]

    def call(self, sid: str, calls: Iterable[str], resources: Sequence[str], **more: Any) -> list[Document]:
        """The calls on their resources, and where theirs are others, their dependent actions on those."""
        actions = list(dict.fromkeys(action for call in calls for action in actions_of(call)))
        own = {call.partition(":")[0] for call in calls}
        found = [allow(sid, [action for action in actions if action.partition(":")[0] in own], [*resources], **more)]
        for service in dict.fromkeys(action.partition(":")[0] for action in actions):
            if service not in own:
                needed = [action for action in actions if action.partition(":")[0] == service]
                found.append(self._needed(f"{sid}{service.title()}", needed, service, min(own)))
        return found

    def _needed(self, sid: str, actions: list[str], service: str, caller: str) -> Document:
        if service == "kms":
            keys = [f"arn:aws:kms:{region}:{self.account}:key/*" for region in self.regions]
            through = [f"{caller}.{region}.amazonaws.com" for region in self.regions]
            return allow(sid, actions, keys, Condition={"StringEquals": {"kms:ViaService": through}})
        # What AWS asks for of others (directories) has no resources to name.
        return allow(sid, actions, ["*"], Condition={"StringEquals": {"aws:RequestedRegion": [*self.regions]}})


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
    return document(
        allow("Source", [*ON_BUCKET], buckets),
        allow("SourceObjects", [*ON_SOURCE], objects),
        allow("Replicas", [*ON_TARGET], objects),
    )
