"""What the hammer's threads ask: reads and writes of every service, on what they share and on what is each one's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hammer_world import EAST, TRUST, WEST, Clients
from server_rate import Request

ZONE = "example.com"
RECORD = {"Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}


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
    add: dict[str, Any] = {**table, "UpdateExpression": "ADD n :one", "ExpressionAttributeValues": one}
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
    alarm: dict[str, Any] = {
        "MetricName": "calls",
        "Namespace": "bench",
        "Statistic": "Sum",
        "Period": 60,
        "Threshold": 1.0,
    }
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
