"""moto's DynamoDB tables from inside: what a request wrote, and items put into another region without a request.

Points touched, checked by tests/sandbox/test_dynamodb_moto_contact.py: dynamodb_backends, Table.items, .stream_shard,
.stream_specification, .sse_specification, .ttl, .attr, its indexes and key attributes, Item with its keys and its deepcopy,
DynamoType, StreamShard.
Whoever calls anything here holds moto's lock of the service (MotoBackends.alone).
"""

from __future__ import annotations

import base64
import copy
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Context, Decimal
from typing import Any

NUMBERS = Context(prec=38)
"""DynamoDB's precision; Python's own rounds to 28 digits, and the item would be looked for under another key."""
Key = tuple[tuple[str, Any], ...]
"""The primary key of an item, (type, value) for each of its one or two attributes; equal numbers are equal."""
Image = Any
"""An item as moto holds it. Copied when it is taken and when it is put, because moto changes items in place."""


class Journal:
    """Stands before a table's stream, and keeps what a request writes until it is known whether the request succeeded.

    moto tells the stream of every write, of one that makes an item by UpdateItem twice, and of those that it takes back.
    """

    def __init__(self, shard: Any) -> None:
        self._shard = shard
        self._writes: dict[Key, tuple[Image | None, Image | None]] = {}
        self._unkept: dict[Key, None] | None = None

    @property
    def has_shard(self) -> bool:
        """Whether there is a stream behind it."""
        return self._shard is not None

    def note(self, keys: Iterable[Key]) -> None:
        """Count keys as written, once somebody wants to know."""
        if self._unkept is not None:
            self._unkept.update(dict.fromkeys(keys))

    def unkept(self) -> Iterable[Key]:
        """The keys that were written since the last call, in order; none before the first."""
        found, self._unkept = self._unkept, {}
        return found or ()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_unkept": None}

    def __deepcopy__(self, memo: dict[int, Any]) -> Journal:
        """moto copies tables for backups; those that read the stream go on reading this one."""
        return self

    def add(self, old: Image | None, new: Image | None) -> None:
        """What moto calls for each write."""
        item = new if old is None else old
        key = _key_of_item(item)
        first, _ = self._writes.get(key, (old, None))
        self._writes[key] = (first, new)

    def commit(self, specification: Mapping[str, Any]) -> list[tuple[Key, Image | None]]:
        """The request succeeded: tell the stream, and give what each key holds now; None where the item is gone."""
        writes, self._writes = self._writes, {}
        if self._shard is not None and specification.get("StreamEnabled"):
            for old, new in writes.values():
                self._tell(old, new)
        self.note(writes)
        return [(key, new) for key, (_, new) in writes.items()]

    def discard(self) -> dict[Key, Image | None]:
        """The request failed: what each key held before."""
        writes, self._writes = self._writes, {}
        return {key: old for key, (old, _) in writes.items()}

    def sign(self, identity: Mapping[str, str]) -> None:
        """Say in the stream by whom the last change was made, where it was no request."""
        if self._shard is not None and self._shard.items:
            self._shard.items[-1].record["userIdentity"] = dict(identity)

    def _tell(self, old: Image | None, new: Image | None) -> None:
        if old is None and new is None:
            return
        if old is not None and new is not None and old == new:
            return  # a write that changes nothing is not in the stream
        self._shard.add(old, new)
        if self._shard.items:
            # moto has one constant region here
            self._shard.items[-1].record["awsRegion"] = self._shard.table.region_name

    @property
    def id(self) -> str:
        return str(self._shard.id)

    @property
    def table(self) -> Any:
        return self._shard.table

    @property
    def items(self) -> list[Any]:
        found: list[Any] = self._shard.items
        return found

    @property
    def starting_sequence_number(self) -> int:
        return int(self._shard.starting_sequence_number)

    @property
    def created_on(self) -> Any:
        return self._shard.created_on

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = self._shard.to_json()
        return found

    def get(self, start: int, quantity: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._shard.get(start, quantity)
        return found


class MotoTable:
    """One regional table."""

    def __init__(self, table: Any) -> None:
        self._table = table
        if not isinstance(table.stream_shard, Journal):
            table.stream_shard = Journal(table.stream_shard)
        self._journal: Journal = table.stream_shard

    @property
    def name(self) -> str:
        return str(self._table.name)

    def encrypt(self, key: str) -> None:
        """Encrypt with a KMS key from now on, by its ARN; "" is DynamoDB's own. moto takes it only when a table is made."""
        self._table.sse_specification = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key} if key else None

    def begin_notes(self, *, everything: bool) -> None:
        """Note which keys are written from now on; `everything`: those of all items count as written."""
        self._journal.unkept()
        if everything:
            self._journal.note(key for key, _ in self._listed())

    def written(self) -> Iterable[Key]:
        """The keys that were written, or have lost their item, since the last call."""
        return self._journal.unkept()

    def item(self, key: Key) -> Image | None:
        """moto's own item, only to be looked at."""
        return self._item(key)

    def key(self, attributes: Mapping[str, Mapping[str, Any]]) -> Key | None:
        """The key in the JSON of an item or of a key; None where it has none that could be the table's."""
        types = {
            self._table.hash_key_attr: self._table.hash_key_type,
            self._table.range_key_attr: self._table.range_key_type,
        }
        try:
            return tuple(_wire_part(types[name], attributes[name]) for name in self._table.table_key_attrs)
        except (ArithmeticError, KeyError, ValueError):
            return None

    def keys(self) -> Mapping[str, str]:
        """The attributes of the primary key, and their types."""
        return {name: kind for name, kind in self._types().items() if name in self._table.table_key_attrs}

    def indexes(self) -> Mapping[str, Mapping[str, str]]:
        """The attributes of each index's key, and their types."""
        types = self._types()
        listed = [*self._table.global_indexes, *self._table.indexes]
        return {str(one.name): {key: types[key] for key in one.schema_key_attrs if key in types} for one in listed}

    def expired(self, since: float, until: float) -> list[Key]:
        """The keys of the items whose time to live ended between two times, in seconds since the epoch."""
        if self._table.ttl.get("TimeToLiveStatus") != "ENABLED":
            return []
        attribute = self._table.ttl["AttributeName"]
        return [key for key, item in self._listed() if since <= _seconds(item.attrs.get(attribute)) <= until]

    def expire(self, key: Key) -> None:
        """Delete an item, and tell the table's own stream by whom."""
        self.put(key, None)
        self._journal.sign({"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"})

    def _types(self) -> dict[str, str]:
        return {one["AttributeName"]: one["AttributeType"] for one in self._table.attr}

    def image(self, key: Key) -> Image | None:
        """A copy of an item; None where there is none."""
        return copy.deepcopy(self._item(key))

    def images(self) -> Iterator[tuple[Key, Image]]:
        """Copies of all items."""
        for key, item in self._listed():
            yield key, copy.deepcopy(item)

    def is_empty(self) -> bool:
        """By content: moto leaves empty partitions behind."""
        items = self._table.items
        return not (any(items.values()) if self._table.has_range_key else items)

    def put(self, key: Key, image: Image | None) -> None:
        """Make a key hold an image, or nothing, and tell the table's own stream."""
        old = self._item(key)
        if old is None and image is None:
            return
        self.restore({key: image})
        self._journal.add(old, self._item(key))
        self.commit()

    def restore(self, images: Mapping[Key, Image | None]) -> None:
        """Make keys hold what they held before; no stream is told."""
        for key, image in images.items():
            place, last = self._place(key)
            if image is not None:
                place[last] = copy.deepcopy(image)
            else:
                place.pop(last, None)

    def commit(self) -> list[tuple[Key, Image | None]]:
        """What was written since the last commit or discard: moto's own items, to be copied by whoever keeps them."""
        return self._journal.commit(self._table.stream_specification or {})

    def discard(self) -> None:
        """Take back what was written since the last commit or discard."""
        self.restore(self._journal.discard())

    @contextmanager
    def uncopied(self) -> Iterator[None]:
        """moto copies whole tables for a transaction, to put them back; not within this context, as single items do."""
        self._table.__deepcopy__ = lambda memo: self._table  # noqa: ARG005
        try:
            yield
        finally:
            del self._table.__deepcopy__

    def _listed(self) -> Iterator[tuple[Key, Image]]:
        for found in list(self._table.items.values()):
            for item in list(found.values()) if self._table.has_range_key else [found]:
                yield _key_of_item(item), item

    def _item(self, key: Key) -> Image | None:
        place, last = self._place(key)
        return place.get(last)

    def _place(self, key: Key) -> tuple[dict[Any, Any], Any]:
        """The dictionary that holds an item, and the item's key in it."""
        from moto.dynamodb.models.dynamo_type import DynamoType

        types = [DynamoType({kind: value}) for kind, value in key]
        items: dict[Any, Any] = self._table.items
        return (items, types[0]) if len(types) == 1 else (items[types[0]], types[1])


