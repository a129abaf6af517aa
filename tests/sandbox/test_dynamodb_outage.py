"""Regions cut off from each other, and replicas made while items are written: nothing is lost, nothing doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from functools import partial

import pytest
from botocore.exceptions import ClientError

from sbctl.sandbox.faults.fault import Fault
from tests.sandbox.conftest import Sandbox
from tests.sandbox.global_tables import EAST, EUROPE, MINUTES, TABLE, WEST, GlobalTable
from tests.waits import PATIENCE_SECONDS

BATCH = 25
"""Items of one request."""


@pytest.fixture
def table(sandbox: Sandbox) -> GlobalTable:
    """An empty table in two regions."""
    return GlobalTable(sandbox, (EAST, WEST)).create()


def test_a_lost_region_gets_what_it_missed_when_it_returns(table: GlobalTable) -> None:
    """Writes wait for it for as long as it is away, in order of nothing but their time of writing."""
    table.lose(WEST)
    for value in ("1", "2", "3"):
        table.put(EAST, "a", value)
    table.pass_time()
    [entry] = table.service.replication.backlog()
    assert (entry.table, entry.source, entry.target, entry.pending) == (TABLE, EAST, WEST, 3)
    assert entry.oldest_seconds > 29
    table.heal()
    table.pass_time()
    assert table.values("a") == ["3", "3"]
    assert table.waiting() == 0


def test_what_a_lost_region_had_not_passed_on_arrives_late(table: GlobalTable) -> None:
    """Its own last writes come out when it returns, and lose against what was written later elsewhere."""
    table.slow(10)
    table.put(EAST, "a", "lost")
    table.put(EAST, "b", "lost")
    table.lose(EAST)
    table.pass_time()
    table.service.replication.lag.mean = 1.0
    assert table.value(WEST, "a") is None
    table.put(WEST, "b", "later")
    table.heal()
    table.pass_time()
    assert table.values("a") == ["lost", "lost"]
    assert table.values("b") == ["later", "later"]


def test_a_third_region_goes_on_without_the_lost_one(sandbox: Sandbox) -> None:
    """Only the ways to and from the lost region wait."""
    table = GlobalTable(sandbox, (EAST, WEST, EUROPE)).create()
    table.lose(WEST)
    table.put(EAST, "a", "1")
    table.pass_time()
    assert table.value(EUROPE, "a") == "1"
    table.heal()
    table.pass_time()
    assert table.value(WEST, "a") == "1"


def test_a_paused_way_goes_on_by_itself_when_its_time_is_up(table: GlobalTable) -> None:
    """Replication of one table can be paused in one direction for a while, without anything being down."""
    pause = Fault("", "replication-paused", EAST, service="dynamodb", target=WEST, resource=TABLE)
    table.world.faults.add(pause, seconds=60)
    table.put(EAST, "a", "1")
    table.put(WEST, "b", "1")
    table.pass_time(30)
    assert (table.value(WEST, "a"), table.value(EAST, "b")) == (None, "1")
    table.pass_time(60)
    assert table.value(WEST, "a") == "1"


def test_a_replica_of_a_table_with_items_takes_minutes_and_has_them_all(sandbox: Sandbox) -> None:
    """With a single item it takes minutes; until then it answers nothing but DescribeTable; then it has everything."""
    table = GlobalTable(sandbox, (EAST,)).create()
    table.put(EAST, "before", "1")
    table.put(EAST, "gone", "1")
    table.add_replica(WEST)
    table.pass_time(60)
    assert table.client(WEST).describe_table(TableName=TABLE)["Table"]["TableStatus"] == "CREATING"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        table.value(WEST, "before")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        table.client(WEST).execute_statement(Statement=f'SELECT * FROM "{TABLE}"')
    table.put(EAST, "before", "2")
    table.put(EAST, "during", "1")
    table.delete(EAST, "gone")
    table.pass_time(MINUTES)
    assert table.client(WEST).describe_table(TableName=TABLE)["Table"]["TableStatus"] == "ACTIVE"
    assert [table.value(WEST, key) for key in ("before", "during", "gone")] == ["2", "1", None]
    table.put(WEST, "during", "2")
    table.pass_time()
    assert table.value(EAST, "during") == "2"


def test_a_replica_that_is_made_again_agrees_with_the_others(table: GlobalTable) -> None:
    """It has what was written while it was away, and what its region wrote before and had not passed on."""
    table.put(EAST, "a", "1")
    table.pass_time()
    table.lose(WEST)
    table.put(WEST, "late", "1")
    table.client(EAST).update_table(TableName=TABLE, ReplicaUpdates=[{"Delete": {"RegionName": WEST}}])
    table.pass_time(60)
    table.put(EAST, "away", "1")
    table.add_replica(WEST)
    table.pass_time(60)
    table.heal()
    table.pass_time(MINUTES)
    assert [table.values(key) for key in ("a", "late", "away")] == [["1", "1"]] * 3


def test_a_protected_replica_is_not_removed(table: GlobalTable) -> None:
    """Deletion protection of the replica itself stands against its removal from elsewhere."""
    table.client(WEST).update_table(TableName=TABLE, DeletionProtectionEnabled=True)
    with pytest.raises(ClientError, match="protected against deletion"):
        table.client(EAST).update_table(TableName=TABLE, ReplicaUpdates=[{"Delete": {"RegionName": WEST}}])
    table.put(EAST, "a", "1")
    table.pass_time()
    assert table.value(WEST, "a") == "1"


def test_an_empty_replica_takes_seconds(sandbox: Sandbox) -> None:
    """Empty is a matter of content: a table whose only item was deleted is empty again."""
    table = GlobalTable(sandbox, (EAST,)).create()
    table.put(EAST, "a", "1")
    table.delete(EAST, "a")
    table.add_replica(WEST)
    table.pass_time(60)
    assert table.client(WEST).describe_table(TableName=TABLE)["Table"]["TableStatus"] == "ACTIVE"


def test_a_replica_is_filled_only_when_its_source_can_be_reached(sandbox: Sandbox) -> None:
    """A replica whose source is lost stays in creation until it returns."""
    table = GlobalTable(sandbox, (EAST,)).create()
    table.put(EAST, "a", "1")
    table.add_replica(WEST)
    table.pass_time(60)
    table.lose(EAST)
    table.pass_time(MINUTES)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        table.value(WEST, "a")
    table.heal()
    table.pass_time()
    assert table.value(WEST, "a") == "1"


@pytest.mark.parametrize("further", [(), ("kept",)], ids=["empty", "filled"])
def test_a_new_replica_gets_what_its_source_still_misses(table: GlobalTable, further: tuple[str, ...]) -> None:
    """What is on its way to the source when a replica is made reaches the replica too, and brings nothing back."""
    for key in ("b", *further):
        table.put(EAST, key, "1")
    table.pass_time()
    table.lose(WEST)
    table.put(WEST, "a", "late")
    table.put(WEST, "b", "late")
    table.delete(EAST, "b")
    table.add_replica(EUROPE)
    table.pass_time(MINUTES)
    assert table.value(EUROPE, "a") is None
    table.heal()
    table.pass_time()
    assert [table.value(region, "a") for region in (EAST, WEST, EUROPE)] == ["late"] * 3
    assert [table.value(region, "b") for region in (EAST, WEST, EUROPE)] == [None] * 3


@pytest.mark.parametrize("each", [250, pytest.param(1250, marks=pytest.mark.long)])
def test_thousands_of_items_survive_the_loss_of_a_region(table: GlobalTable, each: int) -> None:
    """Written by eight threads across an outage, all arrive, none twice, none lost."""

    a_quarter, three_quarters = threading.Event(), threading.Event()

    def write(thread: int) -> None:
        client = table.client(EAST)
        for start in range(0, each, BATCH):
            items = [{"id": {"S": f"{thread}-{start + number}"}, "value": {"S": "x"}} for number in range(BATCH)]
            client.batch_write_item(RequestItems={TABLE: [{"PutRequest": {"Item": item}} for item in items]})
            if start >= each // 4:
                a_quarter.set()
            if start >= each * 3 // 4:
                three_quarters.set()

    def lose_and_heal() -> None:
        assert a_quarter.wait(PATIENCE_SECONDS)
        table.pass_time(1)
        table.lose(WEST)
        assert three_quarters.wait(PATIENCE_SECONDS)
        table.heal()

    in_parallel([partial(write, thread) for thread in range(8)], meanwhile=lose_and_heal)
    table.pass_time()
    wanted = {f"{thread}-{number}" for thread in range(8) for number in range(each)}
    assert set(ids(table, EAST)) == wanted
    arrived = ids(table, WEST)
    assert len(arrived) == len(wanted)
    assert set(arrived) == wanted
    events = table.events(WEST)
    assert len(events) == len(set(events)) == len(wanted)


def test_six_hundred_additions_by_sixteen_threads_are_six_hundred(table: GlobalTable) -> None:
    """No addition is lost in the region where they are made, and all replicas agree on the sum."""

    def add(times: int) -> None:
        for _ in range(times):
            table.client(EAST).update_item(
                TableName=TABLE,
                Key={"id": {"S": "sum"}},
                UpdateExpression="ADD n :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )

    in_parallel([partial(add, 38)] * 8 + [partial(add, 37)] * 8)
    table.pass_time()
    for region in table.regions:
        item = table.client(region).get_item(TableName=TABLE, Key={"id": {"S": "sum"}})["Item"]
        assert item["n"] == {"N": "600"}


def in_parallel(acts: Iterable[Callable[[], object]], meanwhile: Callable[[], None] = lambda: None) -> None:
    """Run all at once, each in a thread of its own; a failure of any is raised."""
    failures: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    meanwhile()
    for thread in threads:
        thread.join()
    assert failures == []


def ids(table: GlobalTable, region: str) -> list[str]:
    """The keys of all items in one region."""
    pages = table.client(region).get_paginator("scan").paginate(TableName=TABLE)
    return [item["id"]["S"] for page in pages for item in page["Items"]]
