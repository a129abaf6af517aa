"""What one bucket holds and another does not: the objects that a lost region would take with it, and for how long they wait.

Both buckets are listed; of what is missing S3 is asked why: PENDING, FAILED, or no status at all, which is an object that
predates the rule and is never copied by itself. https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-status.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sbctl.checks.lag.measuring import Found, Measuring, reading, unasked
from sbctl.checks.lag.routes import Pair
from sbctl.checks.replication.bucket_config import UNNAMED
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.paging import OBJECTS, answers
from sbctl.core.moving.canary import OBJECT_PREFIX
from sbctl.core.reading import Reading

CALLS: frozenset[str] = frozenset({"s3:HeadObject", "s3:ListObjectsV2"})
MOST_KEYS = 5000
"""Of each bucket, in the order of their keys. CloudWatch's figures of what is pending cover the rest."""
MOST_ASKED = 100
"""Of the missing objects, the oldest first."""
KMS = "aws:kms"
ABSENT = ("404", "NoSuchKey", "NotFound")


@dataclass(frozen=True)
class KeyListing:
    """The first keys of a bucket, without canaries, and since when they stand there. `last` is "" when that is all."""

    keys: Mapping[str, datetime]
    last: str = ""


@dataclass
class Missing:
    """What was found to be missing in a pair: how many by status, and since when the oldest waits."""

    counts: Counter[str] = field(default_factory=Counter)
    oldest: datetime | None = None
    total: int = 0
    encrypted: Counter[str] = field(default_factory=Counter)
    """Of those that no rule takes, how many are encrypted with which KMS key."""


View = KeyListing | AwsError


def list_bucket(aws: AwsCalls, bucket: str, region: str) -> View:
    """The bucket's keys, or why they could not be seen."""
    keys: dict[str, datetime] = {}
    try:
        for page in answers(aws, "s3", "ListObjectsV2", region, OBJECTS, Bucket=bucket):
            if len(keys) >= MOST_KEYS:
                return KeyListing(_without_canaries(keys), last=max(keys))
            keys |= {entry["Key"]: entry["LastModified"] for entry in page.get("Contents") or ()}
    except AwsError as error:
        return error
    return KeyListing(_without_canaries(keys))


def _without_canaries(keys: Mapping[str, datetime]) -> dict[str, datetime]:
    return {key: at for key, at in keys.items() if not key.startswith(OBJECT_PREFIX)}


def backlog_of(on: Measuring, pair: Pair, source: View, target: View) -> Iterator[Reading]:
    """Readings of one pair: objects pending, the age of the oldest, those that failed, those that predate the rule."""
    for view in (source, target):
        if isinstance(view, AwsError):
            yield _made(on, pair, "backlog", unasked(view), "objects")
            return
    assert isinstance(source, KeyListing) and isinstance(target, KeyListing)
    try:
        missing = _missing(on.aws, pair, source, target)
    except AwsError as error:
        yield _made(on, pair, "backlog", unasked(error), "objects")
        return
    yield from _judged(on, pair, missing, _bounds(source, target))


def _missing(aws: AwsCalls, pair: Pair, source: KeyListing, target: KeyListing) -> Missing:
    # Beyond the end of a cut listing nobody knows.
    keys = [key for key in source.keys if key not in target.keys and (not target.last or key <= target.last)]
    keys.sort(key=lambda key: source.keys[key])
    place, found = pair.of.place(pair.source), Missing(total=len(keys))
    for key in keys[:MOST_ASKED]:
        try:
            head = aws.call("s3", "HeadObject", place.region, Bucket=place.resource, Key=key)
        except AwsError as error:
            if error.code in ABSENT:
                continue  # deleted meanwhile
            raise
        status = head.get("ReplicationStatus", "")
        found.counts[status] += 1
        if not status and str(head.get("ServerSideEncryption", "")).startswith(KMS):
            found.encrypted[str(head.get("SSEKMSKeyId", "aws/s3"))] += 1
        if status == "PENDING" and found.oldest is None:
            found.oldest = head["LastModified"]
    return found


def _judged(on: Measuring, pair: Pair, missing: Missing, bounds: str) -> Iterator[Reading]:
    asked = (
        f"the oldest {MOST_ASKED} of {missing.total} missing were asked{bounds}" if missing.total > MOST_ASKED else ""
    )
    pending = missing.counts["PENDING"]
    yield _made(on, pair, "backlog", Found(pending, "ok", asked or bounds), "objects")
    yield _made(on, pair, "oldest-pending", _oldest(on, missing), "s")
    yield _made(on, pair, "failed-objects", _failed(pair, missing.counts["FAILED"]), "objects")
    yield _made(on, pair, "predating-objects", _predating(pair, missing), "objects")


def _oldest(on: Measuring, missing: Missing) -> Found:
    if missing.oldest is None:
        return Found(None, "ok")
    age = max(0.0, (on.world.now() - missing.oldest).total_seconds())
    if age <= on.rpo:
        return Found(round(age, 1), "ok")
    detail = f"an object has been PENDING for {age:.0f} s; the objective is {on.rpo:g} s"
    return Found(round(age, 1), "late", detail, "See AWS Health of both regions; S3 goes on by itself when it can.")


def _failed(pair: Pair, count: int) -> Found:
    if not count:
        return Found(0, "ok")
    detail = f"{count} objects in {pair.source} are FAILED: S3 does not try them again"
    return Found(count, "bad", detail, _batch(pair, "FAILED"))


def _predating(pair: Pair, missing: Missing) -> Found:
    count = missing.counts[""]
    if not count:
        return Found(0, "ok")
    unnamed = sorted(key for key in missing.encrypted if key not in pair.of.keys.get(pair.source, ()))
    if unnamed and ":alias/" not in "".join(pair.of.keys.get(pair.source, ())):
        several = sum(missing.encrypted[key] for key in unnamed)
        detail = (
            f"{several} of {count} objects in {pair.source} that no rule copies are encrypted with {', '.join(unnamed)}"
        )
        return Found(count, "bad", detail, f"{UNNAMED} Then: {_batch(pair, 'NONE')}")
    detail = f"{count} objects in {pair.source} predate the rule to {pair.target} and are never copied by themselves"
    return Found(count, "bad", detail, _batch(pair, "NONE"))


def _batch(pair: Pair, status: str) -> str:
    bucket = pair.of.place(pair.source).resource
    return f"S3 Batch Replication of {bucket}, objects with status {status}: aws s3control create-job"


def _bounds(source: KeyListing, target: KeyListing) -> str:
    return f"; only the first {MOST_KEYS} keys were compared" if source.last or target.last else ""


def _made(on: Measuring, pair: Pair, check: str, found: Found, unit: str) -> Reading:
    return reading(on, check, found, pair.of.name, pair.source, pair.target, unit)
