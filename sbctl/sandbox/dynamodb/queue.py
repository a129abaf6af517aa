"""What one replica still owes another: changes in the order in which they are due."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import NamedTuple

from sbctl.sandbox.moto_bridge.dynamodb import Image, Key


class Pair(NamedTuple):
    """A way that changes of a table take."""

    table: str
    source: str
    target: str


class ItemChange(NamedTuple):
    """One write. `written` is its time by the world's clock, by which the last writer wins; no two have the same.

    `image` is what the key held after it; None for a deletion.
    """

    due: float
    written: float
    key: Key
    image: Image | None


@dataclass(frozen=True)
class TableBacklog:
    """What waits on one way: how many changes, and how many world seconds ago the oldest was written."""

    table: str
    source: str
    target: str
    pending: int
    oldest_seconds: float


@dataclass
class WriteQueue:
    """The changes of one pair. `booked` is when the next delivery is planned."""

    heap: list[ItemChange] = field(default_factory=list)
    booked: float | None = None

    def add(self, change: ItemChange) -> None:
        heapq.heappush(self.heap, change)

    def due(self, now: float, most: int) -> list[ItemChange]:
        """Take what is due, at most so many."""
        found: list[ItemChange] = []
        while self.heap and self.heap[0].due <= now and len(found) < most:
            found.append(heapq.heappop(self.heap))
        return found

    def backlog(self, pair: Pair, now: float) -> TableBacklog:
        oldest = min((change.written for change in self.heap), default=now)
        return TableBacklog(*pair, pending=len(self.heap), oldest_seconds=max(0.0, now - oldest))
