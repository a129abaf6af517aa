"""The configuration behind a replicated bucket: versioning on both sides, and a rule for each destination.

S3 accepts a rule whose role or destination is useless, so what it says here is looked at together with the role.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sbctl.checks.measuring import Found, Measuring, absent, reading, unasked
from sbctl.checks.routes import Pair, Replicated
from sbctl.core.aws_error import AwsError
from sbctl.core.reading import Reading
from sbctl.core.resource import AwsCalls

CALLS: frozenset[str] = frozenset({"s3:GetBucketReplication", "s3:GetBucketVersioning"})
NO_BUCKET = ("NoSuchBucket", "404")
NO_RULES = "ReplicationConfigurationNotFoundError"


@dataclass(frozen=True)
class RuleView:
    """One replication rule; `destination` is a bucket's name, `whole` whether it takes every object."""

    id: str
    destination: str
    enabled: bool
    whole: bool
    delete_markers: bool
    metrics: bool


@dataclass(frozen=True)
class BucketView:
    """A bucket as it is. `versioning` "" means that there is no such bucket; `role` "" that it has no rules."""

    versioning: str = ""
    role: str = ""
    rules: tuple[RuleView, ...] = ()

    def rule_to(self, bucket: str) -> RuleView | None:
        """The rule to a destination, an enabled one first."""
        found = sorted((rule for rule in self.rules if rule.destination == bucket), key=lambda rule: not rule.enabled)
        return found[0] if found else None


View = BucketView | AwsError


def look_at_bucket(aws: AwsCalls, bucket: str, region: str) -> View:
    """The bucket, or why it could not be seen."""
    try:
        versioning = aws.call("s3", "GetBucketVersioning", region, Bucket=bucket).get("Status", "Disabled")
        configuration = aws.call("s3", "GetBucketReplication", region, Bucket=bucket)["ReplicationConfiguration"]
    except AwsError as error:
        if error.code in NO_BUCKET:
            return BucketView()
        return BucketView(versioning=versioning) if error.code == NO_RULES else error
    return BucketView(versioning, configuration["Role"], tuple(map(_rule, configuration["Rules"])))


def judge_buckets(on: Measuring, thing: Replicated, views: Mapping[str, View]) -> Iterator[Reading]:
    """Versioning in each region."""
    for region, view in views.items():
        yield reading(on, "bucket-versioning", _versioning(region, view), thing.name, region)


def judge_rule(on: Measuring, pair: Pair, view: View) -> Reading:
    """Whether the source bucket has a rule that copies everything to the target's."""
    return reading(on, "replication-rule", _rule_found(pair, view), pair.of.name, pair.source, pair.target)


def _versioning(region: str, view: View) -> Found:
    if isinstance(view, AwsError):
        return unasked(view)
    if not view.versioning:
        return absent("bucket", region)
    if view.versioning == "Enabled":
        return Found("Enabled", "ok")
    detail = f"versioning in {region} is {view.versioning}; without it nothing is copied from or to the bucket"
    return Found(view.versioning, "bad", detail, f"sbctl bucket apply --region {region}")


def _rule_found(pair: Pair, view: View) -> Found:
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
    return Found(rule.id, "ok")


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
    )


def _takes_all(rule: Mapping[str, Any]) -> bool:
    given = rule.get("Filter", rule)
    return not (given.get("Prefix") or given.get("Tag") or given.get("And"))


def _on(setting: Mapping[str, Any] | None) -> bool:
    return (setting or {}).get("Status") == "Enabled"
