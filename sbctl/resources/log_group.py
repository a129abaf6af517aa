"""Log groups of Lambda functions, made before the function: the one that Lambda makes itself never expires."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.one_look import TAG_PAGES
from sbctl.core.aws.paging import pages
from sbctl.core.kinds.facts import Adoption, Impact
from sbctl.core.kinds.resource import Kind, Live, Retry
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.project import Project
from sbctl.desired.config.sections import LambdaItem
from sbctl.resources.calls.call import call_or_none, common_prefix
from sbctl.resources.calls.tag_pages import tags_of
from sbctl.resources.calls.tags import example_tags, owner, tag_change

GONE = ("ResourceNotFoundException",)


class LogGroupSpec(Spec):
    """A log group; events older than `retention_days` are dropped."""

    replace_on = frozenset({"name"})
    owned_maps = frozenset({"tags"})
    as_is = frozenset({"retention_days"})

    name: str = Field(min_length=1, max_length=512, pattern=r"^[.\-_/#A-Za-z0-9]+$")
    retention_days: int | None = Field(default=30, ge=1, le=3653)
    tags: dict[str, str] = {}


class LogGroup(Kind[LogGroupSpec, ConfigItem]):
    """Log groups. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html"""

    name = "log_group"
    section = ""
    title = "log group"
    spec = LogGroupSpec
    item = ConfigItem
    connect_only = False
    resiliency = "regional"
    adoption = Adoption("none")
    dependent_actions = {}
    quotas = ()
    impact_rank = 93
    impacts = (Impact("medium", "logs would be missing when they are needed"),)
    docs = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"
    calls = frozenset(
        {
            "logs:CreateLogGroup",
            "logs:DeleteLogGroup",
            "logs:DescribeLogGroups",
            "logs:ListTagsForResource",
            "logs:PutRetentionPolicy",
            "logs:TagResource",
            "logs:UntagResource",
            TAG_PAGES,
        }
    )
    retry = (Retry("OperationAbortedException", "", "another change to the log group is under way"),)
    config_paths = {
        "retention_days": "lambdas:logRetentionDays",
    }
    examples = (
        LogGroupSpec(name="/aws/lambda/example-health", tags=example_tags("log_group.us-east-1.health")),
        LogGroupSpec(
            name="/aws/lambda/example-health", retention_days=90, tags=example_tags("log_group.us-east-1.health")
        ),
    )

    def derive(self, project: Project) -> Iterable[Desired]:
        for item in project.items.get("lambdas", ()):
            for region in project.by_priority:
                local = item.in_region(region.region)
                if isinstance(local, LambdaItem) and local.function is None:
                    address = self.address(region.region, item.name)
                    spec = LogGroupSpec(
                        name=f"/aws/lambda/{project.name}-{item.name}",
                        retention_days=local.log_retention_days,
                        tags=project.owned(address),
                    )
                    yield Desired(address=address, spec=spec)

    def key(self, spec: LogGroupSpec) -> str:
        return spec.name

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[LogGroupSpec]]:  # noqa: ARG002
        return [self._paged(aws, region, group) for group in _groups(aws, region, "")]

    def find(self, aws: AwsCalls, region: str, within: str, sought: Sought) -> Iterable[Live[LogGroupSpec]]:  # noqa: ARG002
        groups = _groups(aws, region, common_prefix(sought.keys))
        return [self._paged(aws, region, group) for group in groups if group["logGroupName"] in sought.keys]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[LogGroupSpec] | None:
        groups = (group for group in _groups(aws, region, ids["name"]) if group["logGroupName"] == ids["name"])
        return next((self._live(group, _tags(aws, region, _arn(group))) for group in groups), None)

    def _paged(self, aws: AwsCalls, region: str, group: Mapping[str, Any]) -> Live[LogGroupSpec]:
        arn = _arn(group)
        return self._live(group, tags_of(aws, region, arn, lambda: _tags(aws, region, arn)))

    def _live(self, group: Mapping[str, Any], tags: dict[str, str]) -> Live[LogGroupSpec]:
        arn = _arn(group)
        name = group["logGroupName"]
        spec = LogGroupSpec(name=name, retention_days=group.get("retentionInDays"), tags=tags)
        return Live(spec=spec, ids={"name": name}, outputs={"name": name, "arn": arn}, owner=owner(tags))

    def create(self, aws: AwsCalls, region: str, spec: LogGroupSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        aws.call("logs", "CreateLogGroup", region, logGroupName=spec.name, tags=spec.tags)
        _retain(aws, region, spec)
        return {"name": spec.name}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],  # noqa: ARG002
        live: LogGroupSpec,
        wanted: LogGroupSpec,
        owned: Mapping[str, Any],
    ) -> None:
        if wanted.retention_days != live.retention_days:
            _retain(aws, region, wanted)
        change = tag_change(live.tags, wanted.tags, owned)
        if not (change.put or change.drop):
            return
        groups = _groups(aws, region, wanted.name)
        group = next((group for group in groups if group["logGroupName"] == wanted.name), None)
        if group is None:
            return
        arn = group["arn"].removesuffix(":*")
        if change.put:
            aws.call("logs", "TagResource", region, resourceArn=arn, tags=change.put)
        if change.drop:
            aws.call("logs", "UntagResource", region, resourceArn=arn, tagKeys=[*change.drop])

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        call_or_none(aws, GONE, "logs", "DeleteLogGroup", region, logGroupName=ids["name"])


def _arn(group: Mapping[str, Any]) -> str:
    return str(group["arn"]).removesuffix(":*")


def _tags(aws: AwsCalls, region: str, arn: str) -> dict[str, str]:
    answer = call_or_none(aws, GONE, "logs", "ListTagsForResource", region, resourceArn=arn) or {}
    return answer.get("tags") or {}


def _groups(aws: AwsCalls, region: str, prefix: str) -> Iterable[Mapping[str, Any]]:
    """Log groups that begin with a text, sorted by name as AWS sorts them."""
    narrowed = {"logGroupNamePrefix": prefix} if prefix else {}
    tokens = ("nextToken", "nextToken")
    return pages(aws, "logs", "DescribeLogGroups", region, "logGroups", tokens, limit=50, **narrowed)


def _retain(aws: AwsCalls, region: str, spec: LogGroupSpec) -> None:
    if spec.retention_days is not None:
        days = spec.retention_days
        aws.call("logs", "PutRetentionPolicy", region, logGroupName=spec.name, retentionInDays=days)


RESOURCE = LogGroup()
