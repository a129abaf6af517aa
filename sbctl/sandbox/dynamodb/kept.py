"""What is kept of replication: the replicas, the lag, what is on its way, and when each key was written last.

Everything here is asked for while nothing in DynamoDB changes. What was on its way is booked anew for when it is due.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from sbctl.sandbox.dynamodb.members import Groups
from sbctl.sandbox.dynamodb.queue import Pair
from sbctl.sandbox.dynamodb.replication import TableReplication
from sbctl.sandbox.moto_bridge.backends import MotoBackends
from sbctl.sandbox.snapshot.part import Owned, Part, Pieces, Whole


class KeptReplication:
    """The parts of one account's replication. `lock` is that of the operations on tables."""

    def __init__(
        self, moto: MotoBackends, groups: Groups, replication: TableReplication, lock: AbstractContextManager[Any]
    ) -> None:
        self._moto = moto
        self._groups = groups
        self._replication = replication
        self._lock = lock

    @property
    def parts(self) -> Iterable[Part]:
        return [
            # one row, because what fills a replica is a member of its group
            Whole("dynamodb.replicas", self._replicas, self._put_replicas, lambda: self._lock),
            Pieces("dynamodb.queues", self._changes, self._put_changes, self._moved),
            Pieces("dynamodb.written", self._times, self._put_times, self._moved),
        ]

    def _moved(self) -> int:
        return self._moto.uses("dynamodb")

    def _replicas(self) -> Any:
        on = self._replication
        return self._groups.taken(), on.fillings, on.lag, on.last

    def _put_replicas(self, state: Any) -> None:
        on = self._replication
        groups, on.fillings, on.lag, on.last = state
        self._groups.restore_state(groups)
        for pair, member in on.fillings.items():
            on.plan_filling(pair, member)

    def _changes(self) -> Owned:
        return {
            json.dumps(pair): {change.written: change for change in queue.heap}
            for pair, queue in self._replication.queues.items()
        }

    def _put_changes(self, pieces: Owned) -> None:
        for owner, changes in pieces.items():
            pair = Pair(*json.loads(owner))
            queue = self._replication.queue(pair)
            queue.heap = list(changes.values())
            heapq.heapify(queue.heap)
            self._replication.book(pair)

    def _times(self) -> Owned:
        return {json.dumps(place): times for place, times in self._replication.written.items()}

    def _put_times(self, pieces: Owned) -> None:
        for owner, times in pieces.items():
            table, region = json.loads(owner)
            self._replication.written[(table, region)] = dict(times)
