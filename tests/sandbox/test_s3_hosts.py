"""A bucket named in the host, as BUCKET.localhost, is the same bucket as one that is named in the path."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox
from tests.sandbox.test_strangers import ask
from tests.waits import PATIENCE_SECONDS

BUCKET = "recordings"
SCOPE = {"Authorization": "AWS4-HMAC-SHA256 Credential=a/20260301/us-east-1/s3/aws4_request"}


def to_loopback(request: Any, **_: Any) -> None:
    """Send a request for any host to 127.0.0.1, under its own Host, as a resolver that knows *.localhost would."""
    parts = urlsplit(request.url)
    request.headers["Host"] = parts.netloc
    request.url = urlunsplit(parts._replace(netloc=f"127.0.0.1:{parts.port}"))


def client(sandbox: Sandbox, host: str = "localhost", style: str = "virtual") -> Any:
    """A client of S3 at an endpoint of this name, which names buckets in the host or in the path."""
    found = boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url=f"http://{host}:{sandbox.running.port}",
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
        config=Config(
            s3={"addressing_style": style},
            signature_version="s3v4",
            retries={"total_max_attempts": 1},
            read_timeout=PATIENCE_SECONDS,
            proxies={},
        ),
    )
    found.meta.events.register("before-send.s3", to_loopback)
    return found


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


ENDPOINTS = [
    ("localhost", "virtual"),
    ("s3.localhost", "virtual"),
    ("s3.us-east-1.localhost", "virtual"),
    ("s3.us-east-1.localhost", "path"),
    ("x.localhost", "path"),
    ("sandbox.localhost", "path"),
]


@pytest.mark.parametrize("bucket", [BUCKET, "with.dots.in-it"])
@pytest.mark.parametrize(("host", "style"), ENDPOINTS)
def test_every_endpoint_has_the_same_buckets(sandbox: Sandbox, host: str, style: str, bucket: str) -> None:
    """Whatever is written through one is what the plain endpoint has."""
    s3, plain = client(sandbox, host, style), sandbox.client("s3")
    s3.create_bucket(Bucket=bucket)
    assert [row["Name"] for row in s3.list_buckets()["Buckets"]] == [bucket]
    keys = ["new-bucket", "k", "/slash", "//two", "folder/", "ümlaut +%2F", bucket]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"" if key == "new-bucket" else key.encode())
    assert sorted(row["Key"] for row in plain.list_objects_v2(Bucket=bucket)["Contents"]) == sorted(keys)
    assert [row["Name"] for row in plain.list_buckets()["Buckets"]] == [bucket]
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == len(s3.list_objects(Bucket=bucket)["Contents"]) == 7
    for key in keys[1:]:
        assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == key.encode()
        assert plain.head_object(Bucket=bucket, Key=key)["ContentLength"] == len(key.encode())
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert plain.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "k"})
    for row in s3.list_object_versions(Bucket=bucket)["Versions"]:
        s3.delete_object(Bucket=bucket, Key=row["Key"], VersionId=row["VersionId"])
    s3.delete_bucket(Bucket=bucket)
    assert plain.list_buckets()["Buckets"] == []


@pytest.mark.parametrize("key", ["call.wav", "/call.wav", "_sandbox/status", "connect-prompts/us-east-1/a"])
def test_a_presigned_address_names_its_bucket_in_the_host(sandbox: Sandbox, key: str) -> None:
    """Reads and writes, also of keys that are paths of the sandbox's own elsewhere."""
    s3 = client(sandbox)
    s3.create_bucket(Bucket=BUCKET)
    for method, body in (("put_object", b"voice"), ("get_object", b"")):
        parts = urlsplit(s3.generate_presigned_url(method, Params={"Bucket": BUCKET, "Key": key}))
        assert parts.hostname == f"{BUCKET}.localhost"
        sent = "PUT" if body else "GET"
        answer = ask(sandbox, {"Host": parts.netloc}, sent, f"{parts.path}?{parts.query}", body)
        assert (answer[0], answer[2]) == (200, b"" if body else b"voice")


@pytest.mark.parametrize("host", ["{}.localhost", "{}.LOCALHOST:80", "{}.localhost.", "{}.s3.localhost:4566"])
def test_an_unsigned_request_is_read_alike(sandbox: Sandbox, host: str) -> None:
    """With and without a port, in any case."""
    sandbox.client("s3").create_bucket(Bucket=BUCKET)
    sandbox.client("s3").put_object(Bucket=BUCKET, Key="k", Body=b"voice", ACL="bucket-owner-full-control")
    assert ask(sandbox, {"Host": host.format(BUCKET), **SCOPE}, path="/k")[2] == b"voice"
    assert ask(sandbox, {"Host": host.format(BUCKET.upper()), **SCOPE}, path="/k")[2] == b"voice"


