"""Which tasks of a plan may start now: after what they need, few at once in a region, and first what most waits for.

A rate limit lets hundreds of queues through one by one. Were tasks begun in the order of the plan, these would hold every
thread of their region for minutes, while the few tasks on which the longest chain hangs (function, health check, records) wait.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Mapping

from sbctl.core.kinds.order import ordered
from sbctl.engine.apply.graph import Graph, Task


def heights(graph: Graph) -> dict[Task, int]:
    """For each task how many follow it on the longest chain of those that need it. Raises SbctlError for a circle."""
    found = dict.fromkeys(graph, 0)
    for task in reversed(ordered(graph)):
        for before in graph[task]:
            found[before] = max(found[before], found[task] + 1)
    return found


class Schedule:
    """Hands out the tasks of one run. `at_once` is how many may be under way in a region. Not thread-safe."""

    def __init__(self, graph: Graph, regions: Mapping[Task, str], at_once: int) -> None:
        self._graph = graph
        self._regions = regions
        self._at_once = at_once
        self._heights = heights(graph)
        self._places = {task: place for place, task in enumerate(graph)}
        self._missing = {task: len(needs) for task, needs in graph.items()}
        self._followers: dict[Task, list[Task]] = defaultdict(list)
        for task, needs in graph.items():
            for before in needs:
                self._followers[before].append(task)
        self._ready: dict[str, list[tuple[int, int, Task]]] = defaultdict(list)
        self._under_way: Counter[str] = Counter()
        self._out: set[Task] = set()
        for task, missing in self._missing.items():
            if not missing:
                self._make_ready(task)

    def start(self) -> list[Task]:
        """The tasks to begin now. They are under way until `done` or `failed` is told of them."""
        begun = []
        for region, ready in self._ready.items():
            while ready and self._under_way[region] < self._at_once:
                begun.append(heapq.heappop(ready)[-1])
                self._under_way[region] += 1
        return begun

    def done(self, task: Task) -> None:
        """The task has come to its end, so that others may begin."""
        self._under_way[self._regions[task]] -= 1
        for follower in self._followers[task]:
            self._missing[follower] -= 1
            if not self._missing[follower]:
                self._make_ready(follower)

    def failed(self, task: Task) -> list[Task]:
        """The task was not done; the tasks that can therefore no longer begin."""
        self._under_way[self._regions[task]] -= 1
        stopped = [task]
        for one in stopped:
            lost = [follower for follower in self._followers[one] if follower not in self._out]
            self._out.update(lost)
            stopped += lost
        return stopped[1:]

    def drop(self) -> None:
        """Nothing more is to begin; what is under way goes on."""
        self._out.update(self._graph)
        self._ready.clear()

    def _make_ready(self, task: Task) -> None:
        if task not in self._out:
            heapq.heappush(self._ready[self._regions[task]], (-self._heights[task], self._places[task], task))
