"""What is told about replication and what can be set: the lag, the backlog, the metric, and the one TTL of all replicas."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sbctl.sandbox.dynamodb.lag import TableLag
from sbctl.sandbox.http.control import control
from sbctl.sandbox.wire.identify import Request
from tests.sandbox.conftest import Sandbox
from tests.sandbox.global_tables import EAST, EUROPE, TABLE, WEST, GlobalTable


@pytest.fixture
def table(sandbox: Sandbox) -> GlobalTable:
    """An empty table in two regions."""
    return GlobalTable(sandbox, (EAST, WEST)).create()


def asked(table: GlobalTable, method: str, body: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
    """One control request on replication."""
    return control(table.world, Request(method, "/_sandbox/replication", "", {}, json.dumps(body or {}).encode()))


def latencies(table: GlobalTable, region: str, target: str) -> list[dict[str, Any]]:
    """What CloudWatch of a region has of the way to another."""
    return figures(table, region, "ReplicationLatency", {"Name": "ReceivingRegion", "Value": target})


def figures(table: GlobalTable, region: str, metric: str, *dimensions: dict[str, str]) -> list[dict[str, Any]]:
    """A metric of the table in a region's CloudWatch."""
    now = table.world.clock.now()
    found: list[dict[str, Any]] = table.client(region, "cloudwatch").get_metric_statistics(
        Namespace="AWS/DynamoDB",
        MetricName=metric,
        Dimensions=[{"Name": "TableName", "Value": TABLE}, *dimensions],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(hours=1),
        Period=60,
        Statistics=["Average", "Minimum", "Maximum", "Sum", "SampleCount"],
    )["Datapoints"]
    return found


def test_lags_vary_round_their_mean_and_repeat_with_their_seed() -> None:
    """No lag is negative, hardly two are alike, and a run can be repeated."""
    lag = TableLag(mean=2.0, jitter=0.5)
    drawn = [lag.draw() for _ in range(2000)]
    assert min(drawn) > 0
    assert 1.9 < sum(drawn) / len(drawn) < 2.1
    assert len(set(drawn)) == len(drawn)
    again = TableLag(mean=2.0, jitter=0.5)
    assert [again.draw() for _ in range(2000)] == drawn


@pytest.mark.parametrize(("mean", "jitter", "lag"), [(0.0, 0.4, 0.0), (3.0, 0.0, 3.0)])
def test_a_lag_may_be_nothing_or_constant(mean: float, jitter: float, lag: float) -> None:
    """Without a mean there is no lag, without jitter there is no variation."""
    assert TableLag(mean, jitter).draw() == lag


def test_the_lag_is_set_while_the_sandbox_runs(table: GlobalTable) -> None:
    """It holds for what is written from then on, and each number may be set alone."""
    status, found = asked(table, "POST", {"service": "dynamodb", "lag_seconds": 20, "jitter": 0})
    assert (status, found["dynamodb"]["lag_seconds"], found["dynamodb"]["jitter"]) == (200, 20.0, 0.0)
    table.put(EAST, "a", "1")
    asked(table, "POST", {"service": "dynamodb", "lag_seconds": 1})
    table.put(EAST, "b", "1")
    table.pass_time(10)
    assert (table.value(WEST, "a"), table.value(WEST, "b")) == (None, "1")
    found = json.loads(json.dumps(asked(table, "GET")[1]))
    [entry] = found["dynamodb"]["backlog"]
    assert (entry["table"], entry["source"], entry["target"], entry["pending"]) == (TABLE, EAST, WEST, 1)
    assert entry["oldest_seconds"] >= 10


def test_copies_of_objects_have_a_lag_of_their_own(table: GlobalTable) -> None:
    """The same action sets it for S3, and leaves the tables alone."""
    before = asked(table, "GET")[1]
    after = asked(table, "POST", {"service": "s3", "lag_seconds": 42})[1]
    assert after["s3"]["lag_seconds"] == 42
    assert after["dynamodb"] == before["dynamodb"]
    asked(table, "POST", {"service": "s3", "lag_seconds": before["s3"]["lag_seconds"]})


@pytest.mark.parametrize(
    "body",
    [
        {"lag_seconds": 1},
        {"service": "iam", "lag_seconds": 1},
        {"service": "dynamodb"},
        {"service": "dynamodb", "lag_seconds": -1},
        {"service": "dynamodb", "lag_seconds": True},
        {"service": "dynamodb", "jitter": "0.5"},
    ],
)
def test_a_wrong_wish_is_refused(table: GlobalTable, body: dict[str, Any]) -> None:
    """An unknown service and what is no number of seconds are refused and change nothing."""
    before = asked(table, "GET")
    assert asked(table, "POST", body)[0] == 400
    assert asked(table, "GET") == before


