"""Items of a global table: every write reaches every replica after a lag, and the last one wins."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox
from tests.sandbox.global_tables import EAST, EUROPE, TABLE, WEST, GlobalTable


@pytest.fixture
def table(sandbox: Sandbox) -> GlobalTable:
    """An empty table in three regions."""
    return GlobalTable(sandbox, (EAST, WEST, EUROPE)).create()


def test_a_write_is_read_elsewhere_after_its_lag_and_not_before(table: GlobalTable) -> None:
    """The lag is the world's time, and what is set holds."""
    table.slow(20)
    table.put(EAST, "a", "1")
    table.pass_time(19)
    assert table.values("a") == ["1", None, None]
    table.pass_time(2)
    assert table.values("a") == ["1", "1", "1"]


@pytest.mark.parametrize("region", [EAST, WEST, EUROPE])
def test_each_replica_takes_writes(table: GlobalTable, region: str) -> None:
    """No replica is more than another: a write in any of them reaches all, and is not passed on by those it reached."""
    table.put(region, "a", "1")
    assert table.waiting() == 2
    table.pass_time()
    assert table.values("a") == ["1", "1", "1"]
    assert table.waiting() == 0


def write_by_put(client: Any) -> None:
    client.put_item(TableName=TABLE, Item={"id": {"S": "a"}, "value": {"S": "new"}})


def write_by_update(client: Any) -> None:
    client.update_item(
        TableName=TABLE,
        Key={"id": {"S": "a"}},
        UpdateExpression="SET #v = :v",
        ExpressionAttributeNames={"#v": "value"},
        ExpressionAttributeValues={":v": {"S": "new"}},
    )


def write_by_batch(client: Any) -> None:
    item = {"id": {"S": "a"}, "value": {"S": "new"}}
    client.batch_write_item(RequestItems={TABLE: [{"PutRequest": {"Item": item}}]})


def write_by_transaction(client: Any) -> None:
    item = {"id": {"S": "a"}, "value": {"S": "new"}}
    client.transact_write_items(TransactItems=[{"Put": {"TableName": TABLE, "Item": item}}])


def write_by_statement(client: Any) -> None:
    client.execute_statement(Statement=f"INSERT INTO \"{TABLE}\" VALUE {{'id': 'a', 'value': 'new'}}")


@pytest.mark.parametrize(
    "write", [write_by_put, write_by_update, write_by_batch, write_by_transaction, write_by_statement]
)
def test_each_way_of_writing_replicates(table: GlobalTable, write: Any) -> None:
    """Whole items, updates, batches, transactions and PartiQL end up the same everywhere, as one insertion."""
    write(table.client(WEST))
    table.pass_time()
    assert table.values("a") == ["new", "new", "new"]
    assert [table.events(region) for region in table.regions] == [["INSERT a"]] * 3


def test_a_deletion_replicates(table: GlobalTable) -> None:
    """An item deleted in one region is gone in all, by request, batch and transaction."""
    for key in "abc":
        table.put(EAST, key, "1")
    table.pass_time()
    client = table.client(WEST)
    table.delete(WEST, "a")
    client.batch_write_item(RequestItems={TABLE: [{"DeleteRequest": {"Key": {"id": {"S": "b"}}}}]})
    client.transact_write_items(TransactItems=[{"Delete": {"TableName": TABLE, "Key": {"id": {"S": "c"}}}}])
    table.pass_time()
    assert [table.values(key) for key in "abc"] == [[None] * 3] * 3


def test_the_last_writer_wins(table: GlobalTable) -> None:
    """Of two writes to one item the later stands in all regions, whichever arrives first."""
    table.slow(20)
    table.put(EAST, "a", "earlier")
    table.slow(1)
    table.pass_time(1)
    table.put(WEST, "a", "later")
    table.pass_time()
    assert table.values("a") == ["later", "later", "later"]


def test_an_earlier_put_does_not_bring_a_deleted_item_back(table: GlobalTable) -> None:
    """A deletion stands against a put that was written before it and arrives after it."""
    table.put(EAST, "a", "1")
    table.pass_time()
    table.slow(20)
    table.put(EAST, "a", "2")
    table.slow(1)
    table.pass_time(1)
    table.delete(WEST, "a")
    table.pass_time()
    assert table.values("a") == [None, None, None]


