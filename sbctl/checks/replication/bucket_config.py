"""The configuration behind a replicated bucket: versioning on both sides, a rule for each destination, keys.

S3 accepts a rule whose role or destination is useless, so what it says here is looked at together with the role.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sbctl.checks.lag.measuring import Found, Measuring, absent, reading, unasked
from sbctl.checks.lag.routes import Pair, Replicated
from sbctl.checks.replication.encryption import Views as KeyViews
from sbctl.checks.replication.encryption import arn_of
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.reading import Reading

CALLS: frozenset[str] = frozenset({"s3:GetBucketEncryption", "s3:GetBucketReplication", "s3:GetBucketVersioning"})
KMS = "aws:kms"
NO_BUCKET = ("NoSuchBucket", "404")
UNENCRYPTED = "ServerSideEncryptionConfigurationNotFoundError"
NO_RULES = "ReplicationConfigurationNotFoundError"


@dataclass(frozen=True)
class RuleView:
    """One replication rule; `destination` is a bucket's name, `whole` whether it takes every object.

    `key` is the KMS key of the copies of encrypted objects; "" where it leaves these out.
    """

    id: str
    destination: str
    enabled: bool
    whole: bool
    delete_markers: bool
    metrics: bool
    key: str = ""


@dataclass(frozen=True)
class BucketView:
    """A bucket as it is. `versioning` "" means that there is no such bucket; `role` "" that it has no rules.

    `key` is the KMS key of its default encryption, "" where S3's own keys encrypt.
    """

    versioning: str = ""
    role: str = ""
    rules: tuple[RuleView, ...] = ()
    key: str = ""

    def rule_to(self, bucket: str) -> RuleView | None:
        """The rule to a destination, an enabled one first."""
        found = sorted((rule for rule in self.rules if rule.destination == bucket), key=lambda rule: not rule.enabled)
        return found[0] if found else None


View = BucketView | AwsError


def look_at_bucket(aws: AwsCalls, bucket: str, region: str) -> View:
    """The bucket, or why it could not be seen."""
    try:
        versioning = aws.call("s3", "GetBucketVersioning", region, Bucket=bucket).get("Status", "Disabled")
        key = _default_key(aws, bucket, region)
        configuration = aws.call("s3", "GetBucketReplication", region, Bucket=bucket)["ReplicationConfiguration"]
    except AwsError as error:
        if error.code in NO_BUCKET:
            return BucketView()
        return BucketView(versioning=versioning, key=key) if error.code == NO_RULES else error
    return BucketView(versioning, configuration["Role"], tuple(map(_rule, configuration["Rules"])), key)


def _default_key(aws: AwsCalls, bucket: str, region: str) -> str:
    """The KMS key with which a bucket encrypts what says nothing of it; "" for S3's own keys."""
    try:
        answer = aws.call("s3", "GetBucketEncryption", region, Bucket=bucket)
    except AwsError as error:
        if error.code == UNENCRYPTED:
            return ""
        raise
    rules = answer.get("ServerSideEncryptionConfiguration", {}).get("Rules") or [{}]
    default = rules[0].get("ApplyServerSideEncryptionByDefault") or {}
    return str(default.get("KMSMasterKeyID") or "aws/s3") if str(default.get("SSEAlgorithm")).startswith(KMS) else ""


def judge_buckets(on: Measuring, thing: Replicated, views: Mapping[str, View]) -> Iterator[Reading]:
    """Versioning in each region."""
    for region, view in views.items():
        yield reading(on, "bucket-versioning", _versioning(region, view), thing.name, region)


def judge_rule(on: Measuring, pair: Pair, view: View, keys: KeyViews) -> Reading:
    """Whether the source bucket has a rule that copies everything to the target's."""
    return reading(on, "replication-rule", _rule_found(pair, view, keys), pair.of.name, pair.source, pair.target)


def named_keys(pair: Pair) -> bool:
    """Whether the config names a customer's key for the bucket, in any region."""
    return any(pair.of.keys.values())


