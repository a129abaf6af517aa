"""Which tables and keys a raw request on items names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

Body = Mapping[str, Any]
Named = tuple[str, Mapping[str, Any]]
"""A table, by name, and the JSON of a key, or of an item that has the key among its attributes."""
_STATEMENT = re.compile(r'\b(?:FROM|INTO|UPDATE)\s+"?([a-zA-Z0-9_.-]+)', re.IGNORECASE)


def table_name(named: str) -> str:
    """The name in a name or an ARN."""
    return named.rpartition("/")[2]


def tables_of(body: Body) -> set[str]:
    """The tables of any read or write but a PartiQL statement."""
    if "TableName" in body:
        return {table_name(body["TableName"])}
    single = {entry["TableName"] for item in body.get("TransactItems", ()) for entry in item.values()}
    return {table_name(name) for name in single | set(body.get("RequestItems", ()))}


def tables_of_statements(body: Body) -> set[str]:
    """The tables of one PartiQL statement, a batch or a transaction of them. A table may come with its index after a dot."""
    entries: Iterable[Body] = body.get("Statements") or body.get("TransactStatements") or [body]
    return {name for entry in entries for name in _STATEMENT.findall(entry.get("Statement", ""))}


def keys_of(body: Body) -> list[Named]:
    """The items that an UpdateItem or a TransactWriteItems may change."""
    if "Key" in body:
        return [(table_name(body["TableName"]), body["Key"])]
    entries = [entry for item in body.get("TransactItems", ()) for entry in item.values()]
    return [(table_name(entry["TableName"]), entry.get("Key") or entry.get("Item") or {}) for entry in entries]
