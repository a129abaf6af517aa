"""Requests for objects as programs send them: what S3 refuses, and bodies that arrive as they were sent."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError

import pytest
from boto3 import client as boto3_client
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox

BUCKET = "requests-1"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def s3(sandbox: Sandbox) -> Any:
    """A client, and a bucket with one object."""
    client = sandbox.client("s3")
    client.create_bucket(Bucket=BUCKET)
    client.put_object(Bucket=BUCKET, Key="a", Body=b"hello")
    return client


def refused(call: Callable[..., Any], **params: Any) -> tuple[str, int]:
    """Code and status of the refusal."""
    with pytest.raises(ClientError) as found:
        call(Bucket=BUCKET, **params)
    return found.value.response["Error"]["Code"], found.value.response["ResponseMetadata"]["HTTPStatusCode"]


def presigned(sandbox: Sandbox, version: str, operation: str, seconds: int) -> str:
    """A URL for an object, by a version of signatures."""
    keys = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
    client = boto3_client(
        "s3",
        region_name="us-east-1",
        endpoint_url=sandbox.endpoint,
        config=Config(signature_version=version, proxies={}),
        **keys,
    )
    url: str = client.generate_presigned_url(operation, Params={"Bucket": BUCKET, "Key": "a"}, ExpiresIn=seconds)
    return url


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_a_presigned_url_is_good_until_it_ends(sandbox: Sandbox, s3: Any, version: str) -> None:
    """Within its time it gives the object, afterwards 403 AccessDenied."""
    assert s3
    with urllib.request.urlopen(presigned(sandbox, version, "get_object", 60)) as answer:
        assert answer.read() == b"hello"
    with pytest.raises(HTTPError) as over:
        urllib.request.urlopen(presigned(sandbox, version, "get_object", -60 if version == "s3" else 0))
    assert (over.value.code, b"<Code>AccessDenied</Code>" in over.value.read()) == (403, True)


def test_a_presigned_url_is_good_for_a_week_at_most(sandbox: Sandbox, s3: Any) -> None:
    """A longer time is refused, as it is by S3 and not by boto3."""
    assert s3
    with pytest.raises(HTTPError) as found:
        urllib.request.urlopen(presigned(sandbox, "s3v4", "get_object", 604_801))
    assert (found.value.code, b"AuthorizationQueryParametersError" in found.value.read()) == (400, True)


@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x"])
def test_a_body_that_is_called_a_form_is_kept_as_it_came(sandbox: Sandbox, s3: Any, kind: str) -> None:
    """curl calls every body a form: it arrives whole, with its type."""
    url = presigned(sandbox, "s3v4", "put_object", 60)
    sent = urllib.request.Request(url, data=b"key=1&file=2", method="PUT", headers={"Content-Type": kind})
    with urllib.request.urlopen(sent) as answer:
        assert answer.status == 200
    found = s3.get_object(Bucket=BUCKET, Key="a")
    assert (found["Body"].read(), found["ContentType"]) == (b"key=1&file=2", kind)


def test_a_part_of_no_upload_is_refused(s3: Any) -> None:
    """After an upload was aborted its parts have no place to go: 404 NoSuchUpload."""
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="m")["UploadId"]
    part = {"Key": "m", "UploadId": upload, "PartNumber": 1}
    s3.upload_part(Bucket=BUCKET, Body=b"x", **part)
    s3.abort_multipart_upload(Bucket=BUCKET, Key="m", UploadId=upload)
    assert refused(s3.upload_part, Body=b"x", **part) == ("NoSuchUpload", 404)
    assert refused(s3.upload_part_copy, CopySource=f"{BUCKET}/a", **part) == ("NoSuchUpload", 404)


def test_a_page_that_was_not_given_out_is_refused(s3: Any) -> None:
    """A continuation token that nobody got: 400 InvalidArgument; one that was got gives the next page."""
    assert refused(s3.list_objects_v2, ContinuationToken="x") == ("InvalidArgument", 400)
    s3.put_object(Bucket=BUCKET, Key="b", Body=b"")
    first = s3.list_objects_v2(Bucket=BUCKET, MaxKeys=1)
    second = s3.list_objects_v2(Bucket=BUCKET, ContinuationToken=first["NextContinuationToken"])
    assert [entry["Key"] for entry in second["Contents"]] == ["b"]


def test_a_key_has_at_most_1024_bytes(s3: Any) -> None:
    """In UTF-8; one byte more is a KeyTooLongError."""
    s3.put_object(Bucket=BUCKET, Key="é" * 512, Body=b"")
    assert refused(s3.put_object, Key="é" * 512 + "x", Body=b"") == ("KeyTooLongError", 400)


def test_a_new_bucket_takes_no_acls(s3: Any) -> None:
    """All but the owner's are refused until the bucket's ownership allows them."""
    unsupported = ("AccessControlListNotSupported", 400)
    assert refused(s3.put_object, Key="a", Body=b"", ACL="public-read") == unsupported
    assert refused(s3.put_object, Key="a", Body=b"", GrantRead="id=x") == unsupported
    assert refused(s3.put_object_acl, Key="a", ACL="private") == unsupported
    assert refused(s3.put_bucket_acl, ACL="private") == unsupported
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"", ACL="bucket-owner-full-control")
    ownership = {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}
    s3.put_bucket_ownership_controls(Bucket=BUCKET, OwnershipControls=ownership)
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"", ACL="public-read")


def test_every_object_is_encrypted(s3: Any) -> None:
    """With S3's own keys unless the bucket says otherwise, also after its encryption was deleted."""
    s3.delete_bucket_encryption(Bucket=BUCKET)
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="m")
    part = s3.upload_part(Bucket=BUCKET, Key="m", UploadId=upload["UploadId"], PartNumber=1, Body=b"x")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    answers = [
        s3.put_object(Bucket=BUCKET, Key="b", Body=b""),
        s3.copy_object(Bucket=BUCKET, Key="c", CopySource=f"{BUCKET}/a"),
        s3.head_object(Bucket=BUCKET, Key="a"),
        s3.get_object(Bucket=BUCKET, Key="a"),
        s3.complete_multipart_upload(Bucket=BUCKET, Key="m", UploadId=upload["UploadId"], MultipartUpload=parts),
        s3.head_object(Bucket=BUCKET, Key="m"),
    ]
    assert [answer.get("ServerSideEncryption") for answer in answers] == ["AES256"] * len(answers)


def test_settings_of_a_new_bucket_are_gone_when_they_are_deleted(s3: Any) -> None:
    """Public access stays allowed then, and nobody owns by rule: neither comes back by itself."""
    assert all(s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"].values())
    owned = s3.get_bucket_ownership_controls(Bucket=BUCKET)["OwnershipControls"]
    assert owned == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    s3.delete_public_access_block(Bucket=BUCKET)
    s3.delete_bucket_ownership_controls(Bucket=BUCKET)
    assert refused(s3.get_public_access_block) == ("NoSuchPublicAccessBlockConfiguration", 404)
    assert refused(s3.get_bucket_ownership_controls) == ("OwnershipControlsNotFoundError", 404)


def test_a_bucket_may_be_created_with_another_ownership(s3: Any) -> None:
    s3.create_bucket(Bucket="requests-2", ObjectOwnership="ObjectWriter")
    owned = s3.get_bucket_ownership_controls(Bucket="requests-2")["OwnershipControls"]
    assert owned == {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
