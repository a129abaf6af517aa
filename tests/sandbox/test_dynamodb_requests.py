"""What DynamoDB refuses in requests for items before it does anything, as AWS does."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox

TABLE = "requests"
SCHEMA: dict[str, Any] = {
    "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "s", "KeyType": "RANGE"}],
    "AttributeDefinitions": [
        {"AttributeName": "p", "AttributeType": "S"},
        {"AttributeName": "s", "AttributeType": "N"},
        {"AttributeName": "g", "AttributeType": "S"},
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by-g",
            "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    "BillingMode": "PAY_PER_REQUEST",
}
KEY = {"p": {"S": "a"}, "s": {"N": "1"}}
OF_A: dict[str, Any] = {"KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": {"S": "a"}}}
OF_G: dict[str, Any] = {
    "IndexName": "by-g",
    "KeyConditionExpression": "g = :g",
    "ExpressionAttributeValues": {":g": {"S": "x"}},
}


@pytest.fixture
def client(sandbox: Sandbox) -> Any:
    """A client, and a table with an index and one item."""
    found = sandbox.client("dynamodb")
    found.create_table(TableName=TABLE, **SCHEMA)
    sandbox.world.scheduler.advance(5)
    found.put_item(TableName=TABLE, Item={**KEY, "g": {"S": "x"}, "n": {"N": "1"}})
    return found


def put(**attributes: Any) -> dict[str, Any]:
    return {"Item": {**KEY, **attributes}}


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("Query", {**OF_A, "ExclusiveStartKey": {"p": {"S": "a"}}}, "The provided starting key is invalid"),
    ("Query", {**OF_G, "ExclusiveStartKey": KEY}, "The provided starting key is invalid"),
    ("Scan", {"ExclusiveStartKey": {"p": {"S": "a"}, "s": {"S": "1"}}}, "The provided starting key is invalid"),
    (
        "Scan",
        {"FilterExpression": "n = :n"},
        "Invalid FilterExpression: An expression attribute value used in expression",
    ),
    ("Scan", {"ProjectionExpression": "#n"}, "An expression attribute name used in the document path is not defined"),
    (
        "Scan",
        {"FilterExpression": "n = :n", "ExpressionAttributeValues": {":n": {"N": "1"}, ":m": {"N": "1"}}},
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {:m}",
    ),
    (
        "Scan",
        {"ProjectionExpression": "n", "ExpressionAttributeNames": {"#n": "n"}},
        "Value provided in ExpressionAttributeNames unused in expressions: keys: {#n}",
    ),
    (
        "GetItem",
        {"Key": KEY, "ExpressionAttributeNames": {"#n": "n"}},
        "ExpressionAttributeNames can only be specified when using expressions",
    ),
    (
        "PutItem",
        {**put(), "ConditionExpression": "n = :n"},
        "Invalid ConditionExpression: An expression attribute value",
    ),
    (
        "Query",
        {
            **OF_A,
            "FilterExpression": "n = :p AND #k = :p",
            "ExpressionAttributeNames": {"#k": "s"},
        },
        "Filter Expression can only contain non-primary key attributes: Primary key attribute: s",
    ),
    ("PutItem", put(g={"N": "1"}), "Type mismatch for Index Key g Expected: S Actual: N IndexName: by-g"),
    ("PutItem", put(x={"SS": ["a", "a"]}), "Input collection [a, a] contains duplicates"),
    ("PutItem", put(x={"L": [{"NS": ["1", "1.0"]}]}), "Input collection [1, 1.0] contains duplicates"),
    ("PutItem", put(x={"M": {"y": {"S": "a", "N": "1"}}}), "has more than one datatypes set"),
    ("PutItem", put(x={}), "Supplied AttributeValue is empty"),
]


@pytest.mark.parametrize(("operation", "params", "message"), REFUSED, ids=[row[2][:40] for row in REFUSED])
def test_what_is_wrong_is_named(client: Any, operation: str, params: dict[str, Any], message: str) -> None:
    """A ValidationException in AWS's words, and nothing is written."""
    with pytest.raises(ClientError) as refused:
        client._make_api_call(operation, {"TableName": TABLE, **params})
    error = refused.value.response["Error"]
    assert (error["Code"], message in error["Message"]) == ("ValidationException", True), error
    assert client.get_item(TableName=TABLE, Key=KEY)["Item"]["n"] == {"N": "1"}


