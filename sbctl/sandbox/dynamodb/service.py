"""DynamoDB as the sandbox has it: moto's tables and items, with states that take time, replicas, and items that replicate."""

from __future__ import annotations

from collections.abc import Mapping

from sbctl.sandbox.agenda import Agenda
from sbctl.sandbox.clock import WorldClock
from sbctl.sandbox.dynamodb.items import Items
from sbctl.sandbox.dynamodb.latency import Latency
from sbctl.sandbox.dynamodb.members import Groups
from sbctl.sandbox.dynamodb.overrides import DynamoDbOverrides
from sbctl.sandbox.dynamodb.replication import Replication
from sbctl.sandbox.dynamodb.surroundings import Faults
from sbctl.sandbox.dynamodb.tokens import Tokens
from sbctl.sandbox.hooks import Relay, Upstream
from sbctl.sandbox.moto_backends import MotoBackends
from sbctl.sandbox.moto_dynamodb import MotoTables
from sbctl.sandbox.service import Operation


class DynamoDbService:
    """All corrections of DynamoDB for one account. `replication` has the lag and the backlog."""

    name = "dynamodb"

    def __init__(
        self, clock: WorldClock, account: str, upstream: Upstream, moto: MotoBackends, agenda: Agenda, faults: Faults
    ) -> None:
        groups = Groups(clock)
        tables = MotoTables(account)
        self._latency = Latency(clock, upstream, agenda)
        self._tokens = Tokens(clock)
        self.replication = Replication(clock, moto, tables, groups, agenda, faults, self._latency.note)
        self._tables = DynamoDbOverrides(clock, account, upstream, groups, self.replication)
        self._items = Items(moto, tables, groups, self.replication, self._tokens)

    @property
    def operations(self) -> Mapping[str, Operation]:
        return self._tables.operations

    @property
    def relays(self) -> Mapping[str, Relay]:
        return self._items.relays

    def reset(self) -> None:
        self._tables.reset()
        self.replication.clear()
        self._tokens.clear()
        self._latency.clear()
