"""Dependency order of steps, and circles as a problem that names the loop."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Generic, TypeVar

from sbctl.core.problem import Exit, Problem, SbctlError

Node = TypeVar("Node", bound=Hashable)


def unwound(needs: Mapping[Node, Iterable[Node]]) -> dict[Node, set[Node]]:
    """The same needs without circles: of each circle one edge is dropped. For deletes, where a circle has no first."""
    kept = {node: {other for other in before if other in needs and other != node} for node, before in needs.items()}
    while True:
        try:
            TopologicalSorter(kept).prepare()
        except CycleError as error:
            loop = error.args[1]
            # graphlib lists a circle so that each node is needed by the next
            kept[loop[1]].discard(loop[0])
        else:
            return kept


def circles(needs: Mapping[Node, Iterable[Node]]) -> dict[Node, frozenset[Node]]:
    """For each node that needs itself by way of others, all nodes that do so together with it (Tarjan's algorithm)."""
    walk = _CircleWalk({node: [other for other in before if other in needs] for node, before in needs.items()})
    for node in needs:
        walk.visit(node)
    return walk.found


class _CircleWalk(Generic[Node]):
    """One walk through a graph, without recursion: chains of a thousand resources are no circle."""

    def __init__(self, needs: Mapping[Node, list[Node]]) -> None:
        self._needs = needs
        self._number: dict[Node, int] = {}
        self._lowest: dict[Node, int] = {}
        self._open: dict[Node, None] = {}
        """Visited and not yet in a group, in the order of their visits."""
        self.found: dict[Node, frozenset[Node]] = {}

    def visit(self, start: Node) -> None:
        """Follow everything that `start` needs and that was not visited before."""
        if start in self._number:
            return
        path = [(self._enter(start), iter(self._needs[start]))]
        while path:
            node, rest = path[-1]
            following = next((other for other in rest if self._see(node, other)), None)
            if following is not None:
                path.append((self._enter(following), iter(self._needs[following])))
                continue
            path.pop()
            self._leave(node)
            if path:
                above = path[-1][0]
                self._lowest[above] = min(self._lowest[above], self._lowest[node])

    def _enter(self, node: Node) -> Node:
        self._number[node] = self._lowest[node] = len(self._number)
        self._open[node] = None
        return node

    def _see(self, node: Node, other: Node) -> bool:
        """Whether `other` is still to be visited."""
        if other not in self._number:
            return True
        if other in self._open:
            self._lowest[node] = min(self._lowest[node], self._number[other])
        return False

    def _leave(self, node: Node) -> None:
        if self._lowest[node] != self._number[node]:
            return
        group: list[Node] = []
        while not group or group[-1] != node:
            group.append(self._open.popitem()[0])
        if len(group) > 1 or node in self._needs[node]:
            self.found.update(dict.fromkeys(group, frozenset(group)))


def ordered(needs: Mapping[Node, Iterable[Node]]) -> list[Node]:
    """Nodes so that each comes after what it needs; ties in the order given. Raises SbctlError naming a circle."""
    sorter: TopologicalSorter[Node] = TopologicalSorter()
    for node, before in needs.items():
        sorter.add(node, *[other for other in before if other in needs])
    try:
        return list(sorter.static_order())
    except CycleError as error:
        loop = " → ".join(str(node) for node in error.args[1])
        raise SbctlError(
            Problem(
                code="reference-circle",
                summary="Resources need each other in a circle",
                detail=loop,
                fix="Break the circle in the config: one of these must not refer to the next.",
                exit=Exit.USAGE,
            )
        ) from error
