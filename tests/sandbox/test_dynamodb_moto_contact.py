"""Every point at which the inside of moto's DynamoDB is touched, so that another version of moto fails here first and by name."""

from __future__ import annotations

import base64
import copy
import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from sbctl.sandbox.moto_bridge.dynamodb import Journal, MotoTable, MotoTables
from tests.sandbox.conftest import Sandbox
from tests.sandbox.global_tables import EAST

ACCOUNT = "123456789012"
KEYS = {"plain": ["id"], "ranged": ["id", "at"]}
TYPES = {"id": "B", "at": "N"}
ITEM = {"id": {"B": b"\x00\x01"}, "at": {"N": "10"}, "set": {"SS": ["a"]}}


@pytest.fixture
def tables(sandbox: Sandbox) -> Iterator[MotoTables]:
    """A table with one key attribute and one with two, with streams, and the same item in both; the lock is held."""
    client = sandbox.client("dynamodb", EAST)
    for name, keys in KEYS.items():
        client.create_table(
            TableName=name,
            KeySchema=[
                {"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
            ],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": TYPES[key]} for key in keys],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
    sandbox.world.scheduler.advance(5)
    for name in KEYS:
        client.put_item(TableName=name, Item=ITEM)
    with sandbox.world.moto.alone("dynamodb"):
        yield MotoTables(ACCOUNT)


def opened(tables: MotoTables, name: str) -> MotoTable:
    """A table that is there."""
    table = tables.find(EAST, name)
    assert table is not None
    return table


def wire(at: str) -> dict[str, Any]:
    """The item as a request has it."""
    return {"id": {"B": base64.b64encode(b"\x00\x01").decode()}, "at": {"N": at}}


@pytest.mark.usefixtures("tables")
def test_tables_and_streams_have_the_attributes_that_are_read() -> None:
    """The backends by account and region, a table's keys, items and stream, an item's keys, and what a stream offers."""
    from moto.dynamodb.models import dynamodb_backends
    from moto.dynamodb.models.dynamo_type import DynamoType, Item
    from moto.dynamodb.models.table import StreamShard

    table: Any = dynamodb_backends[ACCOUNT][EAST].tables["ranged"]
    assert (table.table_key_attrs, table.has_range_key, table.region_name) == (["id", "at"], True, EAST)
    assert (table.hash_key_attr, table.hash_key_type, table.range_key_attr, table.range_key_type) == (
        "id",
        "B",
        "at",
        "N",
    )
    assert table.stream_specification["StreamEnabled"] is True
    item: Any = table.items[DynamoType({"B": b"\x00\x01"})][DynamoType({"N": "10.0"})]
    assert (item.hash_key.type, item.hash_key.value, item.range_key.value) == ("B", b"\x00\x01", "10")
    assert isinstance(item, Item)
    assert list(inspect.signature(StreamShard.add).parameters) == ["self", "old", "new"]
    assert table.stream_shard.items[0].record["awsRegion"] == EAST


@pytest.mark.usefixtures("tables")
def test_a_journal_offers_all_that_moto_asks_of_a_stream() -> None:
    """Every public name of moto's stream is there, so that whatever reads streams reads through the journal."""
    from moto.dynamodb.models import dynamodb_backends
    from moto.dynamodb.models.table import StreamShard

    table = dynamodb_backends[ACCOUNT][EAST].tables["plain"]
    journal = table.stream_shard
    assert isinstance(journal, Journal)
    offered = {name for name in vars(StreamShard("1", table)) if name not in ("account_id", "instances_tracked")}
    offered |= {name for name in vars(StreamShard) if not name.startswith("_")} - {"instances_tracked"}
    assert {name for name in offered if not hasattr(journal, name)} == set()
    assert copy.deepcopy(table).stream_shard is journal


def test_a_journal_goes_back_to_before_the_first_write(tables: MotoTables) -> None:
    """Of several writes to one key within a request only the first knows what stood there before."""
    table = opened(tables, "plain")
    [(key, image)] = list(table.images())
    journal = Journal(None)
    journal.add(None, image)
    journal.add(image, image)
    assert journal.discard() == {key: None}
    assert journal.commit({}) == []


@pytest.mark.parametrize("name", sorted(KEYS))
def test_an_item_is_found_copied_and_put_by_its_key(tables: MotoTables, name: str) -> None:
    """A key has one form, whether it comes from a request or from an item, and however its number is written."""
    table = opened(tables, name)
    key = table.key(wire("1.0e1"))
    [(found, image)] = list(table.images())
    assert found == key
    image.attrs["set"].value.append("b")
    kept = table.image(found)
    assert kept is not None
    assert kept.attrs["set"].value == ["a"]
    assert table.is_empty() is False
    table.put(found, None)
    assert (table.image(found), table.is_empty()) == (None, True)
    table.put(found, kept)
    assert table.image(found) == kept


@pytest.mark.parametrize(
    "attributes", [{}, {"id": {"S": "a"}, "at": {"N": "1"}}, {"id": {"B": "AA=="}, "at": {"N": "x"}}]
)
def test_what_is_no_key_has_none(tables: MotoTables, attributes: dict[str, Any]) -> None:
    """moto refuses such a request itself, so it is nothing to stumble over here."""
    assert opened(tables, "ranged").key(attributes) is None


def test_a_table_tells_its_keys_indexes_and_what_has_expired(sandbox: Sandbox, tables: MotoTables) -> None:
    """By the attributes that moto has of a table: definitions, indexes, and time to live."""
    client = sandbox.client("dynamodb", EAST)
    assert (opened(tables, "plain").keys(), opened(tables, "ranged").keys()) == ({"id": "B"}, TYPES)
    assert opened(tables, "ranged").indexes() == {}
    assert EAST in tables.regions()
    assert opened(tables, "plain").expired(0, 100) == []
    raw: Any = opened(tables, "plain")._table
    raw.ttl = {"TimeToLiveStatus": "ENABLED", "AttributeName": "at"}
    assert opened(tables, "plain").expired(0, 9) == []
    assert len(opened(tables, "plain").expired(0, 10)) == 1
    assert set(client.meta.service_model.shape_for("TimeToLiveDescription").members) == set(raw.ttl)


def test_a_table_is_not_copied_while_it_is_asked_not_to_be(tables: MotoTables) -> None:
    """Within the context a deep copy of moto's table is the table; afterwards it is a copy again."""
    from moto.dynamodb.models import dynamodb_backends

    raw = dynamodb_backends[ACCOUNT][EAST].tables["plain"]
    with opened(tables, "plain").uncopied():
        assert copy.deepcopy(raw) is raw
    assert copy.deepcopy(raw) is not raw


def test_every_operation_that_writes_items_is_known() -> None:
    """An operation that moto gains, and that writes items, must come here too."""
    from moto.dynamodb.responses import DynamoHandler

    from sbctl.sandbox.dynamodb.items import READS, STATEMENTS, WRITES

    known = {*READS, *WRITES, *STATEMENTS, "UpdateItem", "TransactWriteItems"}
    words = ("item", "items", "statement", "transaction", "query", "scan")
    offered = {name for name in vars(DynamoHandler) if not name.startswith("_") and name.rpartition("_")[2] in words}
    assert {name.title().replace("_", "") for name in offered} == known
