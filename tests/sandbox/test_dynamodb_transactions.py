"""Transactions: all or nothing, once for each token, alone among other writers, and replicated only when they succeed."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox
from tests.sandbox.global_tables import EAST, TABLE, WEST, GlobalTable


@pytest.fixture
def table(sandbox: Sandbox) -> GlobalTable:
    """An empty table in two regions."""
    return GlobalTable(sandbox, (EAST, WEST)).create()


def put(key: str, value: str, **further: Any) -> dict[str, Any]:
    """One item of a transaction."""
    return {"Put": {"TableName": TABLE, "Item": {"id": {"S": key}, "value": {"S": value}}, **further}}


def update(key: str, value: str) -> dict[str, Any]:
    """The same, as an update."""
    change = {"UpdateExpression": "SET #v = :v", "ExpressionAttributeNames": {"#v": "value"}}
    values = {":v": {"S": value}}
    return {"Update": {"TableName": TABLE, "Key": {"id": {"S": key}}, "ExpressionAttributeValues": values, **change}}


def test_a_cancelled_transaction_changes_and_replicates_nothing(table: GlobalTable) -> None:
    """What came before the item that was refused is taken back: puts, updates and deletions, in the table and its stream."""
    table.put(EAST, "kept", "1")
    table.put(EAST, "changed", "1")
    table.pass_time()
    before = table.events(EAST)
    items = [
        put("new", "2"),
        update("changed", "2"),
        {"Delete": {"TableName": TABLE, "Key": {"id": {"S": "kept"}}}},
        put("never", "2", ConditionExpression="attribute_exists(id)"),
    ]
    with pytest.raises(ClientError, match="TransactionCanceledException") as refused:
        table.client(EAST).transact_write_items(TransactItems=items)
    codes = [reason["Code"] for reason in refused.value.response["CancellationReasons"]]
    assert codes == ["None", "None", "None", "ConditionalCheckFailed"]
    assert table.waiting() == 0
    assert [table.value(EAST, key) for key in ("kept", "changed", "new", "never")] == ["1", "1", None, None]
    assert table.events(EAST) == before


def test_a_token_has_its_effect_once(table: GlobalTable) -> None:
    """Within ten minutes a transaction that is sent again succeeds without writing again."""
    client = table.client(EAST)
    items = [put("a", "1", ConditionExpression="attribute_not_exists(id)")]
    for _ in range(2):
        client.transact_write_items(TransactItems=items, ClientRequestToken="token-1")
    table.put(EAST, "a", "2")
    client.transact_write_items(TransactItems=items, ClientRequestToken="token-1")
    assert table.value(EAST, "a") == "2"
    table.pass_time(601)
    with pytest.raises(ClientError, match="TransactionCanceledException"):
        client.transact_write_items(TransactItems=items, ClientRequestToken="token-1")


def test_a_token_of_statements_has_its_effect_once(table: GlobalTable) -> None:
    """The same holds of transactions in PartiQL."""
    statements = [{"Statement": f"INSERT INTO {TABLE} VALUE {{'id': 'a', 'value': '1'}}"}]
    table.client(EAST).execute_transaction(TransactStatements=statements, ClientRequestToken="token-1")
    table.put(EAST, "a", "2")
    table.client(EAST).execute_transaction(TransactStatements=statements, ClientRequestToken="token-1")
    assert table.value(EAST, "a") == "2"


def test_a_token_belongs_to_its_items(table: GlobalTable) -> None:
    """The same token with other items is refused; another region knows nothing of it."""
    table.client(EAST).transact_write_items(TransactItems=[put("a", "1")], ClientRequestToken="token-1")
    with pytest.raises(ClientError, match="IdempotentParameterMismatchException"):
        table.client(EAST).transact_write_items(TransactItems=[put("a", "2")], ClientRequestToken="token-1")
    table.client(WEST).transact_write_items(TransactItems=[put("a", "2")], ClientRequestToken="token-1")


def test_a_cancelled_transaction_may_be_tried_again_under_its_token(table: GlobalTable) -> None:
    """Only what succeeded is remembered."""
    items = [put("a", "2", ConditionExpression="attribute_exists(id)")]
    with pytest.raises(ClientError, match="TransactionCanceledException"):
        table.client(EAST).transact_write_items(TransactItems=items, ClientRequestToken="token-1")
    table.put(EAST, "a", "1")
    table.client(EAST).transact_write_items(TransactItems=items, ClientRequestToken="token-1")
    assert table.value(EAST, "a") == "2"


def test_one_of_many_transactions_wins_and_no_other_write_is_lost(table: GlobalTable) -> None:
    """Sixteen threads try to create the same items in turn, while each writes items of its own."""
    won: list[str] = []

    def run(thread: int) -> None:
        client = table.client(EAST)
        for number in range(10):
            table.put(EAST, f"own-{thread}-{number}", "1")
            item = put(f"shared-{number}", str(thread), ConditionExpression="attribute_not_exists(id)")
            try:
                client.transact_write_items(TransactItems=[item])
            except client.exceptions.TransactionCanceledException:
                continue
            won.append(f"shared-{number}")

    threads = [threading.Thread(target=run, args=(thread,)) for thread in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == sorted(f"shared-{number}" for number in range(10))
    table.pass_time()
    for region in table.regions:
        assert table.client(region).scan(TableName=TABLE, Select="COUNT")["Count"] == 170


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (f"INSERT INTO {TABLE} VALUE {{'value': 'without a key'}}", "ValidationException"),
        ("INSERT INTO nothing VALUE {'id': 'b'}", "ResourceNotFoundException"),
        ("MAKE IT SO", "NotModelled"),
    ],
)
def test_statements_that_fail_together_write_nothing(table: GlobalTable, statement: str, code: str) -> None:
    """A transaction of PartiQL whose second statement fails, for whatever reason, takes back the first."""
    statements = [{"Statement": f"INSERT INTO {TABLE} VALUE {{'id': 'a'}}"}, {"Statement": statement}]
    with pytest.raises(ClientError) as refused:
        table.client(EAST).execute_transaction(TransactStatements=statements)
    assert refused.value.response["Error"]["Code"] == code
    assert table.value(EAST, "a") is None
    assert table.waiting() == 0


def test_a_backup_is_not_changed_by_a_transaction(table: GlobalTable) -> None:
    """A backup holds what the table held, although transactions work on the table itself."""
    table.put(EAST, "a", "1")
    client = table.client(EAST)
    client.create_backup(TableName=TABLE, BackupName="before")
    client.transact_write_items(TransactItems=[put("a", "2")])
    arn = client.list_backups(TableName=TABLE)["BackupSummaries"][0]["BackupArn"]
    client.restore_table_from_backup(TargetTableName="restored", BackupArn=arn)
    restored = client.get_item(TableName="restored", Key={"id": {"S": "a"}})["Item"]
    assert restored["value"] == {"S": "1"}
    assert client.describe_table(TableName="restored")["Table"]["TableStatus"] == "ACTIVE"
