"""Strongly connected components of a graph: which of its nodes lead to each other.

Tarjan's algorithm, with a stack of its own in place of recursion: a flow may have thousands of blocks in a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

Links = Mapping[int, Sequence[int]]


def components(links: Links) -> tuple[tuple[int, ...], ...]:
    """The components of a graph, each after those that it leads to. Every node that is linked to is a key."""
    found: list[tuple[int, ...]] = []
    order: dict[int, int] = {}  # when a node was entered; beyond all others once its component is complete
    for node in links:
        if node not in order:
            _walk(node, links, order, found)
    return tuple(found)


def _walk(start: int, links: Links, order: dict[int, int], found: list[tuple[int, ...]]) -> None:
    """Everything behind a node that was not entered before."""
    complete = len(links)
    way: list[tuple[int, Iterator[int]]] = [(start, iter(links[start]))]
    entered = [start]
    lowest = {start: len(order)}
    order[start] = len(order)
    while way:
        node, rest = way[-1]
        for following in rest:
            if following not in order:
                order[following] = lowest[following] = len(order)
                entered.append(following)
                way.append((following, iter(links[following])))
                break
            if order[following] < lowest[node]:
                lowest[node] = order[following]
        else:
            way.pop()
            if way and lowest[node] < lowest[way[-1][0]]:
                lowest[way[-1][0]] = lowest[node]
            if lowest[node] == order[node]:
                place = _last(entered, node)
                members = tuple(entered[place:])
                del entered[place:]
                order.update(dict.fromkeys(members, complete))
                found.append(members)


def _last(entered: Sequence[int], node: int) -> int:
    """Where a node stands, seen from the end."""
    place = len(entered) - 1
    while entered[place] != node:
        place -= 1
    return place
