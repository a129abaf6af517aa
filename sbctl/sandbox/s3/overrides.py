"""Bucket settings that moto loses or does not have: replication as it was put, and the defaults of new buckets.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html and dr-primitives 2.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.service import Answer, ApiError, Call, Operation
from sbctl.sandbox.snapshot.part import Whole

ALL_BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
OWNED = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
BY_S3 = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}]}


class S3Overrides:
    """Corrections of bucket settings. Objects are moto's."""

    name = "s3"

    def __init__(self, account: str, upstream: Upstream) -> None:
        self._account = account
        self._upstream = upstream
        self._lock = threading.Lock()
        self._replication: dict[str, dict[str, Any]] = {}

    @property
    def operations(self) -> Mapping[str, Operation]:
        return {
            "PutBucketReplication": self.put_replication,
            "GetBucketReplication": self.get_replication,
            "DeleteBucketReplication": self.delete_replication,
            "PutBucketVersioning": self.put_versioning,
            "GetBucketEncryption": self.get_encryption,
        }

    def reset(self) -> None:
        with self._lock:
            self._replication.clear()

    def part(self) -> Whole:
        """The replication configurations, to be kept."""
        return Whole("s3.configurations", lambda: dict(self._replication), self._replication.update)

    def configuration_of(self, bucket: str) -> Mapping[str, Any]:
        """The replication configuration of a bucket; empty where it has none."""
        with self._lock:
            return self._replication.get(bucket, {})

    def configurations(self) -> Mapping[str, Any]:
        """All of them, by bucket."""
        with self._lock:
            return dict(self._replication)

    def forget(self, bucket: str) -> None:
        """A bucket is gone."""
        with self._lock:
            self._replication.pop(bucket, None)

    def put_versioning(self, call: Call) -> Answer:
        suspended = call.params["VersioningConfiguration"].get("Status") == "Suspended"
        if suspended and self.configuration_of(call.params["Bucket"]):
            raise ApiError(
                "InvalidBucketState",
                "A replication configuration is present on this bucket, so the versioning state cannot be suspended.",
                409,
            )
        return self._upstream.call("s3", "PutBucketVersioning", call.region, dict(call.params))

    def put_replication(self, call: Call) -> Answer:
        bucket, wanted = call.params["Bucket"], call.params["ReplicationConfiguration"]
        if not self._versioned(bucket, call.region):
            raise _refused("Versioning must be 'Enabled' on the bucket to apply a replication configuration")
        for rule in wanted["Rules"]:
            self._check(rule, call.region)
        # S3 gives an id to a rule without one
        rules = [{"ID": str(uuid4()), **rule} for rule in wanted["Rules"]]
        with self._lock:
            self._replication[bucket] = {**wanted, "Rules": rules}
        return {}

    def _check(self, rule: Mapping[str, Any], region: str) -> None:
        if "Filter" in rule and ("Priority" not in rule or "DeleteMarkerReplication" not in rule):
            raise _malformed("Priority and DeleteMarkerReplication must be specified with Filter")
        tagged = "Tag" in rule.get("Filter", {}) or rule.get("Filter", {}).get("And", {}).get("Tags")
        if tagged and rule["DeleteMarkerReplication"].get("Status") == "Enabled":
            raise _refused("Delete marker replication is not supported if any Tag filter is specified.")
        destination = rule["Destination"]
        _check_encryption(rule, destination)
        if "ReplicationTime" in destination and "Metrics" not in destination:
            raise _malformed("Metrics must be specified with ReplicationTime")
        if not self._versioned(str(destination["Bucket"]).rpartition(":::")[2], region, destination=True):
            raise _refused("Destination bucket must have versioning enabled.")

    def _versioned(self, bucket: str, region: str, *, destination: bool = False) -> bool:
        try:
            found = self._upstream.call("s3", "GetBucketVersioning", region, {"Bucket": bucket})
        except ApiError as error:
            if destination and error.code == "NoSuchBucket":
                raise ApiError("InvalidRequest", "Destination bucket must exist.", 400) from error
            raise
        return found.get("Status") == "Enabled"

    def get_replication(self, call: Call) -> Answer:
        bucket = call.params["Bucket"]
        self._upstream.call("s3", "GetBucketVersioning", call.region, {"Bucket": bucket})
        with self._lock:
            found = self._replication.get(bucket)
        if found is None:
            raise ApiError("ReplicationConfigurationNotFoundError", "The replication configuration was not found", 404)
        return {"ReplicationConfiguration": found}

    def delete_replication(self, call: Call) -> Answer:
        self.forget(call.params["Bucket"])
        return {}

    def get_encryption(self, call: Call) -> Answer:
        default = {"ServerSideEncryptionConfiguration": BY_S3}
        return self._or(call, default)

    def encrypt(self, bucket: str, region: str) -> None:
        """Encrypt with S3's own keys what comes into a bucket from now on, as it is by default."""
        params = {"Bucket": bucket, "ServerSideEncryptionConfiguration": BY_S3}
        self._upstream.call("s3", "PutBucketEncryption", region, params)

    def begin(self, bucket: str, region: str) -> None:
        """What a new bucket has since 2023: it is encrypted, private, and without ACLs where its creation says nothing else."""
        self.encrypt(bucket, region)
        blocked = {"Bucket": bucket, "PublicAccessBlockConfiguration": ALL_BLOCKED}
        self._upstream.call("s3", "PutPublicAccessBlock", region, blocked)
        try:
            self._upstream.call("s3", "GetBucketOwnershipControls", region, {"Bucket": bucket})
        except ApiError:
            owned = {"Bucket": bucket, "OwnershipControls": OWNED}
            self._upstream.call("s3", "PutBucketOwnershipControls", region, owned)

    def _or(self, call: Call, default: Answer) -> Answer:
        """What moto has, or AWS's default of new buckets (since 2023)."""
        with contextlib.suppress(ApiError):
            return self._upstream.call("s3", call.operation, call.region, dict(call.params))
        self._upstream.call("s3", "GetBucketVersioning", call.region, {"Bucket": call.params["Bucket"]})
        return default


def _check_encryption(rule: Mapping[str, Any], destination: Mapping[str, Any]) -> None:
    """S3 looks neither for the key nor for the role's rights: that shows in each object."""
    takes = "SseKmsEncryptedObjects" in rule.get("SourceSelectionCriteria", {})
    names = bool(destination.get("EncryptionConfiguration", {}).get("ReplicaKmsKeyID"))
    if names and not takes:
        raise _refused("SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present.")
    if takes and not names:
        raise _refused("ReplicaKmsKeyID must be specified if SseKmsEncryptedObjects tag is present.")


def _refused(message: str) -> ApiError:
    return ApiError("InvalidRequest", message, 400)


def _malformed(message: str) -> ApiError:
    return ApiError("MalformedXML", message, 400)
