"""What the hammer strikes: resources of every service in a fresh sandbox, and requests as boto3 would send them."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSPreparedRequest
from botocore.config import Config
from botocore.exceptions import ClientError
from server_rate import Request

EAST, WEST = "us-east-1", "us-west-2"
HANDLER = "def handler(event, context):\n    return event\n"
WAIT_SECONDS = 30.0
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": ["lambda.amazonaws.com", "s3.amazonaws.com"]},
            "Action": "sts:AssumeRole",
        }
    ],
}
ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


class RecordedError(Exception):
    """Raised instead of sending: here is the request."""

    def __init__(self, request: AWSPreparedRequest) -> None:
        super().__init__(request.url)
        self.request = request


class Clients:
    """boto3 clients of one sandbox, and what they would send."""

    def __init__(self, port: int) -> None:
        self.endpoint = f"http://127.0.0.1:{port}"
        self._settings: dict[str, Any] = {
            "endpoint_url": self.endpoint,
            "aws_access_key_id": "sandbox",
            "aws_secret_access_key": "sandbox",
            "config": Config(retries={"total_max_attempts": 1}, max_pool_connections=1),
        }
        self._mute: dict[tuple[str, str], Any] = {}

    def client(self, service: str, region: str = EAST) -> Any:
        return boto3.client(service, region_name=region, **self._settings)

    def request(self, service: str, method: str, region: str = EAST, **params: Any) -> Request:
        """What boto3 sends for this call."""
        if (service, region) not in self._mute:
            self._mute[service, region] = self.client(service, region)
            self._mute[service, region].meta.events.register("before-send", _record)
        try:
            getattr(self._mute[service, region], method)(**params)
        except RecordedError as recorded:
            operation = self._mute[service, region].meta.method_to_api_mapping[method]
            return _of(f"{service} {operation}", recorded.request)
        raise RuntimeError(f"{service} {method} was sent")


def _record(request: AWSPreparedRequest, **_: object) -> None:
    raise RecordedError(request)


def _of(name: str, sent: AWSPreparedRequest) -> Request:
    url = urlsplit(sent.url)
    kept = ("authorization", "content-type", "x-amz-", "if-")
    headers = {
        key: value.decode() if isinstance(value, bytes) else str(value)
        for key, value in sent.headers.items()
        if key.lower().startswith(kept)
    }
    body = sent.body.decode() if isinstance(sent.body, bytes | bytearray) else sent.body or ""
    path = f"{url.path or '/'}{'?' if url.query else ''}{url.query}"
    if not isinstance(body, str):
        body = body.read().decode()
    return Request(name, "", sent.method, path, body, headers)


def furnish(clients: Clients) -> str:
    """Tables with a replica, buckets with a rule, a function, a zone, an instance...; gives the instance's id."""
    iam = clients.client("iam")
    role = iam.create_role(RoleName="bench", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName="bench", PolicyName="all", PolicyDocument=json.dumps(ALL))
    _tables(clients.client("dynamodb"))
    _buckets(clients, role)
    _function(clients.client("lambda"), role)
    clients.client("sqs").create_queue(QueueName="bench")
    clients.client("sns").create_topic(Name="bench")
    logs = clients.client("logs")
    logs.create_log_group(logGroupName="bench")
    logs.create_log_stream(logGroupName="bench", logStreamName="bench")
    connect = clients.client("connect")
    instance: str = connect.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="bench-hammer",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )["Id"]
    _until(lambda: connect.describe_instance(InstanceId=instance)["Instance"]["InstanceStatus"] == "ACTIVE")
    return instance


def _tables(tables: Any) -> None:
    tables.create_table(
        TableName="bench",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    _until(lambda: tables.describe_table(TableName="bench")["Table"]["TableStatus"] == "ACTIVE")
    tables.update_table(TableName="bench", ReplicaUpdates=[{"Create": {"RegionName": WEST}}])

    def replicated() -> bool:
        replicas = tables.describe_table(TableName="bench")["Table"].get("Replicas", [])
        return [one["ReplicaStatus"] for one in replicas] == ["ACTIVE"]

    _until(replicated)


def _buckets(clients: Clients, role: str) -> None:
    east, west = clients.client("s3"), clients.client("s3", WEST)
    east.create_bucket(Bucket="bench-east")
    west.create_bucket(Bucket="bench-west", CreateBucketConfiguration={"LocationConstraint": WEST})
    for client, bucket in ((east, "bench-east"), (west, "bench-west")):
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    rule = {
        "ID": "all",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": "arn:aws:s3:::bench-west"},
    }
    east.put_bucket_replication(Bucket="bench-east", ReplicationConfiguration={"Role": role, "Rules": [rule]})


def _function(functions: Any, role: str) -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", HANDLER)

    def made() -> bool:
        try:
            functions.create_function(
                FunctionName="bench",
                Runtime="python3.13",
                Role=role,
                Handler="app.handler",
                Code={"ZipFile": package.getvalue()},
            )
        except ClientError as error:  # Lambda learns late of new roles
            code: str = error.response["Error"]["Code"]
            return code != "InvalidParameterValueException"
        return True

    _until(made)
    _until(lambda: functions.get_function(FunctionName="bench")["Configuration"]["State"] == "Active")


def _until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise RuntimeError("the sandbox's resources did not become ready")
        time.sleep(0.1)
