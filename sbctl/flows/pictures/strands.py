"""The order in which a picture is told: the main path first, every branch below the block that it leaves, each block once.

A strand is a row of blocks that follow each other. The main path takes its blocks first, then branches do, the shorter way
first; errors come after all of them, so that no path of ordinary calls hangs below an error.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sbctl.flows.pictures.picture import Edge, Picture

DEEPEST = 4
"""Levels of branches below branches; what hangs deeper is told after the rest."""


@dataclass
class Strand:
    """Blocks in a row. `on` is the edge by which one goes on: to the next of the row, or from the last to a block elsewhere."""

    blocks: list[str] = field(default_factory=list)
    on: dict[str, Edge] = field(default_factory=dict)
    below: dict[str, list[Fork]] = field(default_factory=dict)
    """By block: the other edges that leave it, in order."""


@dataclass
class Fork:
    """An edge that leaves a strand; `strand` None where it leads to a block that is told elsewhere."""

    edge: Edge
    strand: Strand | None = None


@dataclass(frozen=True)
class Telling:
    """All strands: that of the calls, and those that no call comes to. `numbers` are the blocks' in the order of telling."""

    main: Strand
    unreachable: tuple[Strand, ...]
    numbers: dict[str, int]


def told_in_order(picture: Picture) -> Telling:
    """The strands of a picture. Every block of it has a number."""
    teller = _Teller(picture)
    main = teller.from_(picture.start) if picture.start in teller.known else Strand()
    loose = []
    for name in [*_roots(picture), *(block.id for block in picture.blocks)]:
        if name not in teller.taken:
            loose.append(teller.from_(name))
    order = _order([main, *loose])
    return Telling(main, tuple(loose), {name: number for number, name in enumerate(order, 1)})


def _roots(picture: Picture) -> Iterator[str]:
    """Blocks that nothing leads to."""
    led = {edge.target for edge in picture.edges if edge.target != edge.source}
    return (block.id for block in picture.blocks if block.id not in led)


def _order(strands: Iterable[Strand]) -> Iterator[str]:
    """The blocks in the order of telling: what hangs below a block comes before what follows it, what hangs too deep at the end."""
    later: deque[Strand] = deque()
    for strand in strands:
        yield from _blocks(strand, later)
    while later:
        yield from _blocks(later.popleft(), later)


def _blocks(strand: Strand, later: deque[Strand]) -> Iterator[str]:
    left: list[tuple[Strand | str, int]] = [(strand, 0)]
    while left:
        one, level = left.pop()
        if isinstance(one, str):
            yield one
            continue
        if level > DEEPEST:
            later.append(one)
            continue
        parts: list[tuple[Strand | str, int]] = []
        for name in one.blocks:
            parts.append((name, level))
            parts.extend((fork.strand, level + 1) for fork in one.below.get(name, ()) if fork.strand is not None)
        left.extend(reversed(parts))


class _Teller:
    def __init__(self, picture: Picture) -> None:
        self._ways = picture.ways()
        self.known = {block.id for block in picture.blocks}
        self.taken: set[str] = set()

    def from_(self, start: str) -> Strand:
        first = self._strand(start)
        made = [first]
        self._grow(deque(made), made, errors=False)
        for strand in list(made):
            self._grow(deque([strand]), made, errors=True)
        self._place(made)
        return first

    def _strand(self, start: str) -> Strand:
        strand = Strand()
        at: str | None = start
        while at is not None and at not in self.taken:
            self.taken.add(at)
            strand.blocks.append(at)
            edge = self._onward(at)
            if edge is not None:
                strand.on[at] = edge
            at = edge.target if edge is not None and edge.target in self.known else None
        return strand

    def _onward(self, name: str) -> Edge | None:
        """The edge to go on by: the main one, else the first that leads to a block that is not told yet."""
        ways = [edge for edge in self._ways.get(name, ()) if edge.sort != "error"]
        main = [edge for edge in ways if edge.main]
        free = [edge for edge in ways if edge.target not in self.taken]
        return next(iter([*main, *free, *ways]), None)

    def _grow(self, queue: deque[Strand], made: list[Strand], *, errors: bool) -> None:
        """Strands for the edges that leave these ones, and for those that leave the new ones in turn."""
        while queue:
            strand = queue.popleft()
            for name in strand.blocks:
                for fork in self._forks(strand, name):
                    wanted = errors or fork.edge.sort != "error"
                    if wanted and fork.strand is None and fork.edge.target not in self.taken:
                        fork.strand = self._strand(fork.edge.target)
                        made.append(fork.strand)
                        queue.append(fork.strand)

    def _forks(self, strand: Strand, name: str) -> Iterable[Fork]:
        if name not in strand.below:
            on = strand.on.get(name)
            strand.below[name] = [Fork(edge) for edge in self._ways.get(name, ()) if edge is not on]
        return strand.below[name]

    def _place(self, made: Iterable[Strand]) -> None:
        for strand in made:
            for name in strand.blocks:
                self._forks(strand, name)
