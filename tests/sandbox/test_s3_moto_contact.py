"""Every point at which the inside of moto's S3 is touched, so that another version of moto fails here first and by name."""

from __future__ import annotations

import inspect
from datetime import UTC, timedelta
from typing import Any

import pytest

from sbctl.sandbox.moto_bridge.s3 import CARRIED, CHANGEABLE, STATUS, MotoObjects, ObjectVersion
from tests.sandbox.conftest import Sandbox

MADE_WITH = {
    "name",
    "value",
    "account_id",
    "region_name",
    "storage",
    "etag",
    "is_versioned",
    "version_id",
    "multipart",
    "bucket_name",
    "encryption",
    "kms_key_id",
    "bucket_key_enabled",
    "checksum_value",
    "checksum_type",
    "checksum_parts",
}
READ = {
    "version_id",
    "metadata",
    "size",
    "etag",
    "multipart",
    "encryption",
    "value",
    "storage_class",
    "arn",
    "kms_key_id",
}


@pytest.fixture
def objects(sandbox: Sandbox) -> MotoObjects:
    """Two versioned buckets, with a tagged object of two versions in the first."""
    for bucket, region in (("from-1", "us-east-1"), ("into-1", "us-west-2")):
        client = sandbox.client("s3", region)
        where: dict[str, Any] = {} if region == "us-east-1" else {"LocationConstraint": region}
        client.create_bucket(Bucket=bucket, **({"CreateBucketConfiguration": where} if where else {}))
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    client = sandbox.client("s3")
    client.put_object(Bucket="from-1", Key="k", Body=b"old")
    client.put_object(Bucket="from-1", Key="k", Body=b"new", Tagging="team=blue", Metadata={"call": "42"})
    return MotoObjects(sandbox.world.account)


def current(objects: MotoObjects, bucket: str = "from-1") -> ObjectVersion:
    """The newest version of the key."""
    found = objects.current(bucket, "k")
    assert found is not None
    return found


def test_the_parts_of_moto_exist(objects: MotoObjects) -> None:
    """The classes of versions take and have what the copying uses, and the buckets keep lists of versions."""
    from moto.s3.models import FakeDeleteMarker, FakeKey, s3_backends

    assert set(inspect.signature(FakeKey).parameters) >= MADE_WITH
    assert list(inspect.signature(FakeDeleteMarker).parameters) == ["key"]
    raw = current(objects).raw
    assert isinstance(raw, FakeKey)
    missing = [name for name in {*READ, *CARRIED, *CHANGEABLE} if not hasattr(raw, name)]
    assert not missing
    backend = s3_backends["123456789012"]["aws"]
    assert backend.buckets["into-1"].region_name == "us-west-2"
    assert len(backend.buckets["from-1"].keys.getlist("k", [])) == 2
    for name in ("get_tag_dict_for_resource", "copy_tags", "delete_all_tags_for_resource"):
        assert callable(getattr(backend.tagger, name))


def test_a_delete_marker_has_an_id_of_its_own_to_set(objects: MotoObjects, sandbox: Sandbox) -> None:
    """A copied marker shows the id and the time of its source."""
    sandbox.client("s3").delete_object(Bucket="from-1", Key="k")
    marker = current(objects)
    assert marker.is_marker
    objects.copy_marker(marker, "into-1")
    copied = current(objects, "into-1")
    assert (copied.is_marker, copied.id) == (True, marker.id)
    assert copied.raw.last_modified == marker.raw.last_modified


def test_moto_answers_the_status_from_the_metadata(objects: MotoObjects, sandbox: Sandbox) -> None:
    """A status kept among the metadata comes in HeadObject and GetObject, and not as metadata of the user."""
    current(objects).mark("PENDING")
    client = sandbox.client("s3")
    for found in (client.head_object(Bucket="from-1", Key="k"), client.get_object(Bucket="from-1", Key="k")):
        assert found["ReplicationStatus"] == "PENDING"
        assert found["Metadata"] == {"call": "42"}
    current(objects).mark("")
    assert STATUS not in current(objects).raw.metadata


def test_a_copy_has_what_its_source_has(objects: MotoObjects, sandbox: Sandbox) -> None:
    """Body, version id, ETag, metadata, tags and time are the same in the other bucket."""
    source = current(objects)
    objects.copy(source, "into-1")
    objects.copy(source, "into-1")
    clients = {"from-1": sandbox.client("s3"), "into-1": sandbox.client("s3", "us-west-2")}
    found = {bucket: client.get_object(Bucket=bucket, Key="k") for bucket, client in clients.items()}
    for member in ("VersionId", "ETag", "Metadata", "LastModified", "TagCount", "ContentType"):
        assert found["into-1"][member] == found["from-1"][member]
    assert found["into-1"]["Body"].read() == b"new"
    assert found["into-1"]["ReplicationStatus"] == "REPLICA"
    assert len(clients["into-1"].list_object_versions(Bucket="into-1")["Versions"]) == 1


def test_versions_are_in_the_order_of_their_creation(objects: MotoObjects, sandbox: Sandbox) -> None:
    """An older version that arrives after a newer one does not become the current one."""
    listed = sandbox.client("s3").list_object_versions(Bucket="from-1")["Versions"]
    for version in listed:
        found = objects.find("from-1", "k", version["VersionId"])
        assert found is not None
        objects.copy(found, "into-1")
    assert [version["IsLatest"] for version in listed] == [True, False]
    copied = sandbox.client("s3", "us-west-2").list_object_versions(Bucket="into-1")["Versions"]
    assert [version["VersionId"] for version in copied] == [version["VersionId"] for version in listed]
    assert current(objects, "into-1").id == listed[0]["VersionId"]


def test_a_stamp_is_later_than_the_version_before(objects: MotoObjects, sandbox: Sandbox) -> None:
    """Two versions never have the same time, even when the world's clock says so."""
    client = sandbox.client("s3")
    times = [version["LastModified"] for version in client.list_object_versions(Bucket="from-1")["Versions"]]
    assert objects.stamp(current(objects), times[1] - timedelta(days=1)).replace(tzinfo=UTC) > times[1]


def test_moto_asks_its_buckets_for_permission() -> None:
    """moto still judges a policy by the method that is replaced, with an action and a resource."""
    from moto.s3 import responses
    from moto.s3.models import FakeBucket

    assert [*inspect.signature(FakeBucket.get_permission).parameters][1:] == ["action", "resource"]
    assert "bucket.get_permission(action, resource)" in inspect.getsource(responses)


def test_what_is_looked_up_for_requests_is_there(sandbox: Sandbox) -> None:
    """moto keeps the tokens of pages, the uploads and the ownership of a bucket where they are looked for."""
    from moto.s3.models import s3_backends

    backend: Any = s3_backends["123456789012"]["aws"]
    client = sandbox.client("s3")
    client.create_bucket(Bucket="looked-1", ObjectOwnership="ObjectWriter")
    for key in "ab":
        client.put_object(Bucket="looked-1", Key=key, Body=b"")
    token = client.list_objects_v2(Bucket="looked-1", MaxKeys=1)["NextContinuationToken"]
    upload = client.create_multipart_upload(Bucket="looked-1", Key="m")["UploadId"]
    found = backend.buckets["looked-1"]
    assert token in backend._pagination_tokens
    assert upload in found.multiparts
    assert "ObjectWriter" in str(found.ownership_rule)
