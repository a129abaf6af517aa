"""Replication of objects: what is copied, when, with what, and what the source's status says. The clock is moved, never awaited."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sbctl.sandbox.s3.replication import CopyLag
from tests.sandbox.conftest import Sandbox
from tests.sandbox.s3_buckets import ALLOWED, EAST, IRELAND, TRUST, WEST, Buckets, rule
from tests.waits import eventually


@pytest.fixture
def buckets(sandbox: Sandbox) -> Buckets:
    """Three buckets without rules."""
    return Buckets(sandbox)


def missing(buckets: Buckets, bucket: str, key: str = "k") -> bool:
    """Whether a key has no current object."""
    try:
        buckets.clients[bucket].head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        return int(error.response["ResponseMetadata"]["HTTPStatusCode"]) == 404
    return False


def test_an_object_is_pending_and_then_completed(buckets: Buckets) -> None:
    """The source says PENDING until the lag is over, then COMPLETED; the copy is there then and not before."""
    buckets.rules(EAST, rule(WEST))
    buckets.put(EAST)
    assert buckets.status(EAST) == "PENDING"
    assert missing(buckets, WEST)
    buckets.pass_time(30.0)
    assert buckets.status(EAST) == "PENDING"
    buckets.pass_time(31.0)
    assert buckets.status(EAST) == "COMPLETED"
    assert buckets.status(WEST) == "REPLICA"


def test_copies_are_made_without_anyone_asking(buckets: Buckets) -> None:
    """In a served world the copy appears by itself; a program sees nothing but AWS's API."""
    buckets.replication.lag = CopyLag(0.0, 0.0)
    buckets.rules(EAST, rule(WEST))
    buckets.put(EAST)
    eventually(lambda: not missing(buckets, WEST), "the copy")
    assert buckets.status(WEST) == "REPLICA"


