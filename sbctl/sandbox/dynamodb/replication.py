"""Items of global tables (2019.11.21, eventual consistency): every write reaches every other replica, the last one wins.

All of this happens under moto's lock of the service, the same under which items are written. A deletion leaves the time of
its writing behind, so that an older put that arrives later does not bring the item back. What a replica receives it does
not pass on. A way that is interrupted keeps its changes, and delivers them when it heals.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from sbctl.sandbox.context import ServiceContext
from sbctl.sandbox.dynamodb.lag import TableLag
from sbctl.sandbox.dynamodb.members import Group, Groups, Member
from sbctl.sandbox.dynamodb.queue import ItemChange, Pair, TableBacklog, WriteQueue
from sbctl.sandbox.moto_bridge.dynamodb import Image, Key, MotoTable, MotoTables, copied

GRAIN_SECONDS = 0.05
"""Deliveries are rounded up to this, so that a burst of writes does not make as many small deliveries."""
PORTION = 200
"""Changes delivered under one holding of the lock, so that requests get their turn."""
BEFORE_ALL = -math.inf
"""The time of writing of what a table held before it had replicas."""

Delivered = Callable[[Pair, float], None]
"""Told of each change that arrived, with its latency in world seconds."""


class TableReplication:
    """The replication of one account's items. `lag` may be changed at any time.

    `queues`, `written`, `fillings` and `last`, the time of the last write, are also read and set by dynamodb/kept.py.
    """

    def __init__(self, on: ServiceContext, tables: MotoTables, groups: Groups, delivered: Delivered) -> None:
        self.lag = TableLag()
        self._clock = on.clock
        self._moto = on.moto
        self._tables = tables
        self._groups = groups
        self._agenda = on.scheduler
        self._faults = on.faults
        self._delivered = delivered
        self.queues: dict[Pair, WriteQueue] = {}
        self.written: dict[tuple[str, str], dict[Key, float]] = {}
        self.fillings: dict[Pair, Member] = {}
        self.last = 0.0
        # whoever changes the faults does not wait for the deliveries
        on.faults.listen(lambda: on.scheduler.after(0.0, self.resume))

    def clear(self) -> None:
        """Forget all changes, and the lag that was set."""
        with self._moto.alone("dynamodb"):
            self.lag = TableLag()
            self.queues.clear()
            self.written.clear()
            self.fillings.clear()

    def record(self, table: str, region: str, writes: Iterable[tuple[Key, Image | None]]) -> None:
        """Send what a request has just written in one region on its way. The caller holds the lock since the writing."""
        targets = self._groups.targets(table, region)
        if not targets:
            return
        known = self.written.setdefault((table, region), {})
        for key, image in writes:
            now = known[key] = self._moment()
            kept = copied(image)
            for target in targets:
                due = math.ceil((now + self.lag.draw()) / GRAIN_SECONDS) * GRAIN_SECONDS
                self.queue(Pair(table, region, target)).add(ItemChange(due, now, key, kept))
        for target in targets:
            self.book(Pair(table, region, target))

    def join(self, table: str, group: Group, region: str, source: str) -> None:
        """Begin a replica: with what is on its way to its source on its way to it, and the source's items to come.

        All in one step with the writes, so that each of them is either among these items or sent on its way.
        """
        with self._moto.alone("dynamodb"):
            found = self._tables.find(source, table)
            is_empty = found is None or found.is_empty()
            member = self._groups.join(table, group, region, source, filled=is_empty)
            for pair, queue in list(self.queues.items()):
                if (pair.table, pair.target) == (table, source):
                    # what an earlier replica in this region still owes comes back to it through the source
                    owing = Pair(table, source if pair.source == region else pair.source, region)
                    for change in queue.heap:
                        self.queue(owing).add(change)
                    self.book(owing)
            # an empty table, too, may know of deletions
            self.written[(table, region)] = dict(self.written.get((table, source), {})) if is_empty else {}
            if not is_empty:
                pair = Pair(table, source, region)
                self.fillings[pair] = member
                self.plan_filling(pair, member)

    def plan_filling(self, pair: Pair, member: Member) -> None:
        """See to it that a new replica gets its source's items when it is ready for them."""
        self._agenda.at(member.ready_at, lambda: self._fill(pair))

    def leave(self, table: str, region: str) -> None:
        """A replica ends: nothing more goes to it; what it wrote still reaches the others."""
        with self._moto.alone("dynamodb"):
            self.written.pop((table, region), None)
            for pairs in (self.queues, self.fillings):
                for pair in [pair for pair in pairs if (pair.table, pair.target) == (table, region)]:
                    del pairs[pair]

    def backlog(self) -> list[TableBacklog]:
        """What waits, by pair; pairs with nothing to deliver are left out."""
        with self._moto.alone("dynamodb"):
            now = self._clock.seconds()
            return [queue.backlog(pair, now) for pair, queue in sorted(self.queues.items()) if queue.heap]

    def resume(self) -> None:
        """Try all ways again, because something has changed."""
        with self._moto.alone("dynamodb"):
            pairs, fillings = list(self.queues), list(self.fillings)
        for pair in fillings:
            self._fill(pair)
        for pair in pairs:
            self._deliver(pair)

    def _moment(self) -> float:
        """The world's time, made later than that of any write before."""
        self.last = max(self._clock.seconds(), math.nextafter(self.last, math.inf))
        return self.last

    def queue(self, pair: Pair) -> WriteQueue:
        """What is on its way from one replica to another."""
        return self.queues.setdefault(pair, WriteQueue())

    def book(self, pair: Pair) -> None:
        """See to it that the next change of a pair is delivered in time."""
        queue = self.queue(pair)
        if queue.heap and (queue.booked is None or queue.heap[0].due < queue.booked):
            queue.booked = queue.heap[0].due
            self._agenda.at(queue.booked, lambda: self._deliver(pair))

    def _deliver(self, pair: Pair) -> None:
        """Put what is due into the target, portion by portion; all else stays for another time."""
        while self._deliver_portion(pair):
            pass

    def _deliver_portion(self, pair: Pair) -> bool:
        with self._moto.alone("dynamodb"):
            queue = self.queues.get(pair)
            if queue is None or self._is_paused(pair):
                return False
            queue.booked = None
            now = self._clock.seconds()
            changes = queue.due(now, PORTION)
            table = self._tables.find(pair.target, pair.table)
            for change in changes:
                if table is not None:
                    self._apply(table, pair.target, change.key, change.written, change.image)
                    self._delivered(pair, now - change.written)
            if len(changes) < PORTION:
                self.book(pair)
            return len(changes) == PORTION

    def _apply(self, table: MotoTable, region: str, key: Key, written: float, image: Image | None) -> None:
        known = self.written.setdefault((table.name, region), {})
        earlier = known.get(key)
        if earlier is None or written > earlier:
            known[key] = written
            table.put(key, image)

    def _fill(self, pair: Pair) -> None:
        """Give a new replica the items that its source holds, and the times of what was deleted there."""
        with self._moto.alone("dynamodb"):
            member = self.fillings.get(pair)
            if member is None or member.ready_at > self._clock.seconds() or self._is_paused(pair):
                return
            del self.fillings[pair]
            source = self._tables.find(pair.source, pair.table)
            target = self._tables.find(pair.target, pair.table)
            times = self.written.get((pair.table, pair.source), {})
            if source is not None and target is not None:
                images = dict(source.images())
                for key in {**images, **times}:
                    self._apply(target, pair.target, key, times.get(key, BEFORE_ALL), images.get(key))
            member.filled = True

    def _is_paused(self, pair: Pair) -> bool:
        return self._faults.replication_paused("dynamodb", pair.source, pair.target, resource=pair.table)
