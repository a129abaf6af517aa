"""Strongly connected components of a graph: which of its nodes lead to each other.

Tarjan's algorithm, with a stack of its own in place of recursion: a flow may have thousands of blocks in a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Links = Mapping[int, Sequence[int]]


@dataclass
class _Search:
    """What the search knows so far."""

    links: Links
    found: list[tuple[int, ...]] = field(default_factory=list)
    order: dict[int, int] = field(default_factory=dict)
    lowest: dict[int, int] = field(default_factory=dict)
    open: list[int] = field(default_factory=list)
    is_open: set[int] = field(default_factory=set)

    def enter(self, node: int) -> tuple[int, Iterator[int]]:
        self.order[node] = self.lowest[node] = len(self.order)
        self.open.append(node)
        self.is_open.add(node)
        return node, iter(self.links[node])

    def walk(self, start: int) -> None:
        way = [self.enter(start)]
        while way:
            node, rest = way[-1]
            following = next((one for one in rest if self._counts(node, one)), None)
            if following is not None:
                way.append(self.enter(following))
                continue
            way.pop()
            if way:
                above = way[-1][0]
                self.lowest[above] = min(self.lowest[above], self.lowest[node])
            self._close(node)

    def _counts(self, node: int, following: int) -> bool:
        """Whether the walk goes on to it; a node that is still open only lowers this one's mark."""
        if following not in self.order:
            return True
        if following in self.is_open:
            self.lowest[node] = min(self.lowest[node], self.order[following])
        return False

    def _close(self, node: int) -> None:
        if self.lowest[node] != self.order[node]:
            return
        place = len(self.open) - 1
        while self.open[place] != node:
            place -= 1
        members = tuple(self.open[place:])
        del self.open[place:]
        self.is_open.difference_update(members)
        self.found.append(members)


def components(links: Links) -> tuple[tuple[int, ...], ...]:
    """The components of a graph, each after those that it leads to. Every node that is linked to is a key."""
    search = _Search(links)
    for node in links:
        if node not in search.order:
            search.walk(node)
    return tuple(search.found)
