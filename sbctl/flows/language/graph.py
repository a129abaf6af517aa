"""A flow's content as a graph: blocks, what leads from one to another, and which of them a contact can reach.

Made of any content, however damaged: what has not the form of an action is no block, and a branch to nothing is no edge.
Every walk takes time in proportion to blocks and edges, and none is recursive.
https://docs.aws.amazon.com/connect/latest/devguide/flow-language-actions.html
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

from sbctl.files.positions import JsonPath
from sbctl.flows.language.components import components

NOTHING: Mapping[str, Any] = {}
SEQUENCES = (list, tuple)
MAPPINGS = (dict, Mapping)
"""The plain type first: to ask for the abstract one is slow."""
LISTS = {"condition": "Conditions", "error": "Errors"}
"""What leads on → its list in the transitions."""


class Branch(NamedTuple):
    """What an action says of where to go next, whether or not that exists."""

    how: Literal["next", "condition", "error"]
    target: str
    """Identifier of the block that it leads to; "" where it names none."""
    block: int
    number: int = 0
    """Its place among the conditions or errors."""
    operator: str = ""
    operands: tuple[Any, ...] = ()
    operand: str = ""
    """The operand of a condition, which has exactly one; "" where it is not a text."""
    error: str = ""

    @property
    def path(self) -> JsonPath:
        """Where it stands in the content: ("Actions", 3, "Transitions", "Errors", 0)."""
        inside = ("NextAction",) if self.how == "next" else (LISTS[self.how], self.number)
        return ("Actions", self.block, "Transitions", *inside)


class Block(NamedTuple):
    """An action of a flow. `number` is its place in `Actions`."""

    number: int
    name: str
    """Its identifier; "" where that is not a text."""
    type: str
    parameters: Mapping[str, Any]
    branches: tuple[Branch, ...]
    conditions: tuple[Branch, ...]
    """Its branches by condition, in their order."""

    @property
    def path(self) -> JsonPath:
        """Where it stands in the content."""
        return ("Actions", self.number)

    def at(self, *names: str | int) -> JsonPath:
        """The place of a parameter."""
        return ("Actions", self.number, "Parameters", *names)

    def text(self, name: str) -> str:
        """A parameter that is a text; "" where there is none."""
        found = self.parameters.get(name)
        return found if isinstance(found, str) else ""

    def mapping(self, name: str) -> Mapping[str, Any]:
        """A parameter that is an object; empty where there is none."""
        return _mapping(self.parameters.get(name))


class Edge(NamedTuple):
    """A branch that leads to a block. `source` and `target` are numbers of blocks."""

    source: int
    target: int
    branch: Branch


Avoided = Callable[[Edge], bool]


@dataclass(frozen=True)
class Graph:
    """The blocks of a flow and the edges between them."""

    blocks: Mapping[int, Block]
    """By their place in `Actions`; what is not an object there is left out."""
    start: int | None
    """The block that StartAction names; None where it names none."""

    @cached_property
    def named(self) -> Mapping[str, int]:
        """Identifier → block; the first one, where two have the same."""
        return {block.name: block.number for block in reversed([*self.blocks.values()]) if block.name}

    @cached_property
    def out(self) -> Mapping[int, tuple[Edge, ...]]:
        """Block → its edges: the next action first, then conditions and errors in their order."""
        named = self.named
        return {
            number: tuple(
                [Edge(number, named[branch.target], branch) for branch in block.branches if branch.target in named]
            )
            for number, block in self.blocks.items()
        }

    @cached_property
    def reachable(self) -> frozenset[int]:
        """The blocks that a contact can come to; none where the start is not a block."""
        return self.reached(() if self.start is None else (self.start,))

    def reached(
        self, starts: Iterable[int], *, without: Collection[int] = (), avoided: Avoided | None = None
    ) -> frozenset[int]:
        """The starts and all blocks behind them. What is in `without` is reached, and nothing is reached through it."""
        seen = set(starts)
        waiting = list(seen)
        while waiting:
            number = waiting.pop()
            if number in without:
                continue
            for edge in self.out[number]:
                if edge.target not in seen and not (avoided and avoided(edge)):
                    seen.add(edge.target)
                    waiting.append(edge.target)
        return frozenset(seen)

    def after(self, blocks: Iterable[int], *, without: Collection[int] = ()) -> frozenset[int]:
        """All blocks behind these; one of these too where a way leads back to it."""
        following = {edge.target for number in blocks for edge in self.out[number]}
        return self.reached(following, without=without)

    def components(self, among: Collection[int] | None = None) -> tuple[tuple[int, ...], ...]:
        """The strongly connected components of these blocks (all): each after those that it leads to."""
        if among is None:
            return self._components
        inside = set(among)
        return components({n: [edge.target for edge in self.out[n] if edge.target in inside] for n in sorted(inside)})

    @cached_property
    def _components(self) -> tuple[tuple[int, ...], ...]:
        return components({number: [edge.target for edge in edges] for number, edges in self.out.items()})

    def cycles(self, among: Collection[int] | None = None) -> tuple[tuple[int, ...], ...]:
        """The components that are circles: a contact can come back to each block of them without leaving these blocks."""
        return self._cycles if among is None else self._circles(self.components(among))

    @cached_property
    def _cycles(self) -> tuple[tuple[int, ...], ...]:
        return self._circles(self._components)

    def _circles(self, found: Iterable[tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
        """Those of the components that are circles, in the order of their first blocks."""
        return tuple(sorted(tuple(sorted(one)) for one in found if len(one) > 1 or self._returns(one[0])))

    def _returns(self, number: int) -> bool:
        """Whether a block leads to itself."""
        return any(edge.target == number for edge in self.out[number])

    def in_order(self) -> Iterator[Block]:
        """The blocks in the order of the content."""
        yield from self.blocks.values()


def graph_of(content: Mapping[str, Any]) -> Graph:
    """The graph of a flow's content."""
    actions = content.get("Actions")
    found = actions if isinstance(actions, list | tuple) else ()
    blocks = {number: _block(number, action) for number, action in enumerate(found) if isinstance(action, MAPPINGS)}
    start = content.get("StartAction")
    graph = Graph(blocks, None)
    return Graph(blocks, graph.named.get(start) if isinstance(start, str) else None)


