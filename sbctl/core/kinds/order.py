"""Dependency order of steps, and circles as a problem that names the loop."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

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
