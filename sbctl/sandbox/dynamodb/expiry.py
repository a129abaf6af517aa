"""Time to live: items whose time is over are deleted by the world's clock, a while later, in every region where they are.

AWS says within a few days, and that such items are still seen until then; here it is looked once an hour.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html and time-to-live-ttl-streams.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sbctl.sandbox.context import ServiceContext
from sbctl.sandbox.dynamodb.replication import TableReplication
from sbctl.sandbox.moto_bridge.dynamodb import Key, MotoTable, MotoTables

PERIOD_SECONDS = 3600.0
OLDEST_SECONDS = 5 * 365 * 86_400.0
"""A time further back is taken for a mistake, and the item stays."""


class Expiry:
    """Deletes what has expired in one account."""

    def __init__(self, on: ServiceContext, tables: MotoTables, replication: TableReplication) -> None:
        self._clock = on.clock
        self._moto = on.moto
        self._agenda = on.scheduler
        self._faults = on.faults
        self._tables = tables
        self._replication = replication

    def begin(self) -> None:
        """Look once an hour, on a fresh scheduler."""
        self._agenda.every(PERIOD_SECONDS, self.sweep)

    def sweep(self) -> None:
        """Delete what has expired by now; not where DynamoDB is down."""
        if not self._moto.loaded:
            return
        with self._moto.looking("dynamodb"):
            is_any = any(True for _ in self._expired())
        if is_any:
            with self._moto.alone("dynamodb"):
                for region, table, keys in list(self._expired()):
                    for key in keys:
                        table.expire(key)
                    self._replication.record(table.name, region, [(key, None) for key in keys])

    def _expired(self) -> Iterator[tuple[str, MotoTable, list[Key]]]:
        now = self._clock.seconds()
        for region in self._tables.regions():
            if self._faults.service_is_down("dynamodb", region):
                continue
            for table in self._tables.all(region):
                keys = table.expired(now - OLDEST_SECONDS, now)
                if keys:
                    yield region, table, keys
