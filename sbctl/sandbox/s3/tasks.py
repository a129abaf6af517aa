"""The queue of copies to be made: what is pending for each pair of buckets, and what became of each version's copies."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

from sbctl.sandbox.s3.rules import WantedRule

Kind = Literal["object", "marker", "changes"]
Pair = tuple[str, str]
"""Source bucket and destination bucket."""
Copied = tuple[str, str, str]
"""Bucket, key and version id."""


@dataclass(frozen=True)
class Task:
    """One version to be copied to one destination. `written` and `due` are in world seconds, `size` in bytes."""

    kind: Kind
    bucket: str
    key: str
    version: str
    size: int
    written: float
    due: float
    source_region: str
    target_region: str
    wanted: WantedRule

    @property
    def pair(self) -> Pair:
        return self.bucket, self.wanted.destination


@dataclass(frozen=True)
class CopyBacklog:
    """What waits under one rule: how many copies, their bytes, and how many world seconds ago the oldest was written.

    `bucket` and `destination` are names of buckets, `source` and `target` their regions, `rule` is the rule's id.
    """

    bucket: str
    destination: str
    source: str
    target: str
    rule: str
    pending: int
    bytes: int
    oldest_seconds: float


@dataclass
class _Open:
    """The copies of one version that are still to be made."""

    left: int = 0
    failed: bool = False


@dataclass
class CopyQueue:
    """Tasks in the order in which they are due, for each pair. Thread-safe; a task is pending until it is settled."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _waiting: dict[Pair, list[tuple[float, int, Task]]] = field(default_factory=dict)
    _taken: dict[int, Task] = field(default_factory=dict)
    _open: dict[Copied, _Open] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()
            self._taken.clear()
            self._open.clear()

    def add(self, task: Task) -> None:
        with self._lock:
            heapq.heappush(self._waiting.setdefault(task.pair, []), (task.due, next(self._numbers), task))
            if task.kind == "object":
                self._open.setdefault((task.bucket, task.key, task.version), _Open()).left += 1

    def taken_down(self) -> tuple[dict[int, Task], set[Copied]]:
        """All that is to be copied, by number, and the versions of which a copy has failed: to be kept."""
        with self._lock:
            waiting = [(number, task) for heap in self._waiting.values() for _, number, task in heap]
            tasks = dict(sorted([*self._taken.items(), *waiting], key=lambda entry: entry[0]))
            return tasks, {version for version, found in self._open.items() if found.failed}

    def mark_failed(self, versions: Iterable[Copied]) -> None:
        """Remember of versions whose other copies are still to be made that one has failed."""
        with self._lock:
            for version in versions:
                if version in self._open:
                    self._open[version].failed = True

    def take(self, now: float, held_back: Callable[[Task], bool]) -> tuple[int, Task] | None:
        """The next task that is due, by its number; of a pair that is held back there is none."""
        with self._lock:
            for pair, heap in self._waiting.items():
                if heap and heap[0][0] <= now and not held_back(heap[0][2]):
                    _, number, task = heapq.heappop(heap)
                    self._taken[number] = task
                    if not heap:
                        del self._waiting[pair]
                    return number, task
        return None

    def settle(self, number: int, *, failed: bool) -> str:
        """A task is done. The status of its version from now on; "" when that stays as it is.

        FAILED as soon as one copy failed, COMPLETED when all are made, until then PENDING.
        """
        with self._lock:
            task = self._taken.pop(number, None)
            if task is None:
                return ""
            if task.kind != "object":
                return "FAILED" if failed else ""
            version = (task.bucket, task.key, task.version)
            found = self._open[version]
            found.left -= 1
            found.failed = found.failed or failed
            if not found.left:
                del self._open[version]
            if found.failed:
                return "FAILED"
            return "" if found.left else "COMPLETED"

    def backlog(self, now: float) -> list[CopyBacklog]:
        """What is pending, for each pair and rule, by name."""
        groups: dict[tuple[Pair, str], list[Task]] = {}
        for task in self._pending():
            groups.setdefault((task.pair, task.wanted.rule), []).append(task)
        return [
            CopyBacklog(
                bucket=pair[0],
                destination=pair[1],
                source=tasks[0].source_region,
                target=tasks[0].target_region,
                rule=rule,
                pending=len(tasks),
                bytes=sum(task.size for task in tasks),
                oldest_seconds=max(now - task.written for task in tasks),
            )
            for (pair, rule), tasks in sorted(groups.items())
        ]

    def _pending(self) -> list[Task]:
        with self._lock:
            return [*self._taken.values(), *(entry[2] for heap in self._waiting.values() for entry in heap)]
