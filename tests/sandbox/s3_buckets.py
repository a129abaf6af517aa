"""Buckets that copy to each other, with the role that lets them, for the tests of replication."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sbctl.sandbox.s3.replication import CopyLag, ObjectReplication
from sbctl.sandbox.s3.service import S3Service
from tests.sandbox.conftest import Sandbox

EAST, WEST, IRELAND = "calls-use1", "calls-usw2", "calls-euw1"
REGIONS = {EAST: "us-east-1", WEST: "us-west-2", IRELAND: "eu-west-1"}
ROLE = "arn:aws:iam::123456789012:role/copy"
LAG = CopyLag(mean=60.0, jitter=0.0)
TRUST = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}
ALLOWED = [
    "s3:GetReplicationConfiguration",
    "s3:ListBucket",
    "s3:GetObjectVersionForReplication",
    "s3:GetObjectVersionAcl",
    "s3:GetObjectVersionTagging",
    "s3:ReplicateObject",
    "s3:ReplicateDelete",
    "s3:ReplicateTags",
]
"""The least that a role needs."""


def rule(destination: str, **members: Any) -> dict[str, Any]:
    """An enabled rule for the whole bucket that copies delete markers and publishes metrics."""
    plain = {
        "ID": f"to-{destination}",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Enabled"},
    }
    target = {"Bucket": f"arn:aws:s3:::{destination}", "Metrics": {"Status": "Enabled"}}
    return {**plain, **members, "Destination": {**target, **members.get("Destination", {})}}


class Buckets:
    """Three buckets in three regions, and what the tests do with them. A copy takes LAG."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.clients = {bucket: sandbox.client("s3", region) for bucket, region in REGIONS.items()}
        for bucket in REGIONS:
            self.create(bucket)
        self.allow(ALLOWED)
        self.replication.lag = LAG

    @property
    def replication(self) -> ObjectReplication:
        """The inside of it."""
        service = self.sandbox.world.services["s3"]
        assert isinstance(service, S3Service)
        return service.replication

    def create(self, bucket: str) -> None:
        """A bucket with versions."""
        where = {} if REGIONS[bucket] == "us-east-1" else {"LocationConstraint": REGIONS[bucket]}
        configuration: dict[str, Any] = {"CreateBucketConfiguration": where} if where else {}
        self.clients[bucket].create_bucket(Bucket=bucket, **configuration)
        self.versions(bucket, "Enabled")

    def versions(self, bucket: str, status: str) -> None:
        """Versioning Enabled or Suspended."""
        self.clients[bucket].put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})

    def allow(self, actions: Iterable[str], trust: Mapping[str, Any] = TRUST) -> None:
        """The role, with one statement over everything."""
        iam = self.sandbox.client("iam")
        iam.create_role(RoleName="copy", AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))
        self.permit(actions)

    def permit(self, actions: Iterable[str]) -> None:
        """Other actions for the role."""
        statement = {"Effect": "Allow", "Action": sorted(actions), "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.sandbox.client("iam").put_role_policy(RoleName="copy", PolicyName="copy", PolicyDocument=document)

    def rules(self, bucket: str, *rules: Mapping[str, Any]) -> None:
        """The replication configuration of a bucket."""
        configuration = {"Role": ROLE, "Rules": list(rules)}
        self.clients[bucket].put_bucket_replication(Bucket=bucket, ReplicationConfiguration=configuration)

    def put(self, bucket: str, key: str = "k", body: bytes = b"voice", **members: Any) -> str:
        """A new version's id."""
        return str(self.clients[bucket].put_object(Bucket=bucket, Key=key, Body=body, **members)["VersionId"])

    def status(self, bucket: str, key: str = "k", **members: Any) -> str:
        """The replication status as HeadObject gives it; "" for none."""
        return str(self.clients[bucket].head_object(Bucket=bucket, Key=key, **members).get("ReplicationStatus", ""))

    def keys(self, bucket: str) -> list[str]:
        """The keys with a current version."""
        return [found["Key"] for found in self.clients[bucket].list_objects_v2(Bucket=bucket).get("Contents", [])]

    def pass_time(self, seconds: float = LAG.mean + 1.0) -> None:
        """Let the world's clock run, by default until every copy is made."""
        self.sandbox.world.scheduler.advance(seconds)
