"""Buckets and their replication: creation rules of S3, settings compared by meaning, and what is never done."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.values import plain
from sbctl.core.problem import SbctlError
from sbctl.desired.config.sections import BucketItem
from sbctl.resources.data.bucket_settings import lifecycle_rules, same_lifecycle
from sbctl.resources.data.replication_rules import ReplicationRule
from sbctl.resources.s3_bucket import RESOURCE as BUCKET
from sbctl.resources.s3_replication import RESOURCE as REPLICATION
from sbctl.resources.s3_replication import ReplicationSpec
from tests.unit.resources.aws.scripted import Answer, Scripted, failing

SPEC = BUCKET.examples[0]
IDS = {"name": SPEC.name}


@pytest.mark.parametrize(
    ("region", "place"),
    [("us-east-1", {}), ("eu-west-2", {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-2"}})],
)
def test_the_location_is_named_everywhere_but_in_us_east_1(region: str, place: dict[str, object]) -> None:
    """S3 refuses the location us-east-1 by name, and refuses its absence in all other regions."""
    aws = Scripted(HeadBucket=failing("404"))
    BUCKET.create(aws, region, SPEC, "")
    assert aws.made("CreateBucket") == [{"Bucket": SPEC.name, **place}]


def test_a_bucket_that_is_ours_already_is_not_created_again() -> None:
    """In us-east-1 a second creation would reset the bucket's ACLs."""
    aws = Scripted()
    BUCKET.create(aws, "us-east-1", SPEC, "")
    assert "CreateBucket" not in aws.order()
    assert aws.order()[1] == "PutBucketTagging"


@pytest.mark.parametrize("code", ["403", "301"])
def test_a_bucket_of_somebody_else_is_a_problem(code: str) -> None:
    """A name that is taken is said to be so, before anything is tried."""
    aws = Scripted(GetPublicAccessBlock=failing(code))
    with pytest.raises(SbctlError, match="not ours"):
        BUCKET.find(aws, "us-east-1", "", Sought(frozenset({SPEC.name})))
    assert set(aws.order()) <= {"GetPublicAccessBlock", "ListBuckets"}  # the list tells whose it is


def test_a_bucket_with_objects_is_never_emptied() -> None:
    """Deletion is refused with a remedy, and no object is touched."""
    aws = Scripted(DeleteBucket=failing("BucketNotEmpty"))
    with pytest.raises(SbctlError, match="still holds"):
        BUCKET.delete(aws, "us-east-1", IDS)
    assert aws.order() == ["DeleteBucket", "ListObjectVersions"]


def test_a_bucket_of_ours_that_may_not_be_looked_at_is_a_permission() -> None:
    """S3 answers both with 403; the account's list of buckets, also on its second page, knows it."""
    pages: list[Answer] = [{"ContinuationToken": "a"}, {"Buckets": [{"Name": IDS["name"]}]}]
    with pytest.raises(AwsError) as error:
        BUCKET.read(Scripted(GetPublicAccessBlock=failing("403"), ListBuckets=pages), "us-east-1", IDS)
    assert error.value.denied


def test_a_bucket_that_an_earlier_attempt_made_is_ours() -> None:
    """HEAD does not see it yet, and a second creation says that it is ours."""
    aws = Scripted(HeadBucket=failing("404"), CreateBucket=failing("BucketAlreadyOwnedByYou"))
    assert BUCKET.create(aws, "us-west-2", BUCKET.examples[0], "token") == {"name": BUCKET.examples[0].name}
    assert "PutBucketTagging" in aws.order()


def test_what_sbctl_put_into_a_bucket_goes_with_it() -> None:
    """All versions of the kit and of canaries are deleted, by prefix, and then the bucket."""
    kit = {"Key": "sbctl/kit/us-east-1.json", "VersionId": "v1"}
    aws = Scripted(
        DeleteBucket=[failing("BucketNotEmpty"), {}],
        ListObjectVersions=[{"Versions": [kit], "DeleteMarkers": [{**kit, "VersionId": "v2"}]}, {}],
    )
    BUCKET.delete(aws, "us-east-1", IDS)
    assert [made["Prefix"] for made in aws.made("ListObjectVersions")] == ["sbctl/"]
    assert [one["VersionId"] for one in aws.made("DeleteObjects")[0]["Delete"]["Objects"]] == ["v1", "v2"]
    assert aws.order()[-1] == "DeleteBucket"


