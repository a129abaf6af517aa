"""Canary objects: put into one bucket under the canaries' prefix, looked for in the copies, removed from all, versions too.

S3 says of the source what became of it: PENDING, COMPLETED, FAILED, or nothing when no rule takes it.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-status.html
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sbctl.checks.lag.routes import Replicated
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.paging import VERSIONS, answers
from sbctl.core.moving.canary import EXPIRY_SECONDS, OBJECT_PREFIX, Canary, CanaryPlace

CALLS: frozenset[str] = frozenset({"s3:DeleteObject", "s3:HeadObject", "s3:ListObjectVersions", "s3:PutObject"})
ABSENT = ("404", "NoSuchKey", "NotFound")
NO_BUCKET = ("NoSuchBucket",)
OUTLOOKS = {
    "": "no rule of the source bucket takes it",
    "FAILED": "S3 failed to copy it",
    "COMPLETE": "S3 has copied it wherever a rule leads, and not here",
    "COMPLETED": "S3 has copied it wherever a rule leads, and not here",
}


class CanaryObject:
    """How canaries run_canary between buckets."""

    check = "canary-object"

    def prepare(self, aws: AwsCalls, thing: Replicated, source: str) -> Canary:  # noqa: ARG002
        """A canary for a bucket, not written yet."""
        place, token = thing.place(source), uuid4().hex
        return Canary(
            id=token,
            kind="object",
            name=thing.name,
            key={"Key": f"{OBJECT_PREFIX}{source}/{token}"},
            places=(place, *(other for other in thing.places if other != place)),
        )

    def write(self, aws: AwsCalls, canary: Canary, now: datetime) -> None:
        """Put it where it begins. Raises AwsError."""
        place = canary.places[0]
        expiry = (now + timedelta(seconds=EXPIRY_SECONDS)).isoformat(timespec="seconds")
        metadata = {"sbctl-canary": canary.id, "sbctl-expires": expiry}
        body = f"A canary of sbctl {expiry}\n".encode()
        # as recordings are written: what S3 leaves out for its encryption would not be seen otherwise
        how = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": place.key} if place.key else {}
        where = {"Bucket": place.resource, **canary.key}
        aws.call("s3", "PutObject", place.region, Body=body, Metadata=metadata, **where, **how)

    def arrived(self, aws: AwsCalls, canary: Canary, place: CanaryPlace) -> bool:
        """Whether one bucket has it. Raises AwsError."""
        return _head(aws, canary, place) is not None

    def outlook(self, aws: AwsCalls, canary: Canary) -> str:
        """Why S3 will copy it no further; "" while it may still be on its way. Raises AwsError."""
        return OUTLOOKS.get(_status(aws, canary), "")

    def remove(self, aws: AwsCalls, canary: Canary, place: CanaryPlace) -> bool:
        """Delete all its versions in one bucket; False when a copy may still arrive there."""
        is_source = place == canary.places[0]
        pending = not is_source and _status(aws, canary) == "PENDING"
        found = False
        for version in _versions(aws, canary, place):
            found = True
            aws.call("s3", "DeleteObject", place.region, Bucket=place.resource, VersionId=version, **canary.key)
        return is_source or found or not pending

    def lost(self, source: str, target: str) -> str:  # noqa: ARG002
        """What to do when one does not arrive."""
        return (
            "sbctl replication apply and sbctl role apply correct what differs from the config; if nothing does, look at"
            " AWS Health of both regions; in the sandbox: sbctl sandbox heal"
        )


def _head(aws: AwsCalls, canary: Canary, place: CanaryPlace) -> dict[str, Any] | None:
    try:
        return aws.call("s3", "HeadObject", place.region, Bucket=place.resource, **canary.key)
    except AwsError as error:
        if error.code in ABSENT:
            return None
        raise


def _status(aws: AwsCalls, canary: Canary) -> str:
    head = _head(aws, canary, canary.places[0])
    return str(head.get("ReplicationStatus", "")) if head is not None else "GONE"


def _versions(aws: AwsCalls, canary: Canary, place: CanaryPlace) -> Iterator[str]:
    """Versions and delete markers of exactly its key."""
    key = canary.key["Key"]
    listed = answers(aws, "s3", "ListObjectVersions", place.region, VERSIONS, Bucket=place.resource, Prefix=key)
    try:
        entries = [one for page in listed for one in [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]]
    except AwsError as error:
        if error.code in NO_BUCKET:
            return
        raise
    yield from (str(entry["VersionId"]) for entry in entries if entry["Key"] == key)
