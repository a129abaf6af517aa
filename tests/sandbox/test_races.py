"""The races that plain moto loses (moto.md 2.2), and others like them, have exactly one winner each here, and no addition is lost.

By the rows of that section: additions, optimistic lock, transactions that create, conditional creates, If-None-Match, roles.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox

THREADS = 16
ROUNDS = 20
TABLE = "races"
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


def winners(attempts: list[Callable[[], object]], refusals: tuple[str, ...]) -> int:
    """How many of these succeed when all are made at once; whatever fails must fail with one of the refusals."""
    begin = threading.Barrier(len(attempts))
    won, wrong = [], []

    def run(attempt: Callable[[], object]) -> None:
        begin.wait()
        try:
            attempt()
            won.append(1)
        except ClientError as error:
            if error.response["Error"]["Code"] not in refusals:
                wrong.append(error)

    threads = [threading.Thread(target=run, args=(attempt,)) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    return len(won)


def each(clients: Iterable[Any], act: Callable[[Any], object]) -> list[Callable[[], object]]:
    """The same attempt by each."""
    return [partial(act, client) for client in clients]


@pytest.fixture
def clients(sandbox: Sandbox) -> list[Any]:
    """The client of each thread, which has a connection for each of them, and an active table."""
    made = [sandbox.client("dynamodb")] * THREADS
    made[0].create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    sandbox.world.scheduler.advance(60)
    return made


def test_no_addition_is_lost(clients: list[Any]) -> None:
    """Of what sixteen add to one number at once, all is in it."""

    def add(client: Any) -> None:
        client.update_item(
            TableName=TABLE,
            Key={"id": {"S": "sum"}},
            UpdateExpression="ADD n :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    for _ in range(ROUNDS):
        assert winners(each(clients, add), ()) == THREADS
    item = clients[0].get_item(TableName=TABLE, Key={"id": {"S": "sum"}})["Item"]
    assert item["n"] == {"N": str(THREADS * ROUNDS)}


def test_an_optimistic_lock_has_one_winner(clients: list[Any]) -> None:
    """Of sixteen who raise the same version, one does."""
    clients[0].put_item(TableName=TABLE, Item={"id": {"S": "lock"}, "version": {"N": "0"}})
    for version in range(ROUNDS):

        def raise_version(client: Any, seen: int = version) -> None:
            client.update_item(
                TableName=TABLE,
                Key={"id": {"S": "lock"}},
                UpdateExpression="SET version = :next",
                ConditionExpression="version = :seen",
                ExpressionAttributeValues={":next": {"N": str(seen + 1)}, ":seen": {"N": str(seen)}},
            )

        attempts = each(clients, raise_version)
        assert winners(attempts, ("ConditionalCheckFailedException",)) == 1


def test_a_transaction_that_creates_has_one_winner(clients: list[Any]) -> None:
    """Of sixteen transactions that create the same item and count it, one does, and the count is one."""
    for number in range(ROUNDS):

        def create(client: Any, key: str = f"made-{number}") -> None:
            put = {"TableName": TABLE, "Item": {"id": {"S": key}}, "ConditionExpression": "attribute_not_exists(id)"}
            count = {
                "TableName": TABLE,
                "Key": {"id": {"S": f"count-{key}"}},
                "UpdateExpression": "ADD n :one",
                "ExpressionAttributeValues": {":one": {"N": "1"}},
            }
            client.transact_write_items(TransactItems=[{"Put": put}, {"Update": count}])

        attempts = each(clients, create)
        assert winners(attempts, ("TransactionCanceledException", "TransactionConflictException")) == 1
        item = clients[0].get_item(TableName=TABLE, Key={"id": {"S": f"count-made-{number}"}})["Item"]
        assert item["n"] == {"N": "1"}


def test_a_conditional_creation_has_one_winner(clients: list[Any]) -> None:
    """Of sixteen who put an item that must not be there, one does."""
    for number in range(ROUNDS):
        item = {"id": {"S": f"new-{number}"}}

        def create(client: Any, wanted: Any = item) -> None:
            client.put_item(TableName=TABLE, Item=wanted, ConditionExpression="attribute_not_exists(id)")

        attempts = each(clients, create)
        assert winners(attempts, ("ConditionalCheckFailedException",)) == 1


def test_an_object_that_must_not_be_there_has_one_writer(sandbox: Sandbox) -> None:
    """If-None-Match: of sixteen, one writes; the others get 412 or 409."""
    made = [sandbox.client("s3")] * THREADS
    made[0].create_bucket(Bucket="races-bucket")
    for number in range(ROUNDS):

        def create(client: Any, key: str = f"k{number}") -> None:
            client.put_object(Bucket="races-bucket", Key=key, Body=b"mine", IfNoneMatch="*")

        attempts = each(made, create)
        assert winners(attempts, ("PreconditionFailed", "ConditionalRequestConflict")) == 1


def test_a_role_is_created_once(sandbox: Sandbox) -> None:
    """Of sixteen who create the same role, one does."""
    made = [sandbox.client("iam")] * THREADS
    principal = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [principal]})
    for number in range(ROUNDS):

        def create(client: Any, name: str = f"role-{number}") -> None:
            client.create_role(RoleName=name, AssumeRolePolicyDocument=trust)

        attempts = each(made, create)
        assert winners(attempts, ("EntityAlreadyExists",)) == 1


def test_an_object_that_must_be_unchanged_has_one_writer(sandbox: Sandbox) -> None:
    """If-Match: of sixteen who replace the version they have seen, one does; the others get 412 or 409."""
    made = [sandbox.client("s3")] * THREADS
    made[0].create_bucket(Bucket="races-bucket")
    seen = made[0].put_object(Bucket="races-bucket", Key="lock", Body=b"first")["ETag"]
    for number in range(ROUNDS):

        def replace(place: int, etag: str = seen, turn: int = number) -> None:
            made[place].put_object(Bucket="races-bucket", Key="lock", Body=f"{turn} {place}".encode(), IfMatch=etag)

        attempts = each(range(THREADS), replace)
        assert winners(attempts, ("PreconditionFailed", "ConditionalRequestConflict")) == 1
        seen = made[0].head_object(Bucket="races-bucket", Key="lock")["ETag"]


RECORD = {"Name": "a.example.org", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
CREATIONS: list[tuple[str, str, dict[str, Any], str]] = [
    (
        "dynamodb",
        "create_table",
        {
            "TableName": "same",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST",
        },
        "ResourceInUseException",
    ),
    (
        "s3",
        "create_bucket",
        {"Bucket": "same-bucket", "CreateBucketConfiguration": {"LocationConstraint": "us-west-2"}},
        "BucketAlreadyOwnedByYou",
    ),
    ("iam", "create_policy", {"PolicyName": "same", "PolicyDocument": json.dumps(POLICY)}, "EntityAlreadyExists"),
    ("route53", "create_hosted_zone", {"Name": "example.org", "CallerReference": "same"}, "HostedZoneAlreadyExists"),
    ("logs", "create_log_group", {"logGroupName": "same"}, "ResourceAlreadyExistsException"),
]


@pytest.mark.parametrize(("service", "method", "params", "refusal"), CREATIONS, ids=lambda value: str(value)[:24])
def test_a_name_is_taken_once(
    sandbox: Sandbox, service: str, method: str, params: dict[str, Any], refusal: str
) -> None:
    """Of sixteen who create a thing of the same name, one does; the others are told that it is there."""
    made = [sandbox.client(service, "us-west-2")] * THREADS
    attempts: list[Callable[[], object]] = [partial(getattr(client, method), **params) for client in made]
    assert winners(attempts, (refusal,)) == 1


def test_a_record_is_created_once(sandbox: Sandbox) -> None:
    """Of sixteen who CREATE the same record, one does."""
    made = [sandbox.client("route53")] * THREADS
    zone = made[0].create_hosted_zone(Name="example.org", CallerReference="races")["HostedZone"]["Id"]
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": RECORD}]}

    def create(client: Any) -> None:
        client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)

    assert winners(each(made, create), ("InvalidChangeBatch",)) == 1


def test_hours_of_a_name_are_created_once(sandbox: Sandbox) -> None:
    """Of sixteen who create the same hours of operation, one does; the others find the name taken."""
    made = [sandbox.client("connect")] * THREADS
    alias = {"IdentityManagementType": "CONNECT_MANAGED", "InstanceAlias": "races-of-many"}
    instance = made[0].create_instance(**alias, InboundCallsEnabled=True, OutboundCallsEnabled=True)["Id"]
    sandbox.world.scheduler.advance(600)
    day = {"Day": "MONDAY", "StartTime": {"Hours": 8, "Minutes": 0}, "EndTime": {"Hours": 9, "Minutes": 0}}

    def create(client: Any) -> None:
        client.create_hours_of_operation(InstanceId=instance, Name="same", TimeZone="UTC", Config=[day])

    assert winners(each(made, create), ("DuplicateResourceException",)) == 1
