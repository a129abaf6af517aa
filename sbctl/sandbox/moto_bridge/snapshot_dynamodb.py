"""What is large in moto's DynamoDB: the items of each table, and the records of its stream.

Points touched, checked by tests/sandbox/test_data_moto_contact.py: DynamoDBBackend.tables, Table.items, Item with its keys,
StreamShard.items. Which items were written is known by the Journal before the table's stream (moto_dynamodb.py).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from sbctl.sandbox.moto_bridge.dynamodb import Journal, MotoTable
from sbctl.sandbox.snapshot.pickling import loaded, tried


def tables_of(backend: Any) -> Iterator[tuple[str, Any, Any, Callable[[bool], Any]]]:
    """The containers of one region's tables."""
    for name, raw in list(backend.tables.items()):
        table, items = MotoTable(raw), raw.items
        journal: Journal = raw.stream_shard
        yield (
            json.dumps(["items", name, raw.has_range_key]),
            items,
            journal,
            partial(SnapshotItems, items, journal, table),
        )
        if journal.has_shard:
            yield json.dumps(["records", name]), journal.items, journal, partial(SnapshotRecords, journal)


def tables_restored(name: str, rows: Mapping[str, bytes]) -> Any:
    """A table's items or its records."""
    kind, *told = json.loads(name)
    if kind == "records":
        return [loaded(data) for data in rows.values()]
    found: dict[Any, Any] = defaultdict(dict)
    for data in rows.values():
        item = loaded(data)
        if told[1]:
            found[item.hash_key][item.range_key] = item
        else:
            found[item.hash_key] = item
    return found


class SnapshotItems:
    """The items of one table, by the keys that were written."""

    def __init__(self, items: Any, journal: Journal, table: MotoTable, kept: bool) -> None:
        self.held, self.witness = items, journal
        self._table = table
        table.begin_notes(everything=not kept)

    def changes(self) -> Iterable[tuple[str, bytes | None]]:
        for key in self._table.written():
            item = self._table.item(key)
            data = None if item is None else tried(item, f"an item of {self._table.name}")
            if data is not None or item is None:
                yield repr(key), data


class SnapshotRecords:
    """The records of one stream, which only ever grows."""

    def __init__(self, journal: Journal, kept: bool) -> None:
        self.held, self.witness = journal.items, journal
        self._count = len(self.held) if kept else 0

    def changes(self) -> Iterable[tuple[str, bytes | None]]:
        fresh = list(enumerate(self.held))[self._count :]
        self._count = len(self.held)
        kept = [(f"{number:010}", tried(record, "a record of a stream")) for number, record in fresh]
        return [(name, data) for name, data in kept if data is not None]
