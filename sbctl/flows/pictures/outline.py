"""A flow as an outline: the main path in the first column, branches below the block that they leave, each block once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sbctl.core.text.cut import cut
from sbctl.flows.pictures.picture import Block, Change, Edge, Picture
from sbctl.flows.pictures.strands import DEEPEST, Fork, Strand, Telling, told_in_order

SIGNS: dict[Change, str] = {"": "", "added": "+", "removed": "-", "changed": "~"}
UNREACHABLE = "not reachable:"


@dataclass(frozen=True)
class Row:
    """A line of the outline. `rail` are the lines of the strands around it, `style` says what it is: a block's role and so on."""

    rail: str
    head: str
    """The number of a block, or the mark of an edge."""
    text: str
    words: str = ""
    style: str = ""
    change: Change = ""
    level: int = 0
    """Of a block twice the number of strands around it, of an edge one more than of its block."""

    def plain(self) -> str:
        """The line as text."""
        return f"{self.rail}{self._told()}".rstrip()

    def bare(self) -> str:
        """The same without the lines around it."""
        return self._told().strip()

    def _told(self) -> str:
        return f"{self.head}{self.text}  {self.words}" if self.words else f"{self.head}{self.text}"


def outline(picture: Picture, width: int = 0) -> list[Row]:
    """The rows of a picture; `width` in columns, beyond which words are cut, 0 for as long as they are."""
    writer = _Writer(picture, told_in_order(picture))
    rows = list(writer.all_rows())
    return [_cut(row, width) for row in rows] if width else rows


def _cut(row: Row, width: int) -> Row:
    room = width - len(row.rail) - len(row.head)
    text = cut(row.text, max(room, 1))
    words = cut(row.words, max(room - len(text) - 2, 0)) if row.words else ""
    return replace(row, text=text, words=words if len(words) > 1 else "")


def _all_changes(picture: Picture) -> Iterator[Change]:
    yield from (block.change for block in picture.blocks)
    yield from (edge.change for edge in picture.edges)


class _Writer:
    def __init__(self, picture: Picture, telling: Telling) -> None:
        self._blocks = picture.by_id()
        self._telling = telling
        self._numbers = telling.numbers
        self._digits = len(str(len(self._numbers) or 1))
        self._marks = any(_all_changes(picture))
        self._later: list[tuple[Edge, Strand]] = []
        self._told = 0
        """The number of the last block that was told; they are told in the order of numbers."""

    def all_rows(self) -> Iterator[Row]:
        yield from self._strand(self._telling.main, "", 0)
        if self._telling.unreachable:
            yield Row("", "", "")
            yield Row("", "", UNREACHABLE, style="note")
        for strand in self._telling.unreachable:
            yield from self._strand(strand, "", 0)
        while self._later:
            edge, strand = self._later.pop(0)
            yield Row("", "", "")
            label = f", {edge.label}" if edge.label else ""
            yield Row("", "", f"from block {self._numbers[edge.source]}{label}:", style="note")
            yield from self._strand(strand, "", 0)

    def _strand(self, strand: Strand, rail: str, level: int) -> Iterator[Row]:
        for place, name in enumerate(strand.blocks):
            yield replace(self._block(self._blocks[name], rail), level=2 * level)
            inner = rail + " " * (self._digits + (2 if self._marks else 0)) + " "
            on, last = strand.on.get(name), place + 1 == len(strand.blocks)
            onward = on if on is not None and (last or on.label or on.change) else None  # else the next line tells it
            forks = strand.below.get(name, [])
            for number, fork in enumerate(forks, 1):
                yield from self._fork(fork, inner, level, ends=onward is None and number == len(forks))
            if onward is not None:
                yield self._edge(inner, "▼ ", onward, self._see(onward) if last else "", level)

    def _block(self, block: Block, rail: str) -> Row:
        sign = f"{SIGNS[block.change] or ' '} " if self._marks else ""
        self._told = self._numbers[block.id]
        number = str(self._told).rjust(self._digits)
        style = block.role if block.reachable else "unreachable"
        return Row(rail, f"{sign}{number}  ", block.title, block.words, style, block.change)

    def _fork(self, fork: Fork, rail: str, level: int, *, ends: bool) -> Iterator[Row]:
        mark, inner = ("└ ", "  ") if ends else ("├ ", "│ ")
        if fork.strand is None:
            yield self._edge(rail, mark, fork.edge, self._see(fork.edge), level)
        elif level >= DEEPEST:
            self._later.append((fork.edge, fork.strand))
            yield self._edge(rail, mark, fork.edge, self._see(fork.edge), level)
        else:
            yield self._edge(rail, mark, fork.edge, "", level)
            yield from self._strand(fork.strand, rail + inner, level + 1)

    def _edge(self, rail: str, mark: str, edge: Edge, after: str, level: int) -> Row:
        sign = f"{SIGNS[edge.change]} " if edge.change else ""
        label = edge.label or "next"
        text = f"{label}: {after}" if after else label if mark == "▼ " else f"{label}:"
        style = "error" if edge.sort == "error" else "edge"
        return Row(rail, mark, f"{sign}{text}", style=style, change=edge.change, level=2 * level + 1)

    def _see(self, edge: Edge) -> str:
        number = self._numbers.get(edge.target, 0)
        if edge.target == edge.source:
            return "the same block again"
        return f"see block {number} {'above' if number <= self._told else 'below'}"
