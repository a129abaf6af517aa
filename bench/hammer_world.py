"""What the hammer strikes: resources of every service in a fresh sandbox, and the requests on them, as boto3 would send them."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSPreparedRequest
from botocore.config import Config
from botocore.exceptions import ClientError
from server_rate import Request

EAST, WEST = "us-east-1", "us-west-2"
ZONE = "example.com"
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
RECORD = {"Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}


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
            return error.response["Error"]["Code"] != "InvalidParameterValueException"
        return True

    _until(made)
    _until(lambda: functions.get_function(FunctionName="bench")["Configuration"]["State"] == "Active")


def _until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise RuntimeError("the sandbox's resources did not become ready")
        time.sleep(0.1)


def requests_of(clients: Clients, instance: str, zone: str, number: int) -> list[Request]:
    """Reads and writes of every service; some of all threads on the same resources, some of thread `number` alone."""
    return [
        *_items(clients, number),
        *_objects(clients, number),
        *_global(clients, zone, number),
        *_others(clients, instance, number),
    ]


def _items(clients: Clients, number: int) -> Iterator[Request]:
    own, shared, table = {"id": {"S": f"own-{number}"}}, {"id": {"S": "shared"}}, {"TableName": "bench"}
    one = {":one": {"N": "1"}}
    add = {**table, "UpdateExpression": "ADD n :one", "ExpressionAttributeValues": one}
    transaction = [{"Put": {**table, "Item": own}}, {"Update": {**add, "Key": shared}}]
    yield clients.request("dynamodb", "put_item", **table, Item={**own, "n": {"N": "1"}})
    yield clients.request("dynamodb", "put_item", **table, Item=shared, ConditionExpression="attribute_not_exists(id)")
    yield clients.request("dynamodb", "update_item", **add, Key=shared)
    yield clients.request("dynamodb", "delete_item", **table, Key=own)
    yield clients.request("dynamodb", "get_item", **table, Key=shared)
    yield clients.request("dynamodb", "get_item", WEST, **table, Key=shared)
    yield clients.request("dynamodb", "update_item", WEST, **add, Key=own)
    yield clients.request("dynamodb", "scan", **table, Limit=20)
    yield clients.request("dynamodb", "transact_write_items", TransactItems=transaction)
    yield clients.request("dynamodb", "batch_write_item", RequestItems={"bench": [{"PutRequest": {"Item": own}}]})
    yield clients.request("dynamodb", "describe_table", **table)


def _objects(clients: Clients, number: int) -> Iterator[Request]:
    own, shared = {"Bucket": "bench-east", "Key": f"own-{number}"}, {"Bucket": "bench-east", "Key": "shared"}
    yield clients.request("s3", "put_object", **own, Body=b"x" * 500)
    yield clients.request("s3", "put_object", **shared, Body=b"y" * 500, IfNoneMatch="*")
    yield clients.request("s3", "get_object", **shared)
    yield clients.request("s3", "head_object", **own)
    yield clients.request("s3", "head_object", WEST, Bucket="bench-west", Key=own["Key"])
    yield clients.request("s3", "delete_object", **own)
    yield clients.request("s3", "list_objects_v2", Bucket="bench-east", MaxKeys=20)
    yield clients.request("s3", "get_bucket_replication", Bucket="bench-east")


def _global(clients: Clients, zone: str, number: int) -> Iterator[Request]:
    upsert = {"Action": "UPSERT", "ResourceRecordSet": {"Name": f"h{number}.{ZONE}", **RECORD}}
    role = {"RoleName": f"own-{number}"}
    yield clients.request(
        "route53", "change_resource_record_sets", HostedZoneId=zone, ChangeBatch={"Changes": [upsert]}
    )
    yield clients.request("route53", "list_resource_record_sets", HostedZoneId=zone)
    yield clients.request("route53", "list_hosted_zones")
    yield clients.request("route53", "list_health_checks")
    yield clients.request("iam", "create_role", **role, AssumeRolePolicyDocument=json.dumps(TRUST))
    yield clients.request("iam", "delete_role", **role)
    yield clients.request("iam", "get_role", RoleName="bench")
    yield clients.request("sts", "get_caller_identity")


def _others(clients: Clients, instance: str, number: int) -> Iterator[Request]:
    metric = {"MetricName": "calls", "Value": 1.0}
    alarm = {"MetricName": "calls", "Namespace": "bench", "Statistic": "Sum", "Period": 60, "Threshold": 1.0}
    queue = f"{clients.endpoint}/123456789012/bench"
    wide = {"DetailType": "d", "Source": "bench", "Detail": "{}"}
    yield clients.request("lambda", "invoke", FunctionName="bench", Payload=b'{"n": 1}')
    yield clients.request("lambda", "get_function", FunctionName="bench")
    yield clients.request("connect", "list_instances")
    yield clients.request("connect", "describe_instance", InstanceId=instance)
    yield clients.request("connect", "list_queues", InstanceId=instance)
    yield clients.request(
        "connect",
        "create_hours_of_operation",
        InstanceId=instance,
        Name=f"own-{number}",
        TimeZone="UTC",
        Config=[{"Day": "MONDAY", "StartTime": {"Hours": 8, "Minutes": 0}, "EndTime": {"Hours": 9, "Minutes": 0}}],
    )
    yield clients.request("cloudwatch", "put_metric_data", Namespace="bench", MetricData=[metric])
    yield clients.request("cloudwatch", "describe_alarms")
    yield clients.request(
        "cloudwatch",
        "put_metric_alarm",
        AlarmName=f"own-{number}",
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        **alarm,
    )
    yield clients.request("sqs", "list_queues")
    yield clients.request("sqs", "send_message", QueueUrl=queue, MessageBody="m")
    yield clients.request("sqs", "receive_message", QueueUrl=queue, MaxNumberOfMessages=10)
    yield clients.request("sns", "publish", TopicArn=f"arn:aws:sns:{EAST}:123456789012:bench", Message="m")
    yield clients.request("logs", "filter_log_events", logGroupName="bench")
    yield clients.request("events", "put_events", Entries=[wide])
    yield clients.request("ssm", "put_parameter", Name=f"/own/{number}", Value="v", Type="String", Overwrite=True)
    yield clients.request("kms", "list_keys")
    yield clients.request("secretsmanager", "list_secrets")