def test_writes_to_one_item_are_never_seen_in_the_wrong_order(table: GlobalTable) -> None:
    """However the lags fall out, a reader elsewhere does not see an older value after a newer one."""
    table.service.replication.lag.mean, table.service.replication.lag.jitter = 2.0, 1.5
    seen = []
    for number in range(60):
        table.put(EAST, "a", f"{number:02}")
        table.pass_time(0.2)
        seen.append(table.value(WEST, "a") or "")
    table.pass_time()
    seen.append(table.value(WEST, "a") or "")
    assert seen == sorted(seen)
    assert len(set(seen)) > 2
    assert seen[-1] == "59"


def test_conditions_see_the_local_replica_alone(table: GlobalTable) -> None:
    """A condition and a consistent read know nothing of what has not arrived: a global table is no lock."""
    table.slow(20)
    table.put(EAST, "a", "east")
    found = table.client(WEST).get_item(TableName=TABLE, Key={"id": {"S": "a"}}, ConsistentRead=True)
    assert "Item" not in found
    table.put(WEST, "a", "west", ConditionExpression="attribute_not_exists(id)")
    table.pass_time()
    assert table.values("a") == ["west", "west", "west"]


def test_old_values_are_those_of_the_local_replica(table: GlobalTable) -> None:
    """ReturnValues tells what stood here, not what stands elsewhere."""
    table.put(EAST, "a", "1")
    table.pass_time()
    table.slow(20)
    table.put(EAST, "a", "2")
    item = {"id": {"S": "a"}, "value": {"S": "3"}}
    old = table.client(WEST).put_item(TableName=TABLE, Item=item, ReturnValues="ALL_OLD")["Attributes"]
    assert old["value"] == {"S": "1"}


def test_a_refused_write_replicates_nothing(table: GlobalTable) -> None:
    """A condition that does not hold leaves nothing on its way and nothing in a stream."""
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        table.put(EAST, "a", "1", ConditionExpression="attribute_exists(id)")
    assert table.waiting() == 0
    table.pass_time()
    assert table.values("a") == [None, None, None]
    assert table.events(EAST) == []


def test_an_update_that_fails_half_way_leaves_the_item_as_it_was(table: GlobalTable) -> None:
    """Neither a new item with nothing but its key, nor the first half of the changes, stays behind or replicates."""
    table.put(EAST, "a", "1")
    table.pass_time()
    for key in ("a", "new"):
        with pytest.raises(ClientError, match="ValidationException"):
            table.client(EAST).update_item(
                TableName=TABLE,
                Key={"id": {"S": key}},
                UpdateExpression="SET #v = :small, big = :big",
                ExpressionAttributeNames={"#v": "value"},
                ExpressionAttributeValues={":small": {"S": "2"}, ":big": {"S": "x" * 410_000}},
            )
    assert table.waiting() == 0
    assert table.values("a") == ["1", "1", "1"]
    assert table.values("new") == [None, None, None]


def test_a_local_table_replicates_nothing(sandbox: Sandbox) -> None:
    """Two tables of the same name that were made apart stay apart."""
    alone = [GlobalTable(sandbox, (region,)).create() for region in (EAST, WEST)]
    alone[0].put(EAST, "a", "1")
    alone[0].pass_time()
    assert alone[1].value(WEST, "a") is None


def test_a_removed_replica_gets_nothing_more_and_loses_nothing(table: GlobalTable) -> None:
    """What a replica wrote before it was removed still reaches the others."""
    table.slow(20)
    table.put(EUROPE, "a", "1")
    table.client(EAST).update_table(TableName=TABLE, ReplicaUpdates=[{"Delete": {"RegionName": EUROPE}}])
    table.pass_time(60)
    assert [table.value(region, "a") for region in (EAST, WEST)] == ["1", "1"]
    table.put(EAST, "b", "2")
    assert table.waiting() == 1
