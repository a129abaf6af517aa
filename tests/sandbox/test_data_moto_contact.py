"""Every point at which moto's state is taken and put back, so that another version of moto fails here first and by name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sbctl.sandbox.moto_bridge.allowed_operations import SERVICES
from sbctl.sandbox.moto_bridge.snapshot import BACKENDS, MotoPart, moto_parts
from sbctl.sandbox.moto_bridge.snapshot_reducers import reduced
from sbctl.sandbox.snapshot.part import Change
from sbctl.sandbox.snapshot.pickling import dumped, loaded
from tests.sandbox.conftest import Sandbox
from tests.sandbox.global_tables import EAST, TABLE, WEST, GlobalTable

GLOBAL = ("iam", "s3", "sts")


def names(changes: Iterable[Change], owner: str) -> list[str]:
    """The names of the rows of owners that contain a text."""
    return [change.name for change in changes if owner in change.owner and change.name is not None]


def test_every_service_has_backends_by_account_and_region(sandbox: Sandbox) -> None:
    """get_backend gives for each service what is indexed by account and region, and is named as the service is."""
    from moto.backends import get_backend

    for service in SERVICES:
        found: Any = get_backend(service)  # type: ignore[call-overload]
        backend = found[sandbox.world.account]["aws" if service in GLOBAL else "us-east-1"]
        assert found.service_name == service
        assert backend.account_id == sandbox.world.account


def test_every_backend_is_its_attributes_and_can_be_kept(sandbox: Sandbox) -> None:
    """The attributes of every fresh backend are taken as bytes and put back, none is left out with an error."""
    from moto.backends import get_backend

    for service in SERVICES:
        found: Any = get_backend(service)  # type: ignore[call-overload]
        assert found[sandbox.world.account]["aws" if service in GLOBAL else "us-east-1"] is not None
    told = {part.name: names(part.changes(), BACKENDS) for part in moto_parts(sandbox.world.moto)}
    assert [name for name, rows in told.items() if not rows] == []
    assert {f"moto.{service}" for service in SERVICES} - told.keys() == {"moto.dynamodbstreams"}


def test_streams_hold_nothing_but_positions(sandbox: Sandbox) -> None:
    """What is not kept of moto's streams is the iterators alone."""
    from moto.dynamodbstreams.models import DynamoDBStreamsBackend

    fresh = DynamoDBStreamsBackend("us-east-1", sandbox.world.account)
    assert vars(fresh).keys() - {"region_name", "account_id", "partition"} == {"shard_iterators"}


def test_an_item_that_is_written_is_one_row(sandbox: Sandbox) -> None:
    """Of a table of many items only those are told that were written or deleted since, in either region."""
    table = GlobalTable(sandbox, (EAST, WEST)).create()
    client = table.client(EAST)
    for number in range(10):
        client.put_item(TableName=TABLE, Item={"id": {"S": str(number)}})
    part = MotoPart(sandbox.world.moto, "dynamodb")
    assert len(names(part.changes(), f'{EAST} ["items", "{TABLE}"')) == 10
    assert list(part.changes()) == []
    client.put_item(TableName=TABLE, Item={"id": {"S": "5"}, "n": {"N": "1"}})
    client.delete_item(TableName=TABLE, Key={"id": {"S": "6"}})
    changes = [change for change in part.changes() if f'{EAST} ["items"' in change.owner]
    assert [(change.name, change.data is None) for change in changes] == [
        ("(('S', '5'),)", False),
        ("(('S', '6'),)", True),
    ]
    table.pass_time(30)
    arrived = names(part.changes(), f'{WEST} ["items"')
    assert sorted(arrived) == [f"(('S', '{number}'),)" for number in range(10) if number != 6]


def test_a_table_made_again_loses_its_former_items(sandbox: Sandbox) -> None:
    """The rows of a table that is gone are dropped before those of the next one of its name are put."""
    table = GlobalTable(sandbox, (EAST,)).create()
    table.client(EAST).put_item(TableName=TABLE, Item={"id": {"S": "old"}})
    part = MotoPart(sandbox.world.moto, "dynamodb")
    list(part.changes())
    table.client(EAST).delete_table(TableName=TABLE)
    table.pass_time(60)
    table.create()
    dropped = [change.owner for change in part.changes() if change.name is None]
    assert any('"items"' in owner for owner in dropped)


