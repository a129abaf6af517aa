"""The server as AWS clients see it: regions, accounts, gaps that are named, many clients at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox
from tests.waits import PATIENCE_SECONDS
from tests.worlds import trusted

TABLE = {
    "TableName": "customers",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
CLIENTS = 50
ADDITIONS = 12


def test_any_key_is_the_one_account(sandbox: Sandbox) -> None:
    """Whoever asks is account 123456789012."""
    assert sandbox.client("sts", "eu-west-2").get_caller_identity()["Account"] == "123456789012"


@pytest.mark.parametrize(
    ("service", "method", "params"),
    [
        ("connect", "list_traffic_distribution_groups", {"InstanceId": "11111111-2222-3333-4444-555555555555"}),
        ("route53", "list_traffic_policies", {}),
        ("dynamodb", "describe_global_table", {"GlobalTableName": "customers"}),
        ("iam", "get_context_keys_for_principal_policy", {"PolicySourceArn": "arn:aws:iam::123456789012:role/aaaa"}),
        ("cloudwatch", "put_composite_alarm", {"AlarmName": "a", "AlarmRule": "ALARM(b)"}),
        ("lambda", "get_function_recursion_config", {"FunctionName": "f"}),
        ("s3", "put_bucket_request_payment", {"Bucket": "b", "RequestPaymentConfiguration": {"Payer": "Requester"}}),
        ("health", "describe_events", {}),
        ("arc-zonal-shift", "list_zonal_shifts", {}),
    ],
)
def test_what_is_not_modelled_is_named(sandbox: Sandbox, service: str, method: str, params: dict[str, Any]) -> None:
    """An operation that the sandbox lacks is a 501 with its service and name, in the service's own protocol."""
    client = sandbox.client(service)
    with pytest.raises(ClientError) as refused:
        getattr(client, method)(**params)
    operation = client.meta.method_to_api_mapping[method]
    answer = refused.value.response
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == ("NotModelled", 501)
    assert f"{service}:{operation}" in answer["Error"]["Message"]


def test_the_region_is_the_one_signed_for(sandbox: Sandbox) -> None:
    """A region named in the user agent, which moto would follow, does not move what goes to moto as it came."""
    client = sandbox.client("logs", "us-east-1")
    client.meta.events.register("before-sign", _claim_another_region)
    client.create_log_group(logGroupName="calls")
    groups = {
        region: [one["logGroupName"] for one in sandbox.client("logs", region).describe_log_groups()["logGroups"]]
        for region in ("us-east-1", "us-west-2")
    }
    assert groups == {"us-east-1": ["calls"], "us-west-2": []}


def _claim_another_region(request: Any, **_: Any) -> None:
    request.headers["User-Agent"] = "agent region/us-west-2"


def test_objects_keep_their_names_and_metadata(sandbox: Sandbox) -> None:
    """Slashes, escapes and spaces in a key, and underscores in metadata, come back as they were put."""
    client, key = sandbox.client("s3"), "calls/2026 a%2Fb+c.wav"
    client.create_bucket(Bucket="recordings-1")
    client.put_object(Bucket="recordings-1", Key=key, Body=b"voice", Metadata={"contact_id": "7", "b-c": "8"})
    found = client.get_object(Bucket="recordings-1", Key=key)
    assert (found["Body"].read(), found["Metadata"]) == (b"voice", {"contact_id": "7", "b-c": "8"})
    assert [one["Key"] for one in client.list_objects_v2(Bucket="recordings-1")["Contents"]] == [key]
    assert client.head_object(Bucket="recordings-1", Key=key)["ContentLength"] == 5


def test_no_write_is_lost_among_many_clients(sandbox: Sandbox) -> None:
    """Fifty clients with connections of their own add to one counter, and each addition counts (moto alone loses some)."""
    sandbox.client("dynamodb").create_table(**TABLE)
    sandbox.world.clock.advance(5)
    clients = [sandbox.client("dynamodb") for _ in range(CLIENTS)]

    def add(client: Any) -> None:
        for _ in range(ADDITIONS):
            client.update_item(
                TableName="customers",
                Key={"id": {"S": "n"}},
                UpdateExpression="ADD calls :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(add, clients))
    found = clients[0].get_item(TableName="customers", Key={"id": {"S": "n"}})["Item"]
    assert found["calls"] == {"N": str(CLIENTS * ADDITIONS)}


def test_connections_stay_open(sandbox: Sandbox) -> None:
    """More clients than worker threads keep their connections and are all answered, twice."""
    connections = [HTTPConnection("127.0.0.1", sandbox.running.port, timeout=PATIENCE_SECONDS) for _ in range(CLIENTS)]
    sockets = []
    for _ in range(2):
        for connection in connections:
            connection.request("GET", "/_sandbox/health", headers=trusted(sandbox.running))
            answer = connection.getresponse()
            assert (answer.status, answer.version) == (200, 11)
            answer.read()
            assert connection.sock is not None, "the server closed the connection after its answer"
        sockets.append([connection.sock for connection in connections])
    assert sockets[0] == sockets[1]
    for connection in connections:
        connection.close()


def test_a_reset_leaves_an_empty_account(sandbox: Sandbox) -> None:
    """After a reset neither simulated services nor moto remember anything."""
    sandbox.client("dynamodb").create_table(**TABLE)
    sandbox.client("s3").create_bucket(Bucket="recordings-1")
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sandbox.client("iam").create_role(RoleName="lambda", AssumeRolePolicyDocument=trust)
    connect = sandbox.client("connect", "us-west-2")
    connect.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="a-name",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )
    sandbox.running.reset()
    assert sandbox.client("dynamodb").list_tables()["TableNames"] == []
    assert sandbox.client("s3").list_buckets()["Buckets"] == []
    assert sandbox.client("iam").list_roles()["Roles"] == []
    assert connect.list_instances()["InstanceSummaryList"] == []


def test_a_gap_in_moto_does_not_destroy_a_bucket(sandbox: Sandbox) -> None:
    """Deleting a bucket's metrics configuration, which moto would take for deleting the bucket, leaves the bucket there."""
    client = sandbox.client("s3")
    client.create_bucket(Bucket="recordings-1")
    with pytest.raises(ClientError, match="NotModelled"):
        client.delete_bucket_metrics_configuration(Bucket="recordings-1", Id="all")
    assert [one["Name"] for one in client.list_buckets()["Buckets"]] == ["recordings-1"]


def test_the_aws_cli_works_with_nothing_but_the_endpoint(sandbox: Sandbox, tmp_path: Path) -> None:
    """`aws` with AWS_ENDPOINT_URL set lists the tables of the region it asks for."""
    sandbox.client("dynamodb", "eu-west-2").create_table(**TABLE)
    environment = {
        **os.environ,
        "AWS_ENDPOINT_URL": sandbox.endpoint,
        "AWS_ACCESS_KEY_ID": "any",
        "AWS_SECRET_ACCESS_KEY": "any",
        "AWS_DEFAULT_REGION": "eu-west-2",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "NO_PROXY": "127.0.0.1",
    }
    aws = Path(sys.executable).with_name("aws")
    command = [str(aws), "dynamodb", "list-tables", "--output", "text", "--query", "TableNames"]
    found = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )
    assert (found.stdout.strip(), found.stderr) == ("customers", "")
