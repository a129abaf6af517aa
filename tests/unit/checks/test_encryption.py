"""Rules, backlog and keys of buckets that are encrypted with customers' KMS keys: what is judged, and what is advised."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sbctl.checks.lag.routes import Pair, Replicated
from sbctl.checks.replication.backlog import KeyListing, backlog_of
from sbctl.checks.replication.bucket_config import judge_rule, look_at_bucket
from sbctl.checks.replication.encryption import KeyView, judged_key
from sbctl.core.clock import FakeClock
from sbctl.core.moving.canary import CanaryPlace
from sbctl.desired.config.sections import BucketItem
from tests.unit.checks.tables import EAST, WEST, Tables, measuring
from tests.unit.resources.aws.scripted import Scripted, failing

HERE, THERE = (f"arn:aws:kms:{region}:123456789012:key/{region}" for region in (EAST, WEST))
ALIAS = f"arn:aws:kms:{WEST}:123456789012:alias/calls"


def pair(**keys: tuple[str, ...]) -> Pair:
    """The way from east to west of a bucket with these keys."""
    places = tuple(CanaryPlace(region=region, resource=f"b-{region}") for region in (EAST, WEST))
    named = {name.replace("_", "-"): found for name, found in keys.items()}
    return Pair(Replicated("bucket", "recordings", places, BucketItem(name="recordings"), named), EAST, WEST)


def bucket(key: str, default: str = "") -> Scripted:
    """A bucket with one rule whose copies get a key, "" for none; its default encryption is by S3 or by a key."""
    rule: dict[str, Any] = {
        "ID": "to-west",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Enabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::b-{WEST}", "Metrics": {"Status": "Enabled"}},
    }
    if key:
        rule["SourceSelectionCriteria"] = {"SseKmsEncryptedObjects": {"Status": "Enabled"}}
        rule["Destination"]["EncryptionConfiguration"] = {"ReplicaKmsKeyID": key}
    by = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": default} if default else {"SSEAlgorithm": "AES256"}
    encryption = {"Rules": [{"ApplyServerSideEncryptionByDefault": by}]}
    return Scripted(
        GetBucketVersioning={"Status": "Enabled"},
        GetBucketReplication={"ReplicationConfiguration": {"Role": "role", "Rules": [rule]}},
        GetBucketEncryption={"ServerSideEncryptionConfiguration": encryption},
    )


BOTH = {"us_east_1": (HERE,), "us_west_2": (THERE,)}
KNOWN = "sbctl replication apply"
UNKNOWN = "Name the KMS key of each region"


@pytest.mark.parametrize(
    ("keys", "aws", "fix"),
    [
        ({}, bucket(""), ""),
        (BOTH, bucket(THERE), ""),
        (BOTH, bucket(""), KNOWN),
        (BOTH, bucket(HERE), KNOWN),
        (BOTH, bucket(f"{THERE}x"), KNOWN),
        ({**BOTH, "us_west_2": (ALIAS,)}, bucket(ALIAS), ""),
        ({**BOTH, "us_west_2": (ALIAS,)}, bucket(THERE), ""),
        ({"us_east_1": (HERE,)}, bucket(f"arn:aws:kms:{WEST}:123456789012:alias/aws/s3"), ""),
        ({}, bucket("", default=HERE), UNKNOWN),
        ({}, bucket(THERE, default=HERE), ""),
    ],
)
def test_a_rule_takes_what_is_encrypted_and_closes_it_with_a_key_of_the_target(
    keys: dict[str, tuple[str, ...]], aws: Scripted, fix: str, tmp_path: Path
) -> None:
    """A remedy that helps: the config's words where it names keys, and which words are missing where it does not."""
    on = measuring(Tables(FakeClock()), tmp_path)
    known = {(WEST, ALIAS): KeyView(THERE, "Enabled")}
    found = judge_rule(on, pair(**keys), look_at_bucket(aws, f"b-{EAST}", EAST), known)
    assert found.verdict == ("bad" if fix else "ok"), found.detail
    assert found.fix.startswith(fix)


@pytest.mark.parametrize(("key", "said"), [(HERE, "predate the rule"), (THERE, f"are encrypted with {THERE}")])
def test_what_no_rule_takes_for_its_key_is_told_from_what_predates_the_rule(
    key: str, said: str, tmp_path: Path
) -> None:
    """S3 gives neither a status; the object itself says with which key it is encrypted."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    on = measuring(Tables(FakeClock()), tmp_path)
    head = {"LastModified": at, "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}
    asked = type(on)(**{**vars(on), "aws": Scripted(HeadObject=head)})
    found = {one.check: one for one in backlog_of(asked, pair(**BOTH), KeyListing({"a.wav": at}), KeyListing({}))}
    assert found["predating-objects"].verdict == "bad"
    assert said in found["predating-objects"].detail


@pytest.mark.parametrize(
    ("answer", "verdict", "fix"),
    [
        ({"KeyMetadata": {"Arn": HERE, "KeyState": "Enabled"}}, "ok", ""),
        ({"KeyMetadata": {"Arn": HERE, "KeyState": "Disabled"}}, "bad", "aws kms enable-key"),
        ({"KeyMetadata": {"Arn": HERE, "KeyState": "PendingDeletion"}}, "bad", "aws kms cancel-key-deletion"),
        (failing("NotFoundException"), "bad", 'Correct "key" in regions.json'),
        (failing("AccessDeniedException"), "unknown", "Allow"),
    ],
)
def test_a_key_that_cannot_be_used_is_told_with_what_mends_it(answer: Any, verdict: str, fix: str) -> None:
    """A key about to be deleted has to be kept first; it is disabled then."""
    found = judged_key(Scripted(DescribeKey=answer), EAST, HERE)
    assert (found.verdict, found.fix.startswith(fix)) == (verdict, True), found.fix
