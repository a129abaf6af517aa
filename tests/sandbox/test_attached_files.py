"""Files that are attached to tasks and e-mails on a served sandbox, uploaded and downloaded as clients do it."""

from __future__ import annotations

from typing import Any
from urllib.request import ProxyHandler, Request, build_opener
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox
from tests.sandbox.connect_instance import instance

TASK = "arn:aws:connect:us-east-1:123456789012:instance/i/contact/1"
BODY = b"a small file"
DIRECT = build_opener(ProxyHandler({}))


@pytest.fixture
def place(sandbox: Sandbox) -> dict[str, Any]:
    """An instance with a bucket for attachments, and the resource that has the files."""
    bucket, where = f"files-{uuid4().hex[:12]}", instance(sandbox)
    sandbox.client("s3").create_bucket(Bucket=bucket)
    sandbox.client("connect").associate_instance_storage_config(
        InstanceId=where,
        ResourceType="ATTACHMENTS",
        StorageConfig={"StorageType": "S3", "S3Config": {"BucketName": bucket, "BucketPrefix": "files"}},
    )
    return {"InstanceId": where, "AssociatedResourceArn": TASK}


def start(connect: Any, place: dict[str, Any], **other: Any) -> Any:
    params = {"FileName": "notes.txt", "FileSizeInBytes": len(BODY), "FileUseCaseType": "ATTACHMENT", **other}
    return connect.start_attached_file_upload(**place, **params)


def test_a_file_is_uploaded_completed_and_downloaded(sandbox: Sandbox, place: dict[str, Any]) -> None:
    """The signed address takes the bytes, and after completion another gives them back."""
    connect = sandbox.client("connect")
    begun = start(connect, place)
    assert begun["FileStatus"] == "DRAFTING"
    at = {**place, "FileId": begun["FileId"]}
    with pytest.raises(ClientError, match="was not uploaded"):
        connect.complete_attached_file_upload(**at)
    DIRECT.open(Request(begun["UploadUrlMetadata"]["Url"], data=BODY, method="PUT")).close()
    connect.complete_attached_file_upload(**at)
    shown = connect.get_attached_file(**at)
    assert (shown["FileStatus"], shown["FileName"]) == ("APPROVED", "notes.txt")
    with DIRECT.open(shown["DownloadUrlMetadata"]["Url"]) as answer:
        assert answer.read() == BODY
    many = connect.batch_get_attached_file_metadata(**place, FileIds=[begun["FileId"], "other"])
    assert [one["FileId"] for one in many["Files"]] == [begun["FileId"]]
    assert [one["FileId"] for one in many["Errors"]] == ["other"]
    connect.delete_attached_file(**at)
    with pytest.raises(connect.exceptions.ResourceNotFoundException):
        connect.get_attached_file(**at)


def test_a_file_of_another_size_is_rejected(sandbox: Sandbox, place: dict[str, Any]) -> None:
    """What was uploaded must be as long as was said; a rejected file has no address."""
    connect = sandbox.client("connect")
    begun = start(connect, place, FileSizeInBytes=5)
    DIRECT.open(Request(begun["UploadUrlMetadata"]["Url"], data=BODY, method="PUT")).close()
    connect.complete_attached_file_upload(**place, FileId=begun["FileId"])
    shown = connect.get_attached_file(**place, FileId=begun["FileId"])
    assert shown["FileStatus"] == "REJECTED"
    assert "DownloadUrlMetadata" not in shown


def test_an_instance_without_storage_takes_no_files(sandbox: Sandbox) -> None:
    """An invalid request, before anything is kept."""
    connect = sandbox.client("connect")
    with pytest.raises(connect.exceptions.InvalidRequestException, match="no storage"):
        start(connect, {"InstanceId": instance(sandbox), "AssociatedResourceArn": TASK})
