"""DynamoDB as the sandbox has it: moto's tables and items, with states that take time, replicas, and items that replicate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sbctl.sandbox.context import ServiceContext
from sbctl.sandbox.dynamodb.expiry import Expiry
from sbctl.sandbox.dynamodb.items import Items
from sbctl.sandbox.dynamodb.kept import KeptReplication
from sbctl.sandbox.dynamodb.members import Groups
from sbctl.sandbox.dynamodb.metrics import Metrics
from sbctl.sandbox.dynamodb.overrides import DynamoDbOverrides
from sbctl.sandbox.dynamodb.replication import TableReplication
from sbctl.sandbox.dynamodb.tokens import Tokens
from sbctl.sandbox.hooks import Relay
from sbctl.sandbox.moto_bridge.dynamodb import MotoTables
from sbctl.sandbox.service import Operation
from sbctl.sandbox.snapshot.part import Part


class DynamoDbService:
    """All corrections of DynamoDB for one account. `replication` has the lag and the backlog."""

    name = "dynamodb"
    differs = (
        "Items replicate after a lag that varies about a mean, the last writer wins by the world's clock; "
        "strongly consistent global tables are absent.",
        "Items are deleted within an hour after their time to live.",
        "Capacity is metered as a unit an item that a request wrote, whatever its size, and no request is throttled for it.",
        "Expressions, queries and PartiQL are moto's; what it does not understand is answered as not modelled.",
    )

    def __init__(self, on: ServiceContext) -> None:
        groups = Groups(on.clock)
        tables = MotoTables(on.account)
        self._metrics = Metrics(on.clock, on.upstream, on.scheduler)
        self._tokens = Tokens(on.clock)
        self.replication = TableReplication(on, tables, groups, self._metrics.replicated)
        self._tables = DynamoDbOverrides(on, groups, self.replication)
        self._kept = KeptReplication(on.moto, groups, self.replication, self._tables.lock)
        self._expiry = Expiry(on, tables, self.replication)
        self._expiry.begin()
        self._items = Items(on.moto, tables, groups, self.replication, self._tokens, self._metrics.written)

    @property
    def operations(self) -> Mapping[str, Operation]:
        return self._tables.operations

    @property
    def relays(self) -> Mapping[str, Relay]:
        return self._items.relays

    @property
    def parts(self) -> Iterable[Part]:
        return [*self._kept.parts, self._tokens.part(), self._metrics.part()]

    def reset(self) -> None:
        self._tables.reset()
        self.replication.clear()
        self._tokens.clear()
        self._metrics.clear()
        self._expiry.begin()
