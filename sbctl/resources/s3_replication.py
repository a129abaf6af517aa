"""Replication of a bucket to the buckets of all other regions: a full mesh, since copies are not copied on.

One configuration a bucket, always written whole: one rule for each destination.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field

from sbctl.core.address import GLOBAL, Address, Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.facts import Adoption, Impact
from sbctl.core.kinds.resource import Kind, Live, Retry
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.project import Project
from sbctl.desired.config import keys
from sbctl.desired.config.sections import BucketItem
from sbctl.resources.calls.call import call_or_none
from sbctl.resources.calls.tags import tag_change
from sbctl.resources.data.replication_rules import ReplicationRule, by_id, id_of, key_of, rule_of, shaped

GONE = ("ReplicationConfigurationNotFoundError", "NoSuchBucket", "404")


class ReplicationSpec(Spec):
    """The replication configuration of one source bucket."""

    replace_on = frozenset({"bucket"})
    owned_maps = frozenset({"replica_keys"})

    bucket: Link
    role: Link
    rules: tuple[ReplicationRule, ...] = Field(min_length=1)
    replica_keys: dict[str, str] = Field(
        default={}, description="Id of a rule and the KMS key of the copies of encrypted objects."
    )


def _bucket(region: str, name: str, output: str) -> Link:
    return Address.of("s3_bucket", region, name).ref(output)


_EXAMPLE = ReplicationSpec(
    bucket=_bucket("us-east-1", "recordings", "name"),
    role=Address.of("iam_role", GLOBAL, "replication-recordings").ref("arn"),
    rules=(ReplicationRule(id="to-us-west-2", priority=1, destination=_bucket("us-west-2", "recordings", "arn")),),
)


class S3Replication(Kind[ReplicationSpec, ConfigItem]):
    """Replication configurations. https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html"""

    name = "s3_replication"
    section = ""
    title = "bucket replication"
    spec = ReplicationSpec
    item = ConfigItem
    connect_only = False
    resiliency = "regional"
    adoption = Adoption("none")
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-walkthrough1.html
    dependent_actions = {
        "s3:PutBucketReplication": ("iam:PassRole@s3",),
    }
    quotas = ()
    impact_rank = 37
    impacts = (Impact("critical", "recordings would be lost with their region"),)
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

    def derive(self, project: Project) -> Iterable[Desired]:
        for item in project.items.get("buckets", ()):
            regions = [region.region for region in project.by_priority if item.in_region(region.region) is not None]
            if isinstance(item, BucketItem) and item.replicate and len(regions) > 1:
                for region in regions:
                    yield self._desired(item, project, region, regions)

    def _desired(self, item: BucketItem, project: Project, region: str, regions: Iterable[str]) -> Desired:
        others = [other for other in regions if other != region] if keys.is_encrypted(item, project) else []
        replica_keys = {f"to-{other}": keys.replica_key(item, project, other) for other in others}
        spec = ReplicationSpec(
            bucket=_bucket(region, item.name, "name"),
            role=Address.of("iam_role", GLOBAL, f"replication-{item.name}").ref("arn"),
            rules=tuple(
                ReplicationRule(
                    id=f"to-{other}",
                    priority=priority,
                    destination=_bucket(other, item.name, "arn"),
                    time_control=item.replication_time_control,
                )
                for priority, other in enumerate(regions, start=1)
                if other != region
            ),
            replica_keys=replica_keys,
        )
        lasting = item.former_keys is None
        return Desired(address=self.address(region, item.name), spec=spec, lasting=lasting)

    def lasting(self, wanted: Mapping[str, Any], before: Mapping[str, Any]) -> Mapping[str, Any]:
        """Rules go on to take encrypted objects where the config no longer names a key: some may be pending."""
        ids = {rule["id"] for rule in wanted["rules"]}
        former = {name: key for name, key in (before.get("replica_keys") or {}).items() if name in ids}
        return {**wanted, "replica_keys": {**former, **wanted["replica_keys"]}}

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
            rules=tuple(rule_of(rule) for rule in configuration["Rules"]),
            replica_keys={id_of(rule): key for rule in configuration["Rules"] if (key := key_of(rule))},
        )
        return Live(spec=spec, ids={"bucket": ids["bucket"]})

    def create(self, aws: AwsCalls, region: str, spec: ReplicationSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        self._put(aws, region, spec, {}, spec.replica_keys)
        return {"bucket": str(spec.bucket)}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: ReplicationSpec,
        wanted: ReplicationSpec,
        owned: Mapping[str, Any],
    ) -> None:
        change = tag_change(live.replica_keys, wanted.replica_keys, {"tags": owned.get("replica_keys") or {}})
        same = wanted.role == live.role and by_id(wanted.rules) == by_id(live.rules)
        if same and not change.put and not change.drop:
            return
        answer = call_or_none(aws, GONE, "s3", "GetBucketReplication", region, Bucket=ids["bucket"]) or {}
        there = {id_of(rule): rule for rule in answer.get("ReplicationConfiguration", {}).get("Rules", ())}
        self._put(aws, region, wanted, there, {**wanted.replica_keys, **dict.fromkeys(change.drop, "")})

    def _put(
        self,
        aws: AwsCalls,
        region: str,
        spec: ReplicationSpec,
        there: Mapping[str, Mapping[str, Any]],
        replica_keys: Mapping[str, str],
    ) -> None:
        rules = [shaped(rule, there.get(rule.id, {}), replica_keys.get(rule.id)) for rule in spec.rules]
        configuration = {"Role": spec.role, "Rules": rules}
        bucket = str(spec.bucket)
        aws.call("s3", "PutBucketReplication", region, Bucket=bucket, ReplicationConfiguration=configuration)

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        call_or_none(aws, GONE, "s3", "DeleteBucketReplication", region, Bucket=ids["bucket"])

    def same(self, field: str, wanted: Any, live: Any) -> bool:
        if field == "rules":
            return {rule["id"]: rule for rule in wanted} == {rule["id"]: rule for rule in live or ()}
        return super().same(field, wanted, live)


RESOURCE = S3Replication()