class MotoTables:
    """The tables of one account, by region and name."""

    def __init__(self, account: str) -> None:
        self._account = account

    def find(self, region: str, name: str) -> MotoTable | None:
        """A table by its name."""
        table = self._tables(region).get(name)
        return MotoTable(table) if table is not None else None

    def all(self, region: str) -> Iterable[MotoTable]:
        """Every table of a region."""
        return [MotoTable(table) for table in list(self._tables(region).values())]

    def regions(self) -> list[str]:
        """Those that have been asked for tables yet."""
        from moto.dynamodb.models import dynamodb_backends

        return sorted(dynamodb_backends[self._account])

    def _tables(self, region: str) -> Mapping[str, Any]:
        from moto.dynamodb.models import dynamodb_backends

        tables: Mapping[str, Any] = dynamodb_backends[self._account][region].tables
        return tables


def copied(image: Image | None) -> Image | None:
    """An image that no later request changes."""
    return copy.deepcopy(image)


def _key_of_item(item: Image) -> Key:
    keys = [item.hash_key] if item.range_key is None else [item.hash_key, item.range_key]
    return tuple(_part(key.type, key.value) for key in keys)


def _seconds(value: Any) -> float:
    """A time to live in seconds since the epoch; of what is no number one that is never over."""
    return float(value.value) if value is not None and value.type == "N" else math.inf


def _wire_part(kind: str, value: Mapping[str, Any]) -> tuple[str, Any]:
    """From the JSON of an attribute value. Raises KeyError, ValueError or ArithmeticError when it is not of that type."""
    return _part(kind, base64.b64decode(value["B"]) if kind == "B" else value[kind])


def _part(kind: str, value: Any) -> tuple[str, Any]:
    return kind, (format(Decimal(value).normalize(NUMBERS), "f") if kind == "N" else value)