def test_a_copy_is_the_same_object(buckets: Buckets) -> None:
    """Version id, body, content type, metadata, tags, ETag and last modification are those of the source."""
    buckets.rules(EAST, rule(WEST))
    members: dict[str, Any] = {
        "ContentType": "audio/wav",
        "Metadata": {"contact_id": "7", "agent": "a"},
        "Tagging": "team=blue&dr=yes",
    }
    version = buckets.put(EAST, "a b/ü.wav", CacheControl="no-store", **members)
    buckets.pass_time()
    found = {
        bucket: buckets.clients[bucket].get_object(Bucket=bucket, Key="a b/ü.wav", VersionId=version)
        for bucket in (EAST, WEST)
    }
    for member in ("ContentType", "CacheControl", "Metadata", "ETag", "LastModified", "TagCount", "ContentLength"):
        assert found[WEST][member] == found[EAST][member]
    assert found[WEST]["Body"].read() == b"voice"
    tags = buckets.clients[WEST].get_object_tagging(Bucket=WEST, Key="a b/ü.wav")["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"team": "blue", "dr": "yes"}


def test_the_last_modification_is_in_the_worlds_time(buckets: Buckets) -> None:
    """An object written after the clock was moved is as new as the clock says, and CopyObject answers the same."""
    client = buckets.clients[EAST]
    buckets.put(EAST, "before")
    buckets.pass_time(86400.0)
    buckets.put(EAST, "after")
    copied = client.copy_object(Bucket=EAST, Key="copy", CopySource=f"{EAST}/after")["CopyObjectResult"]["LastModified"]
    times = {key: client.head_object(Bucket=EAST, Key=key)["LastModified"] for key in ("before", "after", "copy")}
    assert (times["after"] - times["before"]).total_seconds() >= 86399
    assert copied.replace(microsecond=0) == times["copy"]


def test_objects_from_before_the_rule_stay_alone(buckets: Buckets) -> None:
    """Only what is written after the configuration is copied; older objects have no status."""
    buckets.put(EAST, "old")
    buckets.rules(EAST, rule(WEST))
    buckets.put(EAST, "new")
    buckets.pass_time()
    assert buckets.keys(WEST) == ["new"]
    assert buckets.status(EAST, "old") == ""


def test_attributes_have_no_status(buckets: Buckets) -> None:
    """GetObjectAttributes and PutObject answer no replication status, as on AWS."""
    buckets.rules(EAST, rule(WEST))
    client = buckets.clients[EAST]
    put = client.put_object(Bucket=EAST, Key="k", Body=b"voice")
    found = client.get_object_attributes(Bucket=EAST, Key="k", ObjectAttributes=["ETag", "ObjectSize"])
    for answer in (put, found):
        assert "x-amz-replication-status" not in answer["ResponseMetadata"]["HTTPHeaders"]


def test_copies_are_not_copied_on(buckets: Buckets) -> None:
    """From the first bucket to the second and from there to the third makes no way from the first to the third."""
    buckets.rules(EAST, rule(WEST))
    buckets.rules(WEST, rule(IRELAND), rule(EAST, Priority=2))
    buckets.put(EAST)
    buckets.pass_time()
    buckets.pass_time()
    assert buckets.status(WEST) == "REPLICA"
    assert buckets.keys(IRELAND) == []
    assert len(buckets.clients[EAST].list_object_versions(Bucket=EAST)["Versions"]) == 1


def test_uploads_in_parts_and_copies_are_copied(buckets: Buckets) -> None:
    """CompleteMultipartUpload and CopyObject count as new objects; a copy of a COMPLETED object starts anew."""
    buckets.rules(EAST, rule(WEST))
    client = buckets.clients[EAST]
    upload = client.create_multipart_upload(Bucket=EAST, Key="parts", ContentType="audio/wav")["UploadId"]
    part = client.upload_part(Bucket=EAST, Key="parts", UploadId=upload, PartNumber=1, Body=b"part")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    client.complete_multipart_upload(Bucket=EAST, Key="parts", UploadId=upload, MultipartUpload=parts)
    buckets.pass_time()
    client.copy_object(Bucket=EAST, Key="copied", CopySource=f"{EAST}/parts")
    assert (buckets.status(EAST, "parts"), buckets.status(EAST, "copied")) == ("COMPLETED", "PENDING")
    buckets.pass_time()
    found = {key: buckets.clients[WEST].head_object(Bucket=WEST, Key=key) for key in ("parts", "copied")}
    assert found["parts"]["ETag"] == client.head_object(Bucket=EAST, Key="parts")["ETag"]
    assert {answer["ContentType"] for answer in found.values()} == {"audio/wav"}


def test_a_copy_of_a_replica_by_hand_has_no_status_of_its_own(buckets: Buckets) -> None:
    """CopyObject into a bucket without rules leaves the status of its source behind."""
    buckets.rules(EAST, rule(WEST))
    buckets.put(EAST)
    buckets.pass_time()
    buckets.clients[WEST].copy_object(Bucket=WEST, Key="by-hand", CopySource=f"{WEST}/k")
    assert buckets.status(WEST, "by-hand") == ""


def test_several_destinations_make_one_status(buckets: Buckets) -> None:
    """PENDING until every copy is made, FAILED as soon as one failed."""
    buckets.rules(EAST, rule(WEST, Priority=1), rule(IRELAND, Priority=2))
    buckets.put(EAST, "good")
    buckets.replication.lag = CopyLag(10.0, 0.0)
    buckets.put(EAST, "bad")
    buckets.clients[IRELAND].delete_bucket(Bucket=IRELAND)
    buckets.pass_time(11.0)
    assert (buckets.status(EAST, "bad"), buckets.status(EAST, "good")) == ("FAILED", "PENDING")
    buckets.create(IRELAND)
    buckets.pass_time()
    assert (buckets.status(EAST, "bad"), buckets.status(EAST, "good")) == ("FAILED", "COMPLETED")
    assert (buckets.keys(WEST), buckets.keys(IRELAND)) == (["bad", "good"], ["good"])


def test_only_what_the_filter_takes_has_a_status(buckets: Buckets) -> None:
    """A prefix and a tag choose; tags given later do not make an object eligible."""
    both = {"And": {"Prefix": "calls/", "Tags": [{"Key": "dr", "Value": "yes"}]}}
    buckets.rules(EAST, rule(WEST, Filter=both, DeleteMarkerReplication={"Status": "Disabled"}))
    buckets.put(EAST, "calls/1", Tagging="dr=yes")
    buckets.put(EAST, "calls/2")
    buckets.put(EAST, "chats/1", Tagging="dr=yes")
    tags = {"TagSet": [{"Key": "dr", "Value": "yes"}]}
    buckets.clients[EAST].put_object_tagging(Bucket=EAST, Key="calls/2", Tagging=tags)
    buckets.pass_time()
    assert buckets.keys(WEST) == ["calls/1"]
    assert [buckets.status(EAST, key) for key in ("calls/1", "calls/2", "chats/1")] == ["COMPLETED", "", ""]


@pytest.mark.parametrize(("word", "gone"), [("Enabled", True), ("Disabled", False)])
def test_delete_markers_go_as_the_rule_says(buckets: Buckets, word: str, gone: bool) -> None:
    """With DeleteMarkerReplication the same marker appears in the destination, from DeleteObject and DeleteObjects."""
    buckets.rules(EAST, rule(WEST, DeleteMarkerReplication={"Status": word}))
    for key in ("one", "many"):
        buckets.put(EAST, key)
    buckets.pass_time()
    marker = buckets.clients[EAST].delete_object(Bucket=EAST, Key="one")["VersionId"]
    buckets.clients[EAST].delete_objects(Bucket=EAST, Delete={"Objects": [{"Key": "many"}]})
    assert not missing(buckets, WEST, "one")
    buckets.pass_time()
    assert (missing(buckets, WEST, "one"), missing(buckets, WEST, "many")) == (gone, gone)
    markers = buckets.clients[WEST].list_object_versions(Bucket=WEST, Prefix="one").get("DeleteMarkers", [])
    assert [found["VersionId"] for found in markers] == ([marker] if gone else [])


def test_deleting_a_version_is_never_copied(buckets: Buckets) -> None:
    """A DELETE with a version id takes the version from the source alone."""
    buckets.rules(EAST, rule(WEST))
    version = buckets.put(EAST)
    buckets.pass_time()
    buckets.clients[EAST].delete_object(Bucket=EAST, Key="k", VersionId=version)
    buckets.clients[EAST].delete_objects(Bucket=EAST, Delete={"Objects": [{"Key": "k", "VersionId": version}]})
    buckets.pass_time()
    assert buckets.keys(WEST) == ["k"]


def test_a_version_deleted_before_its_copy_is_not_copied(buckets: Buckets) -> None:
    """What is gone when its time comes leaves nothing behind, neither a copy nor a pending entry."""
    buckets.rules(EAST, rule(WEST))
    version = buckets.put(EAST)
    buckets.clients[EAST].delete_object(Bucket=EAST, Key="k", VersionId=version)
    buckets.pass_time()
    assert buckets.keys(WEST) == []
    assert buckets.replication.backlog() == []


def test_new_tags_follow(buckets: Buckets) -> None:
    """Tags changed or removed after the copy was made are changed in the copy; on the copy they stay where they are."""
    buckets.rules(EAST, rule(WEST))
    buckets.rules(WEST, rule(EAST))
    buckets.put(EAST, Tagging="team=blue")
    buckets.pass_time()

    def tag(bucket: str, value: str) -> None:
        tags = {"TagSet": [{"Key": "team", "Value": value}]}
        buckets.clients[bucket].put_object_tagging(Bucket=bucket, Key="k", Tagging=tags)
        buckets.pass_time()

    def tags(bucket: str) -> list[str]:
        return [tag["Value"] for tag in buckets.clients[bucket].get_object_tagging(Bucket=bucket, Key="k")["TagSet"]]

    tag(EAST, "red")
    assert (tags(EAST), tags(WEST)) == (["red"], ["red"])
    tag(WEST, "green")
    assert (tags(EAST), tags(WEST)) == (["red"], ["green"])
    buckets.clients[EAST].delete_object_tagging(Bucket=EAST, Key="k")
    buckets.pass_time()
    assert tags(WEST) == []


def test_both_sides_end_with_the_same_current_version(buckets: Buckets) -> None:
    """Two buckets that copy to each other agree, although the older version arrives after the newer was written."""
    buckets.rules(EAST, rule(WEST))
    buckets.rules(WEST, rule(EAST))
    buckets.put(EAST, body=b"first")
    buckets.pass_time(10.0)
    last = buckets.put(WEST, body=b"second")
    buckets.pass_time()
    buckets.pass_time()
    for bucket in (EAST, WEST):
        assert buckets.clients[bucket].head_object(Bucket=bucket, Key="k")["VersionId"] == last
        assert len(buckets.clients[bucket].list_object_versions(Bucket=bucket)["Versions"]) == 2


@pytest.mark.parametrize("lacking", ALLOWED)
def test_a_role_that_lacks_an_action_fails(buckets: Buckets, lacking: str) -> None:
    """Each action of the minimum is needed: without it the object, or for ReplicateDelete the marker, does not get there."""
    buckets.rules(EAST, rule(WEST))
    if lacking == "s3:ReplicateDelete":
        buckets.put(EAST)
        buckets.pass_time()
    buckets.permit(set(ALLOWED) - {lacking})
    if lacking == "s3:ReplicateDelete":
        buckets.clients[EAST].delete_object(Bucket=EAST, Key="k")
    else:
        buckets.put(EAST)
    buckets.pass_time()
    if lacking == "s3:ReplicateDelete":
        assert not missing(buckets, WEST)
    else:
        assert buckets.status(EAST) == "FAILED"
        assert missing(buckets, WEST)


def test_a_role_that_is_gone_or_not_for_s3_fails(buckets: Buckets) -> None:
    """Without the role, or without the trust in S3, copies fail; a repaired role serves the next object."""
    buckets.rules(EAST, rule(WEST))
    iam = buckets.sandbox.client("iam")
    iam.delete_role_policy(RoleName="copy", PolicyName="copy")
    iam.delete_role(RoleName="copy")
    buckets.put(EAST, "no-role")
    buckets.pass_time()
    buckets.allow(ALLOWED, {**TRUST, "Principal": {"Service": "lambda.amazonaws.com"}})
    buckets.put(EAST, "no-trust")
    buckets.pass_time()
    iam.delete_role_policy(RoleName="copy", PolicyName="copy")
    iam.delete_role(RoleName="copy")
    buckets.allow(["s3:*"])
    buckets.put(EAST, "good")
    buckets.pass_time()
    assert [buckets.status(EAST, key) for key in ("no-role", "no-trust", "good")] == ["FAILED", "FAILED", "COMPLETED"]


def test_a_destination_without_versions_fails(buckets: Buckets) -> None:
    """Suspending the destination's versioning makes objects FAILED; the source's cannot be suspended at all."""
    buckets.rules(EAST, rule(WEST))
    buckets.versions(WEST, "Suspended")
    buckets.put(EAST)
    buckets.pass_time()
    assert buckets.status(EAST) == "FAILED"
    with pytest.raises(ClientError, match="InvalidBucketState"):
        buckets.versions(EAST, "Suspended")


def test_a_new_bucket_does_not_inherit_rules(buckets: Buckets) -> None:
    """A bucket deleted and made again has no replication configuration."""
    buckets.rules(EAST, rule(WEST))
    buckets.clients[EAST].delete_bucket(Bucket=EAST)
    buckets.create(EAST)
    with pytest.raises(ClientError, match="ReplicationConfigurationNotFoundError"):
        buckets.clients[EAST].get_bucket_replication(Bucket=EAST)


def test_a_rule_without_an_id_gets_one(buckets: Buckets) -> None:
    """S3 names a rule that has no name, so that metrics can name it."""
    unnamed = {name: value for name, value in rule(WEST).items() if name != "ID"}
    buckets.rules(EAST, unnamed)
    found = buckets.clients[EAST].get_bucket_replication(Bucket=EAST)["ReplicationConfiguration"]["Rules"]
    assert found[0]["ID"]
    assert {name: value for name, value in found[0].items() if name != "ID"} == unnamed


def test_what_is_pending_is_counted(buckets: Buckets) -> None:
    """The backlog gives count, bytes and oldest age for each pair of buckets, and empties."""
    buckets.rules(EAST, rule(WEST, Priority=1), rule(IRELAND, Priority=2))
    buckets.put(EAST, "a", b"123")
    buckets.pass_time(20.0)
    buckets.put(EAST, "b", b"12345")
    found = {entry.destination: entry for entry in buckets.replication.backlog()}
    assert {(entry.pending, entry.bytes) for entry in found.values()} == {(2, 8)}
    assert found[WEST].oldest_seconds == pytest.approx(20.0, abs=5.0)
    assert (found[WEST].source, found[WEST].target) == ("us-east-1", "us-west-2")
    buckets.pass_time()
    assert buckets.replication.backlog() == []


def test_a_reset_forgets_what_is_pending(buckets: Buckets) -> None:
    """After a reset nothing of the old account is copied into the new one."""
    buckets.rules(EAST, rule(WEST))
    buckets.put(EAST)
    buckets.sandbox.running.reset()
    again = Buckets(buckets.sandbox)
    assert again.replication.backlog() == []
    again.pass_time()
    assert again.keys(WEST) == []


def datapoints(buckets: Buckets, region: str, metric: str, source: str = EAST, target: str = WEST) -> list[Any]:
    """The maxima of one metric of the last two hours, oldest first."""
    now = buckets.sandbox.world.clock.now()
    dimensions = {"SourceBucket": source, "DestinationBucket": target, "RuleId": f"to-{target}"}
    found = buckets.sandbox.client("cloudwatch", region).get_metric_statistics(
        Namespace="AWS/S3",
        MetricName=metric,
        Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
        StartTime=now.timestamp() - 7200,
        EndTime=now.timestamp() + 60,
        Period=60,
        Statistics=["Maximum"],
    )["Datapoints"]
    return [point["Maximum"] for point in sorted(found, key=lambda point: point["Timestamp"])]


def test_metrics_are_published_where_aws_publishes_them(buckets: Buckets) -> None:
    """Latency and what is pending appear in the destination's region, failures in the source's, under three dimensions."""
    buckets.rules(EAST, rule(WEST))
    buckets.replication.lag = CopyLag(150.0, 0.0)
    buckets.put(EAST, "a", b"12345")
    for _ in range(4):
        buckets.pass_time(60.0)
    pending = datapoints(buckets, "us-west-2", "OperationsPendingReplication")
    assert (pending[0], pending[-1]) == (1.0, 0.0)
    assert datapoints(buckets, "us-west-2", "BytesPendingReplication")[0] == 5.0
    assert max(datapoints(buckets, "us-west-2", "ReplicationLatency")) >= 150.0
    assert datapoints(buckets, "us-east-1", "OperationsFailedReplication") == [0.0]
    assert datapoints(buckets, "us-east-1", "ReplicationLatency") == []
    buckets.permit(["s3:ListBucket"])
    buckets.put(EAST, "b")
    for _ in range(4):
        buckets.pass_time(60.0)
    assert max(datapoints(buckets, "us-east-1", "OperationsFailedReplication")) == 1.0


def test_a_rule_without_metrics_publishes_none(buckets: Buckets) -> None:
    """Metrics are only for rules that ask for them."""
    buckets.rules(EAST, rule(WEST, Destination={"Metrics": {"Status": "Disabled"}}))
    buckets.put(EAST)
    buckets.pass_time(200.0)
    assert datapoints(buckets, "us-west-2", "ReplicationLatency") == []
