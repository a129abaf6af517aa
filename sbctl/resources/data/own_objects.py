"""Objects that sbctl itself put into a bucket: the failover kit and canaries. They go with the bucket; recordings never do.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
"""

from __future__ import annotations

from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.paging import VERSIONS, answers

PREFIX = "sbctl/"
BATCH = 1000
"""How many versions DeleteObjects takes in one call."""


def remove_own_objects(aws: AwsCalls, region: str, bucket: str) -> int:
    """Delete all versions and delete markers under our prefix; how many there were."""
    removed = 0
    for answer in answers(
        aws, "s3", "ListObjectVersions", region, VERSIONS, Bucket=bucket, Prefix=PREFIX, MaxKeys=BATCH
    ):
        found: list[dict[str, Any]] = [*answer.get("Versions", ()), *answer.get("DeleteMarkers", ())]
        if not found:
            continue
        objects = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found]
        done = aws.call("s3", "DeleteObjects", region, Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
        removed += len(objects) - len(done.get("Errors", ()))
        if done.get("Errors"):
            break
    return removed