def test_only_the_setting_that_differs_is_written() -> None:
    """A changed life cycle is one write; the size that a put without it would reset is looked at before."""
    before, after = BUCKET.examples
    aws = Scripted()
    BUCKET.update(aws, "us-east-1", IDS, before, after, plain(before))
    assert aws.order() == ["GetBucketLifecycleConfiguration", "PutBucketLifecycleConfiguration"]


def test_foreign_tags_of_a_bucket_survive() -> None:
    """S3 replaces all tags at once, so those of others are written along, as they are at that moment."""
    live = SPEC.model_copy(update={"tags": {"old": "y"}})
    aws = Scripted(GetBucketTagging={"TagSet": [{"Key": "theirs", "Value": "x"}, {"Key": "old", "Value": "y"}]})
    BUCKET.update(aws, "us-east-1", IDS, live, SPEC, {"tags": {"old": "y"}})
    tags = {tag["Key"]: tag["Value"] for tag in aws.made("PutBucketTagging")[0]["Tagging"]["TagSet"]}
    assert tags == {"theirs": "x", **SPEC.tags}


def test_lifecycles_are_compared_by_meaning() -> None:
    """The order of rules and the old form of the prefix mean nothing; another number of days does."""
    rules = lifecycle_rules(BucketItem(name="recordings"))
    older = tuple({key: value for key, value in {**rule, "Prefix": ""}.items() if key != "Filter"} for rule in rules)
    assert same_lifecycle(rules, tuple(reversed(older)))
    assert not same_lifecycle(rules, lifecycle_rules(BucketItem(name="recordings", expire_after_days=91)))
    assert not same_lifecycle(rules, rules[:1])


def test_all_destinations_go_out_in_one_configuration() -> None:
    """Writing one destination at a time would overwrite the ones before."""
    rules = tuple(
        ReplicationRule(id=f"to-{name}", priority=at, destination=f"arn:aws:s3:::{name}")
        for at, name in enumerate("ab")
    )
    aws = Scripted()
    REPLICATION.create(aws, "us-east-1", ReplicationSpec(bucket="src", role="arn:role", rules=rules), "")
    (made,) = aws.made("PutBucketReplication")
    sent = made["ReplicationConfiguration"]["Rules"]
    assert [rule["Destination"]["Bucket"] for rule in sent] == ["arn:aws:s3:::a", "arn:aws:s3:::b"]
    assert all(rule["Filter"] == {"Prefix": ""} for rule in sent)
    assert all(rule["DeleteMarkerReplication"] == {"Status": "Enabled"} for rule in sent)
    assert all(rule["Destination"]["Metrics"] == {"Status": "Enabled"} for rule in sent)


@pytest.mark.parametrize("timed", [True, False])
def test_a_rule_read_back_is_the_rule_that_was_written(timed: bool) -> None:
    """What S3 holds is read in the shape in which it was wanted, time control included."""
    rules = (ReplicationRule(id="to-x", priority=3, destination="arn:aws:s3:::x", time_control=timed),)
    spec = ReplicationSpec(bucket="src", role="arn:role", rules=rules)
    aws = Scripted()
    REPLICATION.create(aws, "us-east-1", spec, "")
    answer = {"ReplicationConfiguration": aws.made("PutBucketReplication")[0]["ReplicationConfiguration"]}
    live = REPLICATION.read(Scripted(GetBucketReplication=answer), "us-east-1", {"bucket": "src"})
    assert live is not None
    assert live.spec == spec