def test_a_key_is_written_once_in_a_batch(client: Any) -> None:
    """A put and a delete of one key would leave it to chance which is the last; equal numbers are one key."""
    writes = [{"PutRequest": put()}, {"DeleteRequest": {"Key": {**KEY, "s": {"N": "1.0"}}}}]
    with pytest.raises(ClientError, match="Provided list of item keys contains duplicates"):
        client.batch_write_item(RequestItems={TABLE: writes})
    assert client.get_item(TableName=TABLE, Key=KEY)["Item"]["n"] == {"N": "1"}


def test_what_is_judged_in_a_transaction_is_each_of_its_items(client: Any) -> None:
    """The placeholders of one item do not count for another."""
    items = [
        {"Put": {"TableName": TABLE, **put(s={"N": "2"})}},
        {"Delete": {"TableName": TABLE, "Key": KEY, "ConditionExpression": "n = :n"}},
    ]
    with pytest.raises(ClientError, match="attribute value: :n"):
        client.transact_write_items(TransactItems=items)
    assert client.scan(TableName=TABLE)["Count"] == 1


def test_what_is_right_is_let_through(client: Any) -> None:
    """Functions, nested paths, keys of the table in a filter on an index, and pages by an index."""
    filters = {
        "FilterExpression": "size(p) > :one OR m.g = :one OR (begins_with(p, :a) AND #s BETWEEN :one AND :one)",
        "ExpressionAttributeNames": {"#s": "s"},
        "ExpressionAttributeValues": {":g": {"S": "x"}, ":one": {"N": "1"}, ":a": {"S": "a"}},
    }
    assert client.query(TableName=TABLE, **{**OF_G, **filters})["Count"] == 1
    client.put_item(TableName=TABLE, Item={**KEY, "s": {"N": "2"}, "g": {"S": "x"}})
    pages = client.get_paginator("query").paginate(TableName=TABLE, PaginationConfig={"PageSize": 1}, **OF_G)
    assert sum(page["Count"] for page in pages) == 2


def test_a_table_with_an_index_gets_a_replica(sandbox: Sandbox, client: Any) -> None:
    """The replica has the index too, and one that was added, whose update names its own attribute alone."""
    added = {"IndexName": "by-h", "KeySchema": [{"AttributeName": "h", "KeyType": "HASH"}]}
    client.update_table(
        TableName=TABLE,
        AttributeDefinitions=[{"AttributeName": "h", "AttributeType": "S"}],
        GlobalSecondaryIndexUpdates=[{"Create": {**added, "Projection": {"ProjectionType": "ALL"}}}],
    )
    client.update_table(TableName=TABLE, ReplicaUpdates=[{"Create": {"RegionName": "us-west-2"}}])
    sandbox.world.scheduler.advance(700)
    found = sandbox.client("dynamodb", "us-west-2").describe_table(TableName=TABLE)["Table"]
    assert [one["IndexName"] for one in found["GlobalSecondaryIndexes"]] == ["by-g", "by-h"]


def test_what_is_not_understood_says_so(client: Any) -> None:
    """An expression that moto trips over is no failure of the server, which clients would repeat: 501 with a reason."""
    values = {":p": {"S": "a"}, ":one": {"N": "1"}}
    asked = {**OF_A, "FilterExpression": "size(n.s) > :one", "ExpressionAttributeValues": values}
    with pytest.raises(ClientError) as refused:
        client.query(TableName=TABLE, **asked)
    answer = refused.value.response
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == ("NotModelled", 501)
