"""Conditional writes and deletes over the wire: which answer each condition gets, and one winner of each race."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox

BUCKET = "state-1"
THREADS = 16
RACES = 8
"""Of each kind of bucket; test_races.py runs more of them."""


@pytest.fixture(params=["plain", "versioned"])
def client(request: pytest.FixtureRequest, sandbox: Sandbox) -> Any:
    """A client, and a bucket without and with versions."""
    made = sandbox.client("s3")
    made.create_bucket(Bucket=BUCKET)
    if request.param == "versioned":
        made.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    made.put_object(Bucket=BUCKET, Key="source", Body=b"source")
    return made


def put(client: Any, key: str, **conditions: str) -> Any:
    """An object by PutObject."""
    return client.put_object(Bucket=BUCKET, Key=key, Body=b"new", **conditions)


def copy(client: Any, key: str, **conditions: str) -> Any:
    """An object by CopyObject."""
    return client.copy_object(Bucket=BUCKET, Key=key, CopySource=f"{BUCKET}/source", **conditions)


def complete(client: Any, key: str, **conditions: str) -> Any:
    """An object by a multipart upload of one part."""
    upload = client.create_multipart_upload(Bucket=BUCKET, Key=key)["UploadId"]
    part = client.upload_part(Bucket=BUCKET, Key=key, UploadId=upload, PartNumber=1, Body=b"part")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    return client.complete_multipart_upload(
        Bucket=BUCKET, Key=key, UploadId=upload, MultipartUpload=parts, **conditions
    )


def delete(client: Any, key: str, **conditions: str) -> Any:
    """No object any more."""
    return client.delete_object(Bucket=BUCKET, Key=key, **conditions)


WRITES = [put, copy, complete]
Write = Callable[..., Any]


def code(run: Write, *args: Any, **conditions: Any) -> tuple[str, int]:
    """The error code and status of a refusal; ("", status) of a success."""
    try:
        answer = run(*args, **conditions)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
    return "", answer["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize("write", WRITES)
def test_if_none_match_writes_only_where_nothing_is(client: Any, write: Write) -> None:
    """The first write succeeds; the second is a 412 and changes nothing."""
    assert code(write, client, "k", IfNoneMatch="*")[0] == ""
    before = client.head_object(Bucket=BUCKET, Key="k")
    assert code(write, client, "k", IfNoneMatch="*") == ("PreconditionFailed", 412)
    assert client.head_object(Bucket=BUCKET, Key="k")["LastModified"] == before["LastModified"]
    assert client.head_object(Bucket=BUCKET, Key="k").get("VersionId") == before.get("VersionId")


@pytest.mark.parametrize("write", WRITES)
def test_if_none_match_writes_over_a_delete(client: Any, write: Write) -> None:
    """A deleted key counts as free, with versions too, where a delete marker is the current version."""
    put(client, "k")
    delete(client, "k")
    assert code(write, client, "k", IfNoneMatch="*")[0] == ""


@pytest.mark.parametrize("write", WRITES)
def test_if_match_writes_only_over_the_version_meant(client: Any, write: Write) -> None:
    """The ETag that is there lets a write through, with and without its quotes; any other is a 412."""
    etag = put(client, "k")["ETag"]
    assert code(write, client, "k", IfMatch='"0123456789abcdef0123456789abcdef"') == ("PreconditionFailed", 412)
    assert client.head_object(Bucket=BUCKET, Key="k")["ETag"] == etag
    assert code(write, client, "k", IfMatch=etag)[0] == ""
    etag = client.head_object(Bucket=BUCKET, Key="k")["ETag"]
    assert code(write, client, "k", IfMatch=etag.strip('"'))[0] == ""


@pytest.mark.parametrize("write", [*WRITES, delete])
def test_if_match_on_no_object_is_not_found(client: Any, write: Write) -> None:
    """A key that never was, or was deleted, answers 404 and not 412."""
    assert code(write, client, "never", IfMatch='"abc"') == ("NoSuchKey", 404)
    etag = put(client, "k")["ETag"]
    delete(client, "k")
    assert code(write, client, "k", IfMatch=etag) == ("NoSuchKey", 404)


def test_a_delete_is_conditional(client: Any) -> None:
    """The wrong ETag keeps the object, the right one or a star removes it."""
    etag = put(client, "k")["ETag"]
    assert code(delete, client, "k", IfMatch='"abc"') == ("PreconditionFailed", 412)
    assert client.head_object(Bucket=BUCKET, Key="k")["ETag"] == etag
    assert code(delete, client, "k", IfMatch=etag) == ("", 204)
    put(client, "k")
    assert code(delete, client, "k", IfMatch="*") == ("", 204)
    assert code(client.head_object, Bucket=BUCKET, Key="k") == ("404", 404)


def test_each_key_of_a_bulk_delete_is_judged_by_itself(client: Any) -> None:
    """A wrong ETag is an error of that key alone; with nothing but refused keys nothing is deleted."""
    etags = {key: client.put_object(Bucket=BUCKET, Key=key, Body=key.encode())["ETag"] for key in ("a", "b&b")}

    def remove(*objects: dict[str, str]) -> tuple[list[str], list[tuple[str, str]]]:
        answer = client.delete_objects(Bucket=BUCKET, Delete={"Objects": list(objects)})
        errors = [(error["Key"], error["Code"]) for error in answer.get("Errors", [])]
        return [deleted["Key"] for deleted in answer.get("Deleted", [])], errors

    wrong = {"Key": "b&b", "ETag": etags["a"]}
    assert remove(wrong, {"Key": "none", "ETag": '"abc"'}) == (
        [],
        [("b&b", "PreconditionFailed"), ("none", "NoSuchKey")],
    )
    assert remove(wrong, {"Key": "a", "ETag": etags["a"]}) == (["a"], [("b&b", "PreconditionFailed")])
    assert remove({"Key": "b&b", "ETag": etags["b&b"]}, {"Key": "source"}) == (["b&b", "source"], [])
    assert client.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0


def test_if_none_match_takes_a_star_only(client: Any) -> None:
    """An ETag in If-None-Match of a write is not implemented, on AWS too."""
    assert code(put, client, "k", IfNoneMatch='"abc"') == ("NotImplemented", 501)


def test_conditions_do_not_hide_a_missing_bucket(client: Any) -> None:
    """Without the bucket the answer is NoSuchBucket, whatever the condition."""
    assert code(client.put_object, Bucket="none-1", Key="k", Body=b"", IfMatch='"abc"') == ("NoSuchBucket", 404)


def test_an_upload_completed_twice_answers_twice(client: Any) -> None:
    """Completing the same upload again, as an SDK does after a lost answer, is no second write and no 412."""
    upload = client.create_multipart_upload(Bucket=BUCKET, Key="k")["UploadId"]
    part = client.upload_part(Bucket=BUCKET, Key="k", UploadId=upload, PartNumber=1, Body=b"part")
    wanted = {
        "Bucket": BUCKET,
        "Key": "k",
        "UploadId": upload,
        "MultipartUpload": {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
        "IfNoneMatch": "*",
    }
    assert client.complete_multipart_upload(**wanted)["ETag"] == client.complete_multipart_upload(**wanted)["ETag"]
    assert len(client.list_object_versions(Bucket=BUCKET, Prefix="k")["Versions"]) == 1


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    """Threads for the races."""
    with ThreadPoolExecutor(THREADS) as made:
        yield made


@pytest.mark.parametrize("write", WRITES)
def test_one_of_sixteen_creates(client: Any, pool: ThreadPoolExecutor, write: Write) -> None:
    """Of 16 threads that create the same key at once one wins and 15 get 412, in each race."""
    races = RACES if write is put else 3
    for race in range(races):
        found = Counter(
            pool.map(lambda _, key=f"lock-{race}": code(write, client, key, IfNoneMatch="*")[0], range(THREADS))
        )
        assert found == {"": 1, "PreconditionFailed": THREADS - 1}


def test_one_of_sixteen_replaces(client: Any, pool: ThreadPoolExecutor) -> None:
    """Of 16 threads that replace the same version at once one wins, in each race."""
    etag = client.put_object(Bucket=BUCKET, Key="lease", Body=b"start")["ETag"]

    def replace(owner: str) -> str:
        try:
            client.put_object(Bucket=BUCKET, Key="lease", Body=owner.encode(), IfMatch=etag)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return ""

    for race in range(RACES):
        found = Counter(pool.map(replace, [f"{race}.{owner}" for owner in range(THREADS)]))
        assert found == {"": 1, "PreconditionFailed": THREADS - 1}
        etag = client.head_object(Bucket=BUCKET, Key="lease")["ETag"]


def test_one_of_sixteen_deletes(client: Any, pool: ThreadPoolExecutor) -> None:
    """Of 16 threads that delete the same version at once one wins; the others find nothing."""
    for race in range(5):
        etag = put(client, f"lock-{race}")["ETag"]
        run = lambda _, key=f"lock-{race}", meant=etag: code(delete, client, key, IfMatch=meant)[0]  # noqa: E731
        assert Counter(pool.map(run, range(THREADS))) == {"": 1, "NoSuchKey": THREADS - 1}
