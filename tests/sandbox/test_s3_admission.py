"""S3 sends requests to the bucket's region, and refuses names, policies and bodies that are not right."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox
from tests.waits import PATIENCE_SECONDS

BUCKET = "recordings-west"
WEST = "us-west-2"
SCOPE = "AWS4-HMAC-SHA256 Credential=sandbox/20260301/{region}/s3/aws4_request, SignedHeaders=host, Signature=0"


@pytest.fixture
def west(sandbox: Sandbox) -> Any:
    """A client in us-west-2, where there is a bucket with one object."""
    client = sandbox.client("s3", WEST)
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": WEST})
    client.put_object(Bucket=BUCKET, Key="call.wav", Body=b"voice")
    return client


def ask(
    sandbox: Sandbox, method: str, path: str, region: str = "us-east-1", body: bytes = b"", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """One raw request without a client that follows redirects: status, headers and body of the answer."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if region:
        sent["authorization"] = SCOPE.format(region=region)
    connection = HTTPConnection("127.0.0.1", sandbox.running.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request(method, path, body=body, headers=sent)
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.headers.items()}, response.read()
    finally:
        connection.close()


REQUESTS = [
    ("GET", f"/{BUCKET}?versioning"),
    ("PUT", f"/{BUCKET}?versioning"),
    ("GET", f"/{BUCKET}?list-type=2"),
    ("GET", f"/{BUCKET}/call.wav"),
    ("PUT", f"/{BUCKET}/other.wav"),
    ("DELETE", f"/{BUCKET}/call.wav"),
    ("DELETE", f"/{BUCKET}"),
    ("GET", f"/{BUCKET}?replication"),
]


@pytest.mark.parametrize(("method", "path"), REQUESTS)
def test_a_request_to_another_region_is_redirected(sandbox: Sandbox, west: Any, method: str, path: str) -> None:
    """Settings and objects alike answer 301 with the bucket's region, and nothing is done."""
    status, headers, body = ask(sandbox, method, path)
    assert (status, headers["x-amz-bucket-region"]) == (301, WEST)
    assert b"<Code>PermanentRedirect</Code>" in body
    assert f"<Endpoint>{BUCKET}.s3.{WEST}.amazonaws.com</Endpoint>".encode() in body
    assert [row["Key"] for row in west.list_objects_v2(Bucket=BUCKET)["Contents"]] == ["call.wav"]


@pytest.mark.parametrize("path", [f"/{BUCKET}", f"/{BUCKET}/call.wav"])
@pytest.mark.usefixtures("west")
def test_a_head_request_is_redirected_without_a_body(sandbox: Sandbox, path: str) -> None:
    """The region is in the header, which is all that a HEAD can answer."""
    status, headers, body = ask(sandbox, "HEAD", path)
    assert (status, headers["x-amz-bucket-region"], body) == (301, WEST, b"")


@pytest.mark.usefixtures("west")
def test_the_location_is_told_in_the_home_region_and_unsigned_requests_pass(sandbox: Sandbox) -> None:
    """GetBucketLocation answers in us-east-1 for any bucket; without a signature there is no region to be wrong."""
    assert sandbox.client("s3").get_bucket_location(Bucket=BUCKET)["LocationConstraint"] == WEST
    assert ask(sandbox, "GET", f"/{BUCKET}/call.wav", region="")[0] != 301
    assert ask(sandbox, "GET", "/absent-bucket?versioning")[0] == 404


FOLLOWED: list[Callable[[Any], Any]] = [
    lambda s3: s3.get_object(Bucket=BUCKET, Key="call.wav")["Body"].read() == b"voice",
    lambda s3: s3.head_object(Bucket=BUCKET, Key="call.wav")["ContentLength"] == 5,
    lambda s3: s3.head_bucket(Bucket=BUCKET)["BucketRegion"] == WEST,
    lambda s3: s3.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 1,
    lambda s3: s3.put_object(Bucket=BUCKET, Key="more.wav", Body=b"more")["ETag"] != "",
    lambda s3: "Status" not in s3.get_bucket_versioning(Bucket=BUCKET),
]


