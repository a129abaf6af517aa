"""The settings of a bucket: read one by one, each saying "none" in its own way; life cycle rules by meaning."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.one_look import OneLook
from sbctl.desired.config.sections import BucketItem
from sbctl.resources.calls.call import call_or_none
from sbctl.resources.calls.tags import as_map
from sbctl.resources.data.bucket_encryption import encryption_of, first
from sbctl.resources.roles.policy import Document, document, parsed

UNREPLICATED = ("ReplicationConfigurationNotFoundError",)
GONE = ("404", "NoSuchBucket", "NotFound")
NO_LIFECYCLE = ("NoSuchLifecycleConfiguration",)
SIZE = "TransitionDefaultMinimumObjectSize"
ABORT_UPLOADS_DAYS = 7
Rules = tuple[dict[str, Any], ...]
Days = dict[str, int | None]
NO_END: Days = {"glacier_after_days": None, "expire_after_days": None}
"""Of a bucket in which everything stays for good; old versions go."""


def tls_only(name: str) -> Document:
    """The policy that refuses requests without TLS."""
    bucket = f"arn:aws:s3:::{name}"
    return document(
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [bucket, f"{bucket}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    )


def lifecycle_rules(item: BucketItem) -> Rules:
    """Archive, expire, and clean up behind versions, delete markers and broken uploads.

    Lifecycle actions are never replicated, so every region has the same rules.
    """
    recordings: dict[str, Any] = {"ID": "recordings", "Status": "Enabled", "Filter": {"Prefix": ""}}
    if item.glacier_after_days is not None:
        recordings["Transitions"] = [{"Days": item.glacier_after_days, "StorageClass": "GLACIER"}]
    if item.expire_after_days is not None:
        recordings["Expiration"] = {"Days": item.expire_after_days}
    recordings["NoncurrentVersionExpiration"] = {"NoncurrentDays": item.noncurrent_expire_after_days}
    cleaning = {
        "ID": "clean-up",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Expiration": {"ExpiredObjectDeleteMarker": True},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": ABORT_UPLOADS_DAYS},
    }
    return recordings, cleaning


def write_lifecycle(
    aws: AwsCalls, region: str, name: str, rules: Iterable[Mapping[str, Any]], *, keeping: bool = False
) -> None:
    """Put the rules in place of all there are; no rules at all is a deletion.

    With `keeping` the size from which objects move stays: a put without it would reset it.
    """
    wanted = [dict(rule) for rule in rules]
    if not wanted:
        aws.call("s3", "DeleteBucketLifecycle", region, Bucket=name)
        return
    configuration = {"Rules": wanted}
    there: Mapping[str, Any] = {}
    if keeping:
        there = call_or_none(aws, NO_LIFECYCLE, "s3", "GetBucketLifecycleConfiguration", region, Bucket=name) or {}
    size = {SIZE: there[SIZE]} if there.get(SIZE) else {}
    aws.call("s3", "PutBucketLifecycleConfiguration", region, Bucket=name, LifecycleConfiguration=configuration, **size)


def days_of(rules: Iterable[Mapping[str, Any]]) -> Days | None:
    """The days of a bucket's item by which other buckets keep things as long; None when no item says what the rules do."""
    moved: set[int] = set()
    ended: set[int] = set()
    old: set[int] = set()
    for rule in rules:
        expiration = rule.get("Expiration") or {}
        transitions = rule.get("Transitions") or ()
        if not _is_simple(rule) or expiration.keys() - {"Days", "ExpiredObjectDeleteMarker"}:
            return None
        if any(move.keys() != {"Days", "StorageClass"} or move["StorageClass"] != "GLACIER" for move in transitions):
            return None
        moved |= {move["Days"] for move in transitions}
        ended |= {expiration["Days"]} if "Days" in expiration else set()
        old |= (
            {rule["NoncurrentVersionExpiration"]["NoncurrentDays"]} if "NoncurrentVersionExpiration" in rule else set()
        )
    if any(len(found) > 1 for found in (moved, ended, old)):
        return None
    ends = {"glacier_after_days": next(iter(moved), None), "expire_after_days": next(iter(ended), None)}
    return {**ends, **({"noncurrent_expire_after_days": old.pop()} if old else {})}


def _is_simple(rule: Mapping[str, Any]) -> bool:
    """Whether a rule is on, for all of the bucket, and has no parts that an item does not speak of."""
    versions = rule.get("NoncurrentVersionExpiration") or {"NoncurrentDays": 1}
    filtered = rule.get("Filter") or {"Prefix": rule.get("Prefix", "")}
    known = {"ID", "Status", "Filter", "Prefix", "Transitions", "Expiration", "NoncurrentVersionExpiration"}
    parts = {name for name, value in rule.items() if value not in ({}, [], None)}
    return (
        rule["Status"] == "Enabled"
        and filtered == {"Prefix": ""}
        and versions.keys() == {"NoncurrentDays"}
        and not parts - known - {"AbortIncompleteMultipartUpload"}
    )


def same_lifecycle(one: Any, other: Any) -> bool:
    """Whether two sets of rules do the same, whatever their order and the way they say "the whole bucket"."""
    return _meaning(one) == _meaning(other)


def _meaning(rules: Iterable[Mapping[str, Any]] | None) -> list[str]:
    return sorted(json.dumps(_rule(rule), sort_keys=True, default=str) for rule in rules or ())


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    filtered = rule.get("Filter") or {"Prefix": rule.get("Prefix", "")}
    kept = {
        key: value for key, value in rule.items() if key not in ("Filter", "Prefix") and value not in ({}, [], None)
    }
    return {**kept, "Filter": filtered}


def read_settings(aws: AwsCalls, region: str, name: str) -> dict[str, Any]:
    """The settings as fields of the bucket's spec, but for its tags."""

    def get(operation: str, *absent: str) -> dict[str, Any]:
        return call_or_none(aws, absent, "s3", operation, region, Bucket=name) or {}

    block = get("GetPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration")
    policy = get("GetBucketPolicy", "NoSuchBucketPolicy").get("Policy")
    lifecycle = get("GetBucketLifecycleConfiguration", *NO_LIFECYCLE)
    encryption = get("GetBucketEncryption", "ServerSideEncryptionConfigurationNotFoundError")
    ownership = get("GetBucketOwnershipControls", "OwnershipControlsNotFoundError")
    blocked = block.get("PublicAccessBlockConfiguration") or {}
    return {
        "versioning": _versioning(aws, region, name),
        **encryption_of(encryption),
        "ownership": first(ownership.get("OwnershipControls")).get("ObjectOwnership", ""),
        "private": bool(blocked) and all(blocked.values()),
        "policy": parsed(policy) if policy else {},
        "lifecycle": tuple(lifecycle.get("Rules") or ()),
    }


def bucket_tags(aws: AwsCalls, region: str, name: str) -> dict[str, str]:
    """The tags of a bucket, as S3 has them now."""
    answer = call_or_none(aws, ("NoSuchTagSet",), "s3", "GetBucketTagging", region, Bucket=name) or {}
    return as_map(answer.get("TagSet"))


def _versioning(aws: AwsCalls, region: str, name: str) -> str:
    """The status. In a look that asks for the replication anyway, one that is there says it: it needs versions.

    S3 takes no replication without versioning, and suspends no versioning while there is one.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html
    """
    if isinstance(aws, OneLook) and call_or_none(aws, UNREPLICATED, "s3", "GetBucketReplication", region, Bucket=name):
        return "Enabled"
    return str(aws.call("s3", "GetBucketVersioning", region, Bucket=name).get("Status", "Disabled"))
