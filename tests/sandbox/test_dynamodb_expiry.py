"""Items whose time to live is over are deleted by the world's clock, in every region, and the stream says by whom."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.sandbox.dynamodb.expiry import OLDEST_SECONDS, PERIOD_SECONDS
from sbctl.sandbox.faults.fault import Fault
from tests.sandbox.conftest import Sandbox
from tests.sandbox.global_tables import EAST, TABLE, WEST, GlobalTable

DAY = 86_400


@pytest.fixture
def table(sandbox: Sandbox) -> GlobalTable:
    """A table in two regions, with time to live and an item that ends in a day, and some that do not."""
    made = GlobalTable(sandbox, (EAST, WEST)).create()
    wish = {"Enabled": True, "AttributeName": "until"}
    client = made.client(EAST)
    client.update_time_to_live(TableName=TABLE, TimeToLiveSpecification=wish)
    now = sandbox.world.clock.seconds()
    ends: dict[str, Any] = {
        "tomorrow": {"N": str(int(now) + DAY)},
        "later": {"N": str(int(now) + 10 * DAY)},
        "text": {"S": str(int(now))},
        "ages ago": {"N": str(int(now - OLDEST_SECONDS) - DAY)},
    }
    for name, until in ends.items():
        client.put_item(TableName=TABLE, Item={"id": {"S": name}, "until": until})
    client.put_item(TableName=TABLE, Item={"id": {"S": "none"}})
    made.pass_time(30)
    return made


def ids(table: GlobalTable, region: str) -> set[str]:
    return {item["id"]["S"] for item in table.client(region).scan(TableName=TABLE)["Items"]}


def removals(table: GlobalTable, region: str) -> list[dict[str, Any]]:
    """The records of deletions in a region's stream."""
    client = table.client(region, "dynamodbstreams")
    arn = table.client(region).describe_table(TableName=TABLE)["Table"]["LatestStreamArn"]
    shard = client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    where = client.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    records = client.get_records(ShardIterator=where)["Records"]
    return [record for record in records if record["eventName"] == "REMOVE"]


def test_an_item_goes_when_its_time_is_over(table: GlobalTable) -> None:
    """Only the one whose time is over, not before it is, in both regions; numbers that are none and ages are no times."""
    everything = {"tomorrow", "later", "text", "ages ago", "none"}
    table.pass_time(DAY - 2 * PERIOD_SECONDS)
    assert ids(table, EAST) == ids(table, WEST) == everything
    table.pass_time(4 * PERIOD_SECONDS)
    assert ids(table, EAST) == ids(table, WEST) == everything - {"tomorrow"}
    by = [record.get("userIdentity") for record in removals(table, EAST)]
    assert by == [{"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}]


def test_nothing_expires_in_a_region_that_is_down(sandbox: Sandbox, table: GlobalTable) -> None:
    """It does once the region is back."""
    for region in (EAST, WEST):
        sandbox.world.faults.add(Fault("", "down", region))
    table.pass_time(2 * DAY)
    sandbox.world.faults.heal(region=EAST)
    assert "tomorrow" in ids(table, EAST)
    table.pass_time(2 * PERIOD_SECONDS)
    assert "tomorrow" not in ids(table, EAST)
    sandbox.world.faults.heal()
    table.pass_time(2 * PERIOD_SECONDS)
    assert ids(table, WEST) == ids(table, EAST)


def test_expiry_goes_on_after_a_reset(sandbox: Sandbox) -> None:
    """A new account has it as well."""
    sandbox.running.reset()
    client = sandbox.client("dynamodb")
    made = GlobalTable(sandbox, (EAST,)).create()
    client.update_time_to_live(TableName=TABLE, TimeToLiveSpecification={"Enabled": True, "AttributeName": "until"})
    client.put_item(TableName=TABLE, Item={"id": {"S": "a"}, "until": {"N": str(int(sandbox.world.clock.seconds()))}})
    made.pass_time(2 * PERIOD_SECONDS)
    assert ids(made, EAST) == set()