def source_keys(pair: Pair, view: BucketView) -> list[str]:
    """The keys with which the originals of a pair are encrypted: those of the config, and the bucket's own in AWS."""
    own = [view.key] if view.key.startswith("arn:") else []
    return [*dict.fromkeys([*pair.of.keys.get(pair.source, ()), *own])]


def _versioning(region: str, view: View) -> Found:
    if isinstance(view, AwsError):
        return unasked(view)
    if not view.versioning:
        return absent("bucket", region)
    if view.versioning == "Enabled":
        return Found("Enabled", "ok")
    detail = f"versioning in {region} is {view.versioning}; without it nothing is copied from or to the bucket"
    return Found(view.versioning, "bad", detail, f"sbctl bucket apply --region {region}")


def _rule_found(pair: Pair, view: View, keys: KeyViews) -> Found:
    if isinstance(view, AwsError):
        return unasked(view)
    if not view.versioning:
        return absent("bucket", pair.source)
    fix = f"sbctl replication apply --region {pair.source}"
    rule = view.rule_to(pair.of.place(pair.target).resource)
    if rule is None:
        return Found("missing", "bad", f"no rule copies from {pair.source} to {pair.target}", fix)
    wrong = [word for word, holds in _demands(rule).items() if not holds]
    if wrong:
        return Found(rule.id, "bad", f"rule {rule.id} in {pair.source} {' and '.join(wrong)}", fix)
    fault = _key_fault(pair, view, rule, keys)
    if fault:
        return Found(rule.id, "bad", f"rule {rule.id} in {pair.source} {fault}", fix if named_keys(pair) else UNNAMED)
    return Found(rule.id, "ok")


UNNAMED = (
    'Name the KMS key of each region in regions.json, as "key" in the overrides of the bucket, then run sbctl deploy;'
    ' "keep": ["encryption"] leaves the bucket\'s own setting to you.'
)
"""What to do where a bucket is encrypted with a key of which the config does not know."""


def _key_fault(pair: Pair, view: BucketView, rule: RuleView, keys: KeyViews) -> str:
    """What is wrong with a rule where the originals are encrypted with a KMS key; "" where nothing is."""
    if not (view.key or named_keys(pair)):
        return ""
    if not rule.key:
        return "leaves out objects that are encrypted with a KMS key"
    region = pair.target
    if rule.key.startswith("arn:") and rule.key.split(":")[3] != region:
        return f"encrypts copies with {rule.key}, which {region} cannot use"
    wanted = pair.of.keys.get(region, ())[:1]
    if wanted and rule.key not in (wanted[0], arn_of(wanted[0], region, keys)):
        return f"encrypts copies with {rule.key}, and the config names {wanted[0]}"
    return ""


def _demands(rule: RuleView) -> dict[str, bool]:
    return {
        "is disabled": rule.enabled,
        "takes only some objects": rule.whole,
        "does not copy delete markers": rule.delete_markers,
        "publishes no metrics": rule.metrics,
    }


def _rule(answer: Mapping[str, Any]) -> RuleView:
    destination = answer["Destination"]
    return RuleView(
        id=answer.get("ID") or "unnamed",
        destination=destination["Bucket"].rpartition(":::")[2],
        enabled=answer["Status"] == "Enabled",
        whole=_takes_all(answer),
        # a rule of the first format, without a filter, copies users' delete markers of its own accord
        delete_markers="Filter" not in answer or _on(answer.get("DeleteMarkerReplication")),
        metrics=_on(destination.get("Metrics")),
        key=_key(answer),
    )


def _key(rule: Mapping[str, Any]) -> str:
    takes = _on((rule.get("SourceSelectionCriteria") or {}).get("SseKmsEncryptedObjects"))
    return str((rule["Destination"].get("EncryptionConfiguration") or {}).get("ReplicaKmsKeyID", "")) if takes else ""


def _takes_all(rule: Mapping[str, Any]) -> bool:
    given = rule.get("Filter", rule)
    return not (given.get("Prefix") or given.get("Tag") or given.get("And"))


def _on(setting: Mapping[str, Any] | None) -> bool:
    return (setting or {}).get("Status") == "Enabled"