def test_an_object_that_is_put_tagged_or_deleted_is_one_row(sandbox: Sandbox) -> None:
    """Of a bucket of several keys only the one is told whose versions changed."""
    client = sandbox.client("s3")
    client.create_bucket(Bucket="calls-1")
    for key in ("a", "b", "c"):
        client.put_object(Bucket="calls-1", Key=key, Body=b"x")
    part = MotoPart(sandbox.world.moto, "s3")
    assert names(part.changes(), "calls-1") == ["a", "b", "c"]
    client.put_object(Bucket="calls-1", Key="b", Body=b"y")
    assert names(part.changes(), "calls-1") == ["b"]
    client.delete_object(Bucket="calls-1", Key="c")
    assert names(part.changes(), "calls-1") == ["c"]
    client.get_object(Bucket="calls-1", Key="a")
    assert names(part.changes(), "calls-1") == []


def test_versions_come_back_with_their_bodies(sandbox: Sandbox) -> None:
    """FakeKey can be taken apart and put together: body, metadata, version."""
    from moto.s3.models import s3_backends

    client = sandbox.client("s3")
    client.create_bucket(Bucket="calls-1")
    client.put_object(Bucket="calls-1", Key="a", Body=b"body", Metadata={"call": "1"})
    raw = s3_backends[sandbox.world.account]["aws"].buckets["calls-1"].keys.getlist("a")[0]
    again = loaded(dumped(raw))
    assert (again.value, again.metadata["x-amz-meta-call"], again.version_id) == (b"body", "1", raw.version_id)


def test_uploads_in_parts_are_kept(sandbox: Sandbox) -> None:
    """One that is in progress, with the rest of its bucket, and an object that was made by one."""
    client = sandbox.client("s3")
    client.create_bucket(Bucket="calls-1")
    uploads = [
        client.create_multipart_upload(Bucket="calls-1", Key=key, Metadata={"call": key})["UploadId"] for key in "ab"
    ]
    etag = client.upload_part(Bucket="calls-1", Key="a", UploadId=uploads[0], PartNumber=1, Body=b"x")["ETag"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": etag}]}
    client.complete_multipart_upload(Bucket="calls-1", Key="a", UploadId=uploads[0], MultipartUpload=parts)
    changes = list(MotoPart(sandbox.world.moto, "s3").changes())
    assert names(changes, "calls-1") == ["a"]
    (backend,) = [change.data for change in changes if change.owner == BACKENDS]
    assert uploads[1].encode() in (backend or b"")


def test_a_piece_that_cannot_be_kept_keeps_nothing_else_from_it(sandbox: Sandbox) -> None:
    """An object that holds what is no part of a world is left out, the others are told."""
    from moto.s3.models import s3_backends

    client = sandbox.client("s3")
    client.create_bucket(Bucket="calls-1")
    for key in "abc":
        client.put_object(Bucket="calls-1", Key=key, Body=b"x")
    raw: Any = s3_backends[sandbox.world.account]["aws"].buckets["calls-1"].keys["b"]
    raw.foreign = Path("/")
    assert names(MotoPart(sandbox.world.moto, "s3").changes(), "calls-1") == ["a", "c"]


def test_what_pickle_does_not_know_comes_back(sandbox: Sandbox) -> None:
    """A queue's condition, parameters, and the private keys of KMS sign as before."""
    from moto.kms.utils import generate_private_key
    from moto.sqs.models import Queue
    from moto.ssm.models import ParameterDict

    parameters = ParameterDict(sandbox.world.account, "us-east-1")
    assert loaded(dumped(parameters, reduced=reduced)).region_name == "us-east-1"
    queue = Queue("waits", "us-east-1", sandbox.world.account)  # type: ignore[abstract]
    assert loaded(dumped(queue, reduced=reduced)).name == "waits"
    for spec, algorithm in (("RSA_2048", "RSASSA_PSS_SHA_256"), ("ECC_NIST_P256", "ECDSA_SHA_256")):
        key = generate_private_key(spec)
        signature = loaded(dumped(key, reduced=reduced)).sign(b"call", algorithm)
        assert key.verify(b"call", signature, algorithm)