@pytest.mark.parametrize("act", FOLLOWED)
@pytest.mark.usefixtures("west")
def test_boto3_follows_to_the_right_region(sandbox: Sandbox, act: Callable[[Any], Any]) -> None:
    """A client of another region gets its answer, signed anew for the bucket's."""
    client = boto3.client(
        "s3",
        region_name="eu-west-1",
        endpoint_url=sandbox.endpoint,
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
        config=Config(retries={"total_max_attempts": 3}, proxies={}),
    )
    assert act(client)


@pytest.mark.usefixtures("west")
def test_the_command_line_follows_to_the_right_region(sandbox: Sandbox) -> None:
    """`aws s3 ls` lists a bucket of another region."""
    own = {"AWS_ACCESS_KEY_ID": "sandbox", "AWS_SECRET_ACCESS_KEY": "sandbox", "AWS_DEFAULT_REGION": "eu-west-1"}
    words = [sys.executable, "-m", "awscli", "s3", "ls", f"s3://{BUCKET}", "--endpoint-url", sandbox.endpoint]
    environment = {**os.environ, **own, "AWS_CONFIG_FILE": os.devnull, "NO_PROXY": "127.0.0.1"}
    found = subprocess.run(
        words, capture_output=True, text=True, timeout=PATIENCE_SECONDS, env=environment, check=False
    )
    assert found.returncode == 0, found.stderr
    assert "call.wav" in found.stdout


def refusal(act: Any, **params: Any) -> tuple[str, str, int]:
    """Code, message and status of the refusal of a call."""
    with pytest.raises(ClientError) as refused:
        act(**params)
    error = refused.value.response
    return error["Error"]["Code"], error["Error"]["Message"], error["ResponseMetadata"]["HTTPStatusCode"]


BAD_NAMES = [
    "ab",
    "a" * 64,
    "Upper-Case",
    "under_score",
    "-dash",
    "dot-",
    "two..dots",
    "10.0.0.1",
    "xn--a",
    "a-s3alias",
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_bad_name_is_refused(sandbox: Sandbox, name: str) -> None:
    """No bucket can have it, and none is made."""
    client = sandbox.client("s3")
    assert refusal(client.create_bucket, Bucket=name) == (
        "InvalidBucketName",
        "The specified bucket is not valid.",
        400,
    )
    assert client.list_buckets()["Buckets"] == []


ARN = f"arn:aws:s3:::{BUCKET}"
TLS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": [ARN, f"{ARN}/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def policy(**changed: Any) -> str:
    """The good policy with some members of its statement changed, or taken away where None."""
    statement = {name: value for name, value in {**TLS, **changed}.items() if value is not None}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


BAD_POLICIES = [
    ("policy.json", "Policies must be valid JSON and the first byte must be '{'"),
    ('{"Version": ', "This policy contains invalid Json"),
    ('{"Version": "2012-10-17"}', "Missing required field Statement"),
    (policy(Effect="deny"), "Invalid effect: deny"),
    (policy(Principal=None), "Missing required field Principal"),
    (policy(Resource=None), "Missing required field Resource"),
    (policy(Action="dynamodb:*"), "Policy has invalid action"),
    (policy(Resource="arn:aws:s3:::another-bucket/*"), "Policy has invalid resource"),
]


@pytest.mark.parametrize(("text", "message"), BAD_POLICIES)
def test_a_malformed_policy_is_refused(west: Any, text: str, message: str) -> None:
    """It is named in S3's words, the policy before it stays, and objects can still be read."""
    west.put_bucket_policy(Bucket=BUCKET, Policy=policy())
    assert refusal(west.put_bucket_policy, Bucket=BUCKET, Policy=text) == ("MalformedPolicy", message, 400)
    assert json.loads(west.get_bucket_policy(Bucket=BUCKET)["Policy"]) == json.loads(policy())


def test_a_policy_needs_its_bucket(sandbox: Sandbox) -> None:
    """Where there is no bucket, that is what is told, whatever the policy."""
    assert refusal(sandbox.client("s3").put_bucket_policy, Bucket="absent", Policy="{")[0] == "NoSuchBucket"
