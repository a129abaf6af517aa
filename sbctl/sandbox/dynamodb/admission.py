"""What DynamoDB refuses in requests for items and moto takes, or trips over: judged before anything is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sbctl.sandbox.dynamodb.expressions import VALUES, check_filter, check_placeholders
from sbctl.sandbox.dynamodb.requests import Body, table_name
from sbctl.sandbox.dynamodb.values import check_values
from sbctl.sandbox.moto_bridge.dynamodb import MotoTable
from sbctl.sandbox.service import ApiError

MISMATCH = (
    "One or more parameter values were invalid: Type mismatch for Index Key {} Expected: {} Actual: {} IndexName: {}"
)
Find = Callable[[str], MotoTable | None]
"""Gives a table of the request's region by its name."""


def admit(body: Body, find: Find) -> None:
    """Raises ApiError for a request that is refused whatever the items are; a table that is not there is moto's to refuse."""
    for name, entry in _entries(body):
        check_placeholders(entry)
        for part in ("Item", "Key", VALUES):
            check_values(entry.get(part) or {})
        table = find(table_name(name))
        if table is not None:
            _check_indexes(table, entry.get("Item") or {})
            _check_page(table, entry)
    for name, writes in (body.get("RequestItems") or {}).items():
        table = find(table_name(name))
        if table is not None and isinstance(writes, list):
            _check_repeated(table, writes)


def _entries(body: Body) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The table and the members of each single request that a request consists of."""
    if "TableName" in body:
        yield body["TableName"], body
    for item in body.get("TransactItems") or ():
        for entry in item.values():
            if entry:
                yield entry["TableName"], entry
    for name, found in (body.get("RequestItems") or {}).items():
        if isinstance(found, list):
            yield from ((name, entry) for write in found for entry in write.values() if entry)
        else:
            yield name, found


def _check_indexes(table: MotoTable, item: Mapping[str, Mapping[str, Any]]) -> None:
    """A key of an index has the type that it was declared with, where an item has it at all."""
    for index, keys in table.indexes().items():
        for key, kind in keys.items():
            if key in item and kind not in item[key]:
                raise _invalid(MISMATCH.format(key, kind, next(iter(item[key])), index))


def _check_page(table: MotoTable, entry: Mapping[str, Any]) -> None:
    """A page starts at a key of the table, and of the index where one is asked; a filter is for what is no key."""
    index = entry.get("IndexName")
    own = table.keys()
    asked = table.indexes().get(index, {}) if index else own
    if "KeyConditionExpression" in entry:
        check_filter(entry, asked)
    start = entry.get("ExclusiveStartKey")
    if start:
        keys = {**own, **asked}
        if start.keys() != keys.keys() or any(kind not in start[key] for key, kind in keys.items()):
            raise _invalid("The provided starting key is invalid: The provided key element does not match the schema")


def _check_repeated(table: MotoTable, writes: list[Mapping[str, Any]]) -> None:
    """Each key once in a BatchWriteItem."""
    seen = set()
    for write in writes:
        for entry in write.values():
            key = table.key((entry or {}).get("Key") or (entry or {}).get("Item") or {})
            if key is not None and key in seen:
                raise _invalid("Provided list of item keys contains duplicates")
            seen.add(key)


def _invalid(message: str) -> ApiError:
    return ApiError("ValidationException", message)
