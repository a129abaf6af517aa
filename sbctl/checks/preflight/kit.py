"""Whether the failover kit is at hand and true: beside the state, and in a bucket of every region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.checks.lag.measuring import Found
from sbctl.checks.preflight.subject import UNDEPLOYED, Subject
from sbctl.core.aws.error import AwsError
from sbctl.core.reading import Reading

CALLS = frozenset({"s3:HeadObject"})
CHECK, COPY = "failover-kit", "failover-kit-copy"
MOVING = frozenset({"made_at", "serial", "format"})
"""Members that change without the kit becoming wrong."""


def check_kit(on: Subject) -> Iterator[Reading]:
    """A reading for the kit itself, and one for each region's copy."""
    yield on.say(CHECK, _local(on), on.kits.path)
    for region, (bucket, key) in on.kits.copies.items():
        if on.served(region):
            yield _copy(on, region, bucket, key)


def _local(on: Subject) -> Found:
    kits = on.kits
    if kits.kept is None:
        return Found(None, "bad", kits.why, UNDEPLOYED)
    if kits.wanted is None:
        return Found(None, "unknown", "the state does not hold what a kit is made of", UNDEPLOYED)
    stale = sorted(_differing(kits.kept, kits.wanted))
    if stale:
        detail = f"it is not of what is deployed and configured now: {', '.join(stale)}"
        return Found(str(kits.kept.get("made_at", "")), "bad", detail, UNDEPLOYED)
    made = str(kits.kept.get("made_at", ""))[:16].replace("T", " ")
    return Found(made, "ok", f"made {made} UTC, and true of what is deployed")


def _differing(kept: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[str]:
    for name in {*kept, *wanted} - MOVING:
        if kept.get(name) != wanted.get(name):
            yield name


def _copy(on: Subject, region: str, bucket: str, key: str) -> Reading:
    place = f"s3://{bucket}/{key}"
    try:
        head = on.aws.call("s3", "HeadObject", region, Bucket=bucket, Key=key)
    except AwsError as error:
        if error.code in ("404", "NoSuchKey", "NoSuchBucket", "NotFound"):
            return on.say(COPY, Found(None, "bad", "there is no copy", UNDEPLOYED), place, region)
        return on.refused(COPY, error, place, region)
    return on.say(COPY, Found(str(head.get("LastModified", "")), "ok", "there is a copy"), place, region)