def test_the_order_of_rules_means_nothing() -> None:
    """S3 may give the rules back in another order; a rule too many is a difference."""
    rules = [{"id": "a", "priority": 1}, {"id": "b", "priority": 2}]
    assert REPLICATION.same("rules", rules, rules[::-1])
    assert not REPLICATION.same("rules", rules[:1], rules)


def _on_s3(**more: Any) -> dict[str, Any]:
    """A rule as S3 has it, with settings of others."""
    metrics = {"Metrics": {"Status": "Enabled"}}
    return {
        "ID": "to-us-west-2",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Enabled"},
        "Destination": {"Bucket": "arn:aws:s3:::west", "StorageClass": "GLACIER", **metrics, **more.pop("to", {})},
        "SourceSelectionCriteria": {"ReplicaModifications": {"Status": "Enabled"}, **more.pop("takes", {})},
        **more,
    }


KEY = "arn:aws:kms:us-west-2:123456789012:key/1"
ENCRYPTED = {
    "takes": {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
    "to": {"EncryptionConfiguration": {"ReplicaKmsKeyID": KEY}},
}


@pytest.mark.parametrize(
    ("there", "wanted", "owned", "put"),
    [
        pytest.param(_on_s3(), {}, {}, _on_s3(Priority=2), id="kept"),
        pytest.param(_on_s3(), {"to-us-west-2": KEY}, {}, _on_s3(Priority=2, **ENCRYPTED), id="set"),
        pytest.param(_on_s3(**ENCRYPTED), {}, {}, _on_s3(Priority=2, **ENCRYPTED), id="key of others"),
        pytest.param(_on_s3(**ENCRYPTED), {}, {"to-us-west-2": KEY}, _on_s3(Priority=2), id="taken out"),
    ],
)
def test_a_rule_keeps_what_others_set(
    there: dict[str, Any], wanted: dict[str, str], owned: dict[str, str], put: dict[str, Any]
) -> None:
    """A put writes all of a rule: what no field speaks of stays, and a key that the config no longer names goes."""
    configuration = {"ReplicationConfiguration": {"Role": "role", "Rules": [there]}}
    aws = Scripted(GetBucketReplication=configuration)
    live = REPLICATION.read(aws, "us-east-1", {"bucket": "east"})
    assert live is not None
    rule = live.spec.rules[0].model_copy(update={"priority": 2})
    spec = live.spec.model_copy(update={"rules": (rule,), "replica_keys": wanted})
    REPLICATION.update(aws, "us-east-1", live.ids, live.spec, spec, {"replica_keys": owned})
    (made,) = aws.made("PutBucketReplication")
    assert made["ReplicationConfiguration"]["Rules"] == [put]


def test_a_filter_by_tags_is_no_prefix() -> None:
    """A rule that takes some objects only is not read as one that takes all."""
    tagged = _on_s3(Filter={"And": {"Prefix": "", "Tags": [{"Key": "copy", "Value": "yes"}]}})
    aws = Scripted(GetBucketReplication={"ReplicationConfiguration": {"Role": "role", "Rules": [tagged, _on_s3()]}})
    live = REPLICATION.read(aws, "us-east-1", {"bucket": "east"})
    assert live is not None
    assert [bool(rule.prefix) for rule in live.spec.rules] == [True, False]


def test_a_bucket_keeps_its_bucket_key_when_its_encryption_changes() -> None:
    """The put of the default encryption says nothing else of the rule."""
    rule = {"BucketKeyEnabled": True, "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    aws = Scripted(GetBucketEncryption={"ServerSideEncryptionConfiguration": {"Rules": [rule]}})
    before, _ = BUCKET.examples
    after = before.model_copy(update={"encryption": "aws:kms", "key": KEY})
    BUCKET.update(aws, "us-west-2", IDS, before, after, plain(before))
    (made,) = aws.made("PutBucketEncryption")
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    wanted = {"BucketKeyEnabled": True, "ApplyServerSideEncryptionByDefault": default}
    assert made["ServerSideEncryptionConfiguration"]["Rules"] == [wanted]
    assert BUCKET.same("key", KEY, "1")
