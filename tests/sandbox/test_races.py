"""The races that plain moto loses (moto.md 2.2) have exactly one winner each here, and no addition is lost.

Lost additions to one item: test_dynamodb_outage.py, six hundred by sixteen threads.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox

THREADS = 16
ROUNDS = 20
TABLE = "races"


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


@pytest.fixture
def clients(sandbox: Sandbox) -> Iterator[list[Any]]:
    """A client for each thread, and an active table."""
    made = [sandbox.client("dynamodb") for _ in range(THREADS)]
    made[0].create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    sandbox.world.agenda.advance(60)
    yield made
    for client in made:
        client.close()


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

        attempts = [lambda client=client, act=raise_version: act(client) for client in clients]
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

        attempts = [lambda client=client, act=create: act(client) for client in clients]
        assert winners(attempts, ("TransactionCanceledException", "TransactionConflictException")) == 1
        item = clients[0].get_item(TableName=TABLE, Key={"id": {"S": f"count-made-{number}"}})["Item"]
        assert item["n"] == {"N": "1"}


def test_a_conditional_creation_has_one_winner(clients: list[Any]) -> None:
    """Of sixteen who put an item that must not be there, one does."""
    for number in range(ROUNDS):
        item = {"id": {"S": f"new-{number}"}}

        def create(client: Any, wanted: Any = item) -> None:
            client.put_item(TableName=TABLE, Item=wanted, ConditionExpression="attribute_not_exists(id)")

        attempts = [lambda client=client, act=create: act(client) for client in clients]
        assert winners(attempts, ("ConditionalCheckFailedException",)) == 1


def test_an_object_that_must_not_be_there_has_one_writer(sandbox: Sandbox) -> None:
    """If-None-Match: of sixteen, one writes; the others get 412 or 409."""
    made = [sandbox.client("s3") for _ in range(THREADS)]
    made[0].create_bucket(Bucket="races-bucket")
    for number in range(ROUNDS):

        def create(client: Any, key: str = f"k{number}") -> None:
            client.put_object(Bucket="races-bucket", Key=key, Body=b"mine", IfNoneMatch="*")

        attempts = [lambda client=client, act=create: act(client) for client in made]
        assert winners(attempts, ("PreconditionFailed", "ConditionalRequestConflict")) == 1


def test_a_role_is_created_once(sandbox: Sandbox) -> None:
    """Of sixteen who create the same role, one does."""
    made = [sandbox.client("iam") for _ in range(THREADS)]
    principal = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [principal]})
    for number in range(ROUNDS):

        def create(client: Any, name: str = f"role-{number}") -> None:
            client.create_role(RoleName=name, AssumeRolePolicyDocument=trust)

        attempts = [lambda client=client, act=create: act(client) for client in made]
        assert winners(attempts, ("EntityAlreadyExists",)) == 1