def test_latency_is_published_in_the_source_once_a_minute(table: GlobalTable) -> None:
    """In milliseconds, by table and receiving region, as one datum for all writes of a minute, and nowhere else."""
    table.slow(2)
    for key in "abc":
        table.put(EAST, key, "1")
    table.pass_time(50)
    assert latencies(table, EAST, WEST) == []
    table.pass_time(30)
    [datum] = latencies(table, EAST, WEST)
    assert (datum["SampleCount"], datum["Unit"]) == (3, "Milliseconds")
    # in milliseconds, of seconds since 1970: the last digits are not exact
    assert 2000 - 0.01 <= datum["Minimum"] <= datum["Average"] <= datum["Maximum"]
    assert latencies(table, WEST, WEST) == latencies(table, WEST, EAST) == []


def test_writes_are_counted_where_they_are_made(table: GlobalTable) -> None:
    """A sample a request and a unit an item, in the region that was written in; arrivals by replication are no requests."""
    for key in "abc":
        table.put(EAST, key, "1")
    table.pass_time(70)
    [datum] = figures(table, EAST, "ConsumedWriteCapacityUnits")
    assert (datum["SampleCount"], datum["Sum"], datum["Unit"]) == (3, 3, "Count")
    assert figures(table, WEST, "ConsumedWriteCapacityUnits") == []


def test_an_idle_table_publishes_no_latency(table: GlobalTable) -> None:
    """Only writes that replicate have a latency, so the metric falls silent with them."""
    table.put(EAST, "a", "1")
    table.pass_time(120)
    before = latencies(table, EAST, WEST)
    table.pass_time(600)
    assert latencies(table, EAST, WEST) == before


def test_expiry_is_one_setting_of_all_replicas(table: GlobalTable) -> None:
    """Set in any region it holds in all, in those that come later too; setting it again is refused."""
    wish = {"Enabled": True, "AttributeName": "until"}
    table.client(WEST).update_time_to_live(TableName=TABLE, TimeToLiveSpecification=wish)
    with pytest.raises(ClientError, match="TimeToLive is already enabled"):
        table.client(EAST).update_time_to_live(TableName=TABLE, TimeToLiveSpecification=wish)
    table.add_replica(EUROPE)
    table.pass_time(60)
    for region in (EAST, WEST, EUROPE):
        found = table.client(region).describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"]
        assert found == {"TimeToLiveStatus": "ENABLED", "AttributeName": "until"}


def test_an_index_is_one_of_all_replicas_and_protection_is_each_ones_own(table: GlobalTable) -> None:
    """An index that is made in one region answers in the other; deletion protection stays where it was set."""
    table.put(EAST, "a", "1")
    table.pass_time()
    index = {
        "IndexName": "by-value",
        "KeySchema": [{"AttributeName": "value", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    attributes = [{"AttributeName": name, "AttributeType": "S"} for name in ("id", "value")]
    updates = [{"Create": index}]
    client = table.client(EAST)
    client.update_table(TableName=TABLE, AttributeDefinitions=attributes, GlobalSecondaryIndexUpdates=updates)
    client.update_table(TableName=TABLE, DeletionProtectionEnabled=True)
    found = table.client(WEST).query(
        TableName=TABLE,
        IndexName="by-value",
        KeyConditionExpression="#v = :v",
        ExpressionAttributeNames={"#v": "value"},
        ExpressionAttributeValues={":v": {"S": "1"}},
    )["Items"]
    assert [item["id"]["S"] for item in found] == ["a"]
    described = table.client(WEST).describe_table(TableName=TABLE)["Table"]
    assert described["DeletionProtectionEnabled"] is False


def test_a_table_that_is_being_made_has_no_items_yet(sandbox: Sandbox) -> None:
    """AWS allows reads and writes of items only when the table is ACTIVE."""
    client = sandbox.client("dynamodb", EAST)
    client.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.put_item(TableName=TABLE, Item={"id": {"S": "a"}})
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.get_item(TableName=TABLE, Key={"id": {"S": "a"}})


def test_a_table_with_an_index_gets_replicas_with_it(sandbox: Sandbox) -> None:
    """The index is there in the new region as it was asked for in the first."""
    east, west = sandbox.client("dynamodb", EAST), sandbox.client("dynamodb", WEST)
    keys = [{"AttributeName": "id", "KeyType": "HASH"}]
    index = {"IndexName": "by-owner", "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}]}
    east.create_table(
        TableName=TABLE,
        KeySchema=keys,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("id", "owner")],
        GlobalSecondaryIndexes=[{**index, "Projection": {"ProjectionType": "ALL"}}],
        BillingMode="PAY_PER_REQUEST",
    )
    sandbox.world.scheduler.advance(5)
    east.update_table(TableName=TABLE, ReplicaUpdates=[{"Create": {"RegionName": WEST}}])
    sandbox.world.scheduler.advance(700)
    [found] = west.describe_table(TableName=TABLE)["Table"]["GlobalSecondaryIndexes"]
    assert {name: found[name] for name in index} == index
