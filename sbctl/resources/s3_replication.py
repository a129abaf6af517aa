"""Replication of a bucket to the buckets of all other regions: a full mesh, since copies are not copied on.

One configuration a bucket, always written whole: one rule for each destination.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field

from sbctl.core.address import GLOBAL, Address, Link
from sbctl.core.project import Project
from sbctl.core.resource import AwsCalls, Kind, Live, Retry
from sbctl.core.spec import ConfigItem, Desired, Frozen, Spec
from sbctl.desired.sections import BucketItem
from sbctl.resources._calls import call_or_none

GONE = ("ReplicationConfigurationNotFoundError", "NoSuchBucket", "404")
RTC_MINUTES = 15
"""The only value that S3 takes, for replication time control and for its threshold event."""


class Rule(Frozen):
    """Everything in the bucket goes to one destination; `destination` is the other bucket's ARN."""

    id: str = Field(min_length=1, max_length=255)
    priority: int = Field(ge=0)
    destination: Link
    enabled: bool = True
    prefix: str = ""
    delete_markers: bool = True
    metrics: bool = True
    time_control: bool = False


class ReplicationSpec(Spec):
    """The replication configuration of one source bucket."""

    replace_on = frozenset({"bucket"})

    bucket: Link
    role: Link
    rules: tuple[Rule, ...] = Field(min_length=1)


def _bucket(region: str, name: str, output: str) -> Link:
    return Address.of("s3_bucket", region, name).ref(output)


_EXAMPLE = ReplicationSpec(
    bucket=_bucket("us-east-1", "recordings", "name"),
    role=Address.of("iam_role", GLOBAL, "replication-recordings").ref("arn"),
    rules=(Rule(id="to-us-west-2", priority=1, destination=_bucket("us-west-2", "recordings", "arn")),),
)


class S3Replication(Kind[ReplicationSpec, ConfigItem]):
    """Replication configurations. https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html"""

    name = "s3_replication"
    section = ""
    title = "bucket replication"
    spec = ReplicationSpec
    item = ConfigItem
    singly = frozenset({"s3:GetBucketReplication"})
    docs = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html"
    calls = frozenset({"s3:DeleteBucketReplication", "s3:GetBucketReplication", "s3:PutBucketReplication"})
    within = "bucket"
    retry = (
        Retry("InvalidRequest", "Versioning", "versioning of the bucket is not known everywhere yet"),
        Retry("InvalidRequest", "versioning enabled", "versioning of the destination is not known everywhere yet"),
        Retry("NoSuchBucket", "", "the new bucket is not known everywhere yet"),
        Retry("OperationAborted", "", "another change to the bucket is under way"),
    )
    examples = (
        _EXAMPLE,
        _EXAMPLE.model_copy(update={"rules": (_EXAMPLE.rules[0].model_copy(update={"time_control": True}),)}),
    )

    def follow(self, project: Project) -> Iterable[Desired]:
        for item in project.items.get("buckets", ()):
            regions = [region.region for region in project.by_priority if item.in_region(region.region) is not None]
            if isinstance(item, BucketItem) and item.replicate and len(regions) > 1:
                for region in regions:
                    yield self._desired(item, region, regions)

    def _desired(self, item: BucketItem, region: str, regions: Iterable[str]) -> Desired:
        spec = ReplicationSpec(
            bucket=_bucket(region, item.name, "name"),
            role=Address.of("iam_role", GLOBAL, f"replication-{item.name}").ref("arn"),
            rules=tuple(
                Rule(
                    id=f"to-{other}",
                    priority=priority,
                    destination=_bucket(other, item.name, "arn"),
                    time_control=item.replication_time_control,
                )
                for priority, other in enumerate(regions, start=1)
                if other != region
            ),
        )
        return Desired(address=self.address(region, item.name), spec=spec)

    def key(self, spec: ReplicationSpec) -> str:
        return str(spec.bucket)

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[ReplicationSpec]]:
        live = self.read(aws, region, {"bucket": within})
        return [] if live is None else [live]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[ReplicationSpec] | None:
        answer = call_or_none(aws, GONE, "s3", "GetBucketReplication", region, Bucket=ids["bucket"])
        if answer is None:
            return None
        configuration = answer["ReplicationConfiguration"]
        spec = ReplicationSpec(
            bucket=ids["bucket"],
            role=configuration["Role"],
            rules=tuple(_rule(rule) for rule in configuration["Rules"]),
        )
        return Live(spec=spec, ids={"bucket": ids["bucket"]})

    def create(self, aws: AwsCalls, region: str, spec: ReplicationSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        configuration = {"Role": spec.role, "Rules": [_shaped(rule) for rule in spec.rules]}
        bucket = str(spec.bucket)
        aws.call("s3", "PutBucketReplication", region, Bucket=bucket, ReplicationConfiguration=configuration)
        return {"bucket": bucket}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],  # noqa: ARG002
        live: ReplicationSpec,
        wanted: ReplicationSpec,
        owned: Mapping[str, Any],  # noqa: ARG002
    ) -> None:
        if wanted.role != live.role or _by_id(wanted.rules) != _by_id(live.rules):
            self.create(aws, region, wanted, "")

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        call_or_none(aws, GONE, "s3", "DeleteBucketReplication", region, Bucket=ids["bucket"])

    def same(self, field: str, wanted: Any, live: Any) -> bool:
        if field == "rules":
            return {rule["id"]: rule for rule in wanted} == {rule["id"]: rule for rule in live or ()}
        return super().same(field, wanted, live)


def _by_id(rules: Iterable[Rule]) -> dict[str, Rule]:
    return {rule.id: rule for rule in rules}


def _word(enabled: bool) -> str:
    return "Enabled" if enabled else "Disabled"


def _shaped(rule: Rule) -> dict[str, Any]:
    """A rule as S3 takes it. A filter makes priority, status and the word on delete markers mandatory."""
    destination: dict[str, Any] = {"Bucket": rule.destination}
    if rule.time_control:
        limit = {"Minutes": RTC_MINUTES}
        destination["ReplicationTime"] = {"Status": "Enabled", "Time": limit}
        destination["Metrics"] = {"Status": "Enabled", "EventThreshold": limit}
    elif rule.metrics:
        destination["Metrics"] = {"Status": "Enabled"}
    return {
        "ID": rule.id,
        "Priority": rule.priority,
        "Status": _word(rule.enabled),
        "Filter": {"Prefix": rule.prefix},
        "DeleteMarkerReplication": {"Status": _word(rule.delete_markers)},
        "Destination": destination,
    }


def _rule(answer: Mapping[str, Any]) -> Rule:
    destination = answer["Destination"]
    return Rule(
        id=answer.get("ID") or "unnamed",
        priority=answer.get("Priority", 0),
        destination=destination["Bucket"],
        enabled=answer["Status"] == "Enabled",
        prefix=(answer.get("Filter") or answer).get("Prefix", ""),
        delete_markers=_is_on(answer.get("DeleteMarkerReplication")),
        metrics=_is_on(destination.get("Metrics")),
        time_control=_is_on(destination.get("ReplicationTime")),
    )


def _is_on(setting: Mapping[str, Any] | None) -> bool:
    return (setting or {}).get("Status") == "Enabled"


RESOURCE = S3Replication()