def test_a_bucket_that_is_absent_is_told_and_none_is_made(sandbox: Sandbox) -> None:
    """An upload to an absent bucket creates none, also where it has no body."""
    s3 = client(sandbox)
    calls: list[tuple[Any, dict[str, Any]]] = [
        (s3.put_object, {"Key": "k", "Body": b""}),
        (s3.put_object, {"Key": "k", "Body": b"text"}),
        (s3.get_object, {"Key": "k"}),
        (s3.list_objects_v2, {}),
        (s3.list_objects, {}),
        (s3.get_bucket_versioning, {}),
        (s3.delete_bucket, {}),
    ]
    for call, params in calls:
        with pytest.raises(ClientError) as refused:
            call(Bucket="absent", **params)
        assert code(refused) == "NoSuchBucket"
    assert sandbox.client("s3").list_buckets()["Buckets"] == []


def test_a_bucket_is_not_taken_for_another_whose_name_it_begins_with(sandbox: Sandbox) -> None:
    """Also not where a key is called as a bucket is."""
    s3 = client(sandbox)
    for bucket in ("logs", "logs.example", "example"):
        s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key="logs", Body=bucket.encode())
    s3.delete_object(Bucket="logs.example", Key="logs")
    s3.delete_bucket(Bucket="logs.example")
    with pytest.raises(ClientError) as refused:
        s3.put_object(Bucket="logs.example", Key="logs", Body=b"")
    assert code(refused) == "NoSuchBucket"
    assert s3.get_object(Bucket="logs", Key="logs")["Body"].read() == b"logs"


def test_conditions_see_the_operation(sandbox: Sandbox) -> None:
    """A write under a condition is refused as in the path form."""
    s3 = client(sandbox)
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"1", IfNoneMatch="*")
    with pytest.raises(ClientError) as refused:
        s3.put_object(Bucket=BUCKET, Key="k", Body=b"2", IfNoneMatch="*")
    assert code(refused) == "PreconditionFailed"


def test_other_services_are_as_they_were(sandbox: Sandbox) -> None:
    """A bucket of the host's first label is none of theirs."""
    sandbox.client("s3").create_bucket(Bucket=BUCKET)
    scope = SCOPE["Authorization"].replace("/s3/", "/connect/")
    status, _, body = ask(sandbox, {"Host": f"{BUCKET}.localhost", "Authorization": scope}, path="/instance")
    assert (status, b"InstanceSummaryList" in body) == (200, True)


def said(sandbox: Sandbox, sent: bytes) -> bytes:
    """All that the server says to these bytes, after which it closes."""
    with socket.create_connection(("127.0.0.1", sandbox.running.port), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(sent)
        return b"".join(iter(lambda: connection.recv(1000), b""))


HEAD = b"PUT /recordings/k HTTP/1.1\r\nConnection: close\r\nContent-Length: 1\r\n"


@pytest.mark.parametrize("expect", [b"100-continue", b"100-Continue"])
def test_a_stranger_is_told_so_before_anything_else(sandbox: Sandbox, expect: bytes) -> None:
    """Nobody whose head is refused is asked for a body; others are, once."""
    head = HEAD + b"Expect: " + expect + b"\r\n"
    assert said(sandbox, head + b"Host: page.example\r\n\r\n").startswith(b"HTTP/1.1 403 ")
    long = head.replace(b"Length: 1", b"Length: 200000000").replace(b"/recordings/k", b"/recordings?acl")
    assert said(sandbox, long + b"Host: localhost\r\n\r\n").startswith(b"HTTP/1.1 413 ")
    answer = said(sandbox, head + b"Host: localhost\r\n\r\na")
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 ")
    assert answer.count(b"100 Continue") == 1


def test_a_request_says_its_host(sandbox: Sandbox) -> None:
    """HTTP/1.1 wants one, HTTP/1.0 does not."""
    assert said(sandbox, b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    assert said(sandbox, b"GET / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("line", [b"GET http://localhost/ HTTP/1.1", b"CONNECT localhost:80 HTTP/1.1"])
def test_it_is_no_proxy(sandbox: Sandbox, line: bytes) -> None:
    """Requests to others are refused."""
    assert said(sandbox, line + b"\r\nHost: localhost\r\n\r\n")[9:12] in (b"400", b"405")
