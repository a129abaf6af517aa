"""A world with one of each thing, so that random requests get past "there is no such thing"."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config

from tests.waits import PATIENCE_SECONDS

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
HOURS = [{"Day": "MONDAY", "StartTime": {"Hours": 8, "Minutes": 0}, "EndTime": {"Hours": 9, "Minutes": 0}}]
TABLE: dict[str, Any] = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}
FLOW = {
    "Version": "2019-10-30",
    "StartAction": "a",
    "Metadata": {},
    "Actions": [{"Identifier": "a", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}],
}


def furnish(endpoint: str, pass_time: Callable[[], object]) -> dict[str, str]:
    """Make the things; gives how requests name them, by member. What takes time to be made is there when time has passed."""

    def client(service: str) -> Any:
        settings = Config(retries={"total_max_attempts": 1}, read_timeout=PATIENCE_SECONDS, proxies={})
        keys = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
        return boto3.client(service, region_name="us-east-1", endpoint_url=endpoint, config=settings, **keys)

    role = client("iam").create_role(RoleName="bench", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    client("dynamodb").create_table(TableName="bench", **TABLE)
    instance = client("connect").create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="bench-wire",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )
    pass_time()
    made = {"Role": role, "InstanceId": instance["Id"], "ResourceArn": instance["Arn"]}
    made |= (
        _data(client) | _function(client("lambda"), role) | _centre(client("connect"), instance["Id"]) | _names(client)
    )
    pass_time()
    return made


def _data(client: Any) -> dict[str, str]:
    tables, buckets = client("dynamodb"), client("s3")
    tables.put_item(TableName="bench", Item={"id": {"S": "a"}, "n": {"N": "1"}})
    buckets.create_bucket(Bucket="bench-east")
    buckets.put_bucket_versioning(Bucket="bench-east", VersioningConfiguration={"Status": "Enabled"})
    version = buckets.put_object(Bucket="bench-east", Key="a", Body=b"x" * 500)["VersionId"]
    upload = buckets.create_multipart_upload(Bucket="bench-east", Key="a")["UploadId"]
    return {"Bucket": "bench-east", "Key": "a", "TableName": "bench", "VersionId": version, "UploadId": upload}


def _function(functions: Any, role: str) -> dict[str, str]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", "def handler(event, context):\n    return event\n")
    code = {"ZipFile": packed.getvalue()}
    arn = functions.create_function(
        FunctionName="bench", Runtime="python3.12", Role=role, Handler="app.handler", Code=code
    )["FunctionArn"]
    url = functions.create_function_url_config(FunctionName="bench", AuthType="NONE")["FunctionUrl"]
    for action, more in (("lambda:InvokeFunctionUrl", {"FunctionUrlAuthType": "NONE"}), ("lambda:InvokeFunction", {})):
        statement = action.partition(":")[2]
        functions.add_permission(FunctionName="bench", StatementId=statement, Action=action, Principal="*", **more)
    return {"FunctionName": "bench", "FunctionArn": arn, "Host": url.removeprefix("https://").rstrip("/")}


def _centre(connect: Any, instance: str) -> dict[str, str]:
    hours = connect.create_hours_of_operation(InstanceId=instance, Name="bench", TimeZone="UTC", Config=HOURS)
    queue = connect.create_queue(InstanceId=instance, Name="bench", HoursOfOperationId=hours["HoursOfOperationId"])
    flow = connect.create_contact_flow(InstanceId=instance, Name="bench", Type="CONTACT_FLOW", Content=json.dumps(FLOW))
    return {
        "HoursOfOperationId": hours["HoursOfOperationId"],
        "QueueId": queue["QueueId"],
        "QueueArn": queue["QueueArn"],
        "ContactFlowId": flow["ContactFlowId"],
    }


def _names(client: Any) -> dict[str, str]:
    zones = client("route53").list_hosted_zones()["HostedZones"]
    check = {"Type": "HTTPS", "FullyQualifiedDomainName": "h.example.com", "Port": 443, "ResourcePath": "/"}
    made = client("route53").create_health_check(CallerReference="a", HealthCheckConfig=check)["HealthCheck"]["Id"]
    queue = client("sqs").create_queue(QueueName="bench")["QueueUrl"]
    topic = client("sns").create_topic(Name="bench")["TopicArn"]
    client("logs").create_log_group(logGroupName="bench")
    key = client("kms").create_key()["KeyMetadata"]["KeyId"]
    client("ssm").put_parameter(Name="bench", Value="v", Type="String")
    secret = client("secretsmanager").create_secret(Name="bench", SecretString="s")["ARN"]
    client("cloudwatch").put_metric_alarm(
        AlarmName="bench",
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        MetricName="calls",
        Namespace="bench",
        Statistic="Sum",
        Period=60,
        Threshold=1.0,
    )
    return {
        "HostedZoneId": zones[0]["Id"].rpartition("/")[2],
        "HealthCheckId": made,
        "QueueUrl": queue,
        "TopicArn": topic,
        "KeyId": key,
        "SecretId": secret,
        **dict.fromkeys(("RoleName", "AlarmName", "logGroupName", "Name"), "bench"),
    }
