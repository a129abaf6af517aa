"""Objects in S3, replaced by conditional writes: If-None-Match for new ones, If-Match with the tag that was read.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.paging import OBJECTS, answers
from sbctl.core.aws.problem import from_aws
from sbctl.core.place import Location
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.store.objects import Blob, ConflictError

CONFLICTS = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
ABSENT = frozenset({"NoSuchKey", "404", "NotFound"})
ASKED_FIRST = "us-east-1"
"""Where S3 is asked for the region of a bucket when nobody said it."""
TRIES = 3


class BucketObjects:
    """Objects under a prefix of a bucket. `instead` is what to do while its region does not answer, for the problem."""

    def __init__(self, aws: AwsCalls, location: Location, instead: str = "") -> None:
        self._aws = aws
        self._instead = instead
        self._location = location
        self._region = location.region
        self._prefix = f"{location.prefix}/" if location.prefix else ""

    @property
    def where(self) -> str:
        return str(self._location)

    def get(self, key: str) -> Blob | None:
        answer = self._call("GetObject", Key=self._prefix + key)
        try:
            return None if answer is None else Blob(answer["Body"], answer["ETag"], _age(answer))
        except AwsError as error:  # a part of the answer is missing
            raise SbctlError(self._problem(error)) from error

    def put(self, key: str, content: bytes, match: str) -> str:
        """As the protocol says. An answer that was lost is made up for by looking: content is never written twice alike."""
        condition = {"IfMatch": match} if match else {"IfNoneMatch": "*"}
        for _ in range(TRIES):
            try:
                answer = self._aws.call("s3", "PutObject", self._in(), **self._named(key), Body=content, **condition)
                return str(answer["ETag"])
            except AwsError as error:
                if not error.in_doubt and error.code not in CONFLICTS | ABSENT:
                    raise SbctlError(self._problem(error)) from error
                failed = error
            found = self.get(key)
            if found is not None and found.content == content:
                return found.etag
            if not failed.in_doubt or (found.etag if found else "") != match:
                raise ConflictError(key) from failed
        raise SbctlError(self._problem(failed)) from failed

    def write(self, key: str, content: bytes) -> None:
        self._call("PutObject", Key=self._prefix + key, Body=content)

    def keys(self, folder: str) -> list[str]:
        return sorted(self.tags(folder))

    def tags(self, folder: str) -> dict[str, str]:
        start = f"{self._prefix}{folder}/"
        return {key.removeprefix(start): tag for key, tag in self._rows(start)}

    def discard(self, key: str) -> None:
        self._call("DeleteObject", Key=self._prefix + key)

    def _rows(self, start: str) -> Iterator[tuple[str, str]]:
        place = {"Bucket": self._location.bucket, "Prefix": start}
        try:
            for answer in answers(self._aws, "s3", "ListObjectsV2", self._in(), OBJECTS, **place):
                for row in answer.get("Contents") or ():
                    yield str(row["Key"]), str(row.get("ETag", ""))
        except AwsError as error:
            if error.code not in ABSENT:
                raise SbctlError(self._problem(error)) from error

    def _call(self, operation: str, **params: Any) -> dict[str, Any] | None:
        """One call; None when there is no such object."""
        try:
            return self._aws.call("s3", operation, self._in(), Bucket=self._location.bucket, **params)
        except AwsError as error:
            if error.code in ABSENT:
                return None
            raise SbctlError(self._problem(error)) from error

    def _named(self, key: str) -> dict[str, str]:
        return {"Bucket": self._location.bucket, "Key": self._prefix + key}

    def _in(self) -> str:
        """The bucket's region: as it was told, or as S3 says."""
        if not self._region:
            try:
                answer = self._aws.call("s3", "HeadBucket", ASKED_FIRST, Bucket=self._location.bucket)
            except AwsError as error:
                raise SbctlError(self._problem(error)) from error
            self._region = answer.get("BucketRegion") or ASKED_FIRST
        return self._region

    def _problem(self, error: AwsError) -> Problem:
        if error.code in ("NoSuchBucket", "404"):
            return Problem(
                code="no-such-bucket",
                summary="The bucket of the state does not exist",
                detail=f"{error.service}:{error.operation} in {error.region} answered {error.code}",
                at=self.where,
                fix=f"aws s3 mb s3://{self._location.bucket} --region {error.region}, with versioning; or correct --state.",
                exit=Exit.USAGE,
            )
        return from_aws(error, at=self.where, fix=self._instead if error.unreachable else "")


def _age(answer: dict[str, Any]) -> float:
    """Seconds since the object was written, by S3's own clock: those of this machine and of others may be wrong."""
    said = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    written = answer.get("LastModified")
    if not said or written is None:
        return 0.0
    try:
        return max(0.0, float((parsedate_to_datetime(said) - written).total_seconds()))
    except (TypeError, ValueError):  # no date, or one without a zone
        return 0.0