def _block(number: int, action: Mapping[str, Any]) -> Block:
    transitions = _mapping(action.get("Transitions"))
    branches = [Branch("next", _text(transitions["NextAction"]), number)] if "NextAction" in transitions else []
    conditions: list[Branch] = []
    if rows := transitions.get("Conditions"):
        conditions = [
            _condition(number, place, one) for place, one in enumerate(_list(rows)) if isinstance(one, MAPPINGS)
        ]
        branches += conditions
    if rows := transitions.get("Errors"):
        branches += [_error(number, place, one) for place, one in enumerate(_list(rows)) if isinstance(one, MAPPINGS)]
    name, kind = action.get("Identifier"), action.get("Type")
    parameters = _mapping(action.get("Parameters"))
    return Block(number, _text(name), _text(kind), parameters, tuple(branches), tuple(conditions))


def _condition(block: int, number: int, found: Mapping[str, Any]) -> Branch:
    condition = _mapping(found.get("Condition"))
    operator, operands = _text(condition.get("Operator")), tuple(_list(condition.get("Operands")))
    only = _text(operands[0]) if len(operands) == 1 else ""
    return Branch("condition", _text(found.get("NextAction")), block, number, operator, operands, only)


def _error(block: int, number: int, found: Mapping[str, Any]) -> Branch:
    return Branch("error", _text(found.get("NextAction")), block, number, "", (), "", _text(found.get("ErrorType")))


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, SEQUENCES) else ()


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, MAPPINGS) else NOTHING


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
