"""What the rules of practice look at: a flow, its graph and what stands around it; and what a rule sees there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

from sbctl.core.flow_document import FlowDocument
from sbctl.files.positions import JsonPath
from sbctl.flows.language.graph import Block, Graph, graph_of
from sbctl.flows.language.references import Reference, block_texts, references
from sbctl.flows.lint.around import Around

_NUMBER = re.compile(r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)\s*")
_PLACEHOLDER = re.compile(r"\$\{([a-z-]+):([^}]*)\}(?::[\w$]+)?")
LONGEST_NUMBER = 30
"""Digits; no limit of the language comes near, and Python refuses to read a very long number."""


class Read(NamedTuple):
    """A reference, and where it stands."""

    block: Block
    path: JsonPath
    reference: Reference


@dataclass(frozen=True)
class Seen:
    """What a rule sees: a place, what is wrong with it, and what to do."""

    block: str
    path: JsonPath
    message: str
    fix: str
    level: Literal["error", "warning"] = "warning"


@dataclass(frozen=True)
class Subject:
    """A flow as the rules see it. What several of them need is computed once."""

    document: FlowDocument
    around: Around

    @cached_property
    def graph(self) -> Graph:
        """Its blocks and branches."""
        return graph_of(self.document.content)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks that a contact can reach. Where the start is unknown none is: other rules say so."""
        return tuple(block for block in self.graph.in_order() if block.number in self.graph.reachable)

    @cached_property
    def texts(self) -> tuple[tuple[Block, JsonPath, str], ...]:
        """Every text of every block, with its place; also of blocks that no contact reaches."""
        return tuple([(block, *one) for block in self.graph.in_order() for one in block_texts(block)])

    @cached_property
    def reads(self) -> Mapping[str, tuple[Read, ...]]:
        """Root → its references in blocks that a contact can reach."""
        found: dict[str, list[Read]] = {}
        reachable = self.graph.reachable
        for block, path, text in self.texts:
            if "$" in text and block.number in reachable:
                for reference in references(text):
                    found.setdefault(reference.root, []).append(Read(block, path, reference))
        return {root: tuple(reads) for root, reads in found.items()}

    @cached_property
    def _by_type(self) -> Mapping[str, list[Block]]:
        found: dict[str, list[Block]] = {}
        for block in self.blocks:
            found.setdefault(block.type, []).append(block)
        return found

    def of_type(self, *types: str) -> Sequence[Block]:
        """The reachable blocks of these types."""
        by_type = self._by_type
        if len(types) == 1:
            return by_type.get(types[0], ())
        return sorted((block for one in types for block in by_type.get(one, ())), key=lambda block: block.number)

    def numbers(self, holds: Callable[[Block], bool]) -> frozenset[int]:
        """The numbers of the reachable blocks for which something holds."""
        return frozenset(block.number for block in self.blocks if holds(block))

    @property
    def starts(self) -> tuple[int, ...]:
        """The start, as walks take it."""
        return () if self.graph.start is None else (self.graph.start,)


Find = Callable[[Subject], Iterator[Seen]]


def seen(block: Block, path: JsonPath, message: str, fix: str, level: Literal["error", "warning"] = "warning") -> Seen:
    """What a rule sees at a block."""
    return Seen(block.name, path, message, fix, level)


def whole(value: Any) -> int | None:
    """A whole number, as text or as a number; None for all else, as for a reference."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and len(value) <= LONGEST_NUMBER and re.fullmatch(r"\s*-?[0-9]+\s*", value):
        return int(value)
    return None


def decimal(text: str) -> float | None:
    """A number as Number* operators read it; None for another text."""
    return float(text) if len(text) <= LONGEST_NUMBER and _NUMBER.fullmatch(text) else None


def fixed(text: str) -> bool:
    """Whether a text is known when the flow is written: neither a reference nor a placeholder is in it."""
    return "$" not in text


def stands_for(text: str, kind: str) -> str:
    """The name in a placeholder that is all of a text: "Sales" of `${queue:Sales}`; "" where it is something else."""
    found = _PLACEHOLDER.fullmatch(text)
    return found[2] if found and found[1] == kind else ""


def listed(names: list[str], most: int = 5) -> str:
    """Names in a message: the first few, and how many more."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
