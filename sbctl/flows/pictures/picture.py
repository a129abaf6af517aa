"""A flow as a picture: named blocks, the main path, and edges that are joined where several lead the same way.

Every drawing (text, Mermaid, SVG) is made from this one value, so all of them show the same blocks and edges.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Role = Literal["prompt", "decision", "lambda", "transfer", "end", "other", "missing"]
Sort = Literal["next", "branch", "error"]
Change = Literal["", "added", "removed", "changed"]


@dataclass(frozen=True)
class Block:
    """A block. `title` is the console's name of its type, `words` the first of its text or target, "" where it has none."""

    id: str
    type: str
    title: str
    words: str
    role: Role
    reachable: bool = True
    change: Change = ""

    @property
    def name(self) -> str:
        """Title and words on one line."""
        return f"{self.title}: {self.words}" if self.words else self.title


@dataclass(frozen=True)
class Edge:
    """A way from one block to another. `main` where the usual call goes on; several errors to one block are one edge."""

    source: str
    target: str
    label: str
    sort: Sort
    main: bool = False
    change: Change = ""


@dataclass(frozen=True)
class Picture:
    """The blocks in the order of the file, and the edges in the order in which a block tries them."""

    start: str
    blocks: tuple[Block, ...]
    edges: tuple[Edge, ...]

    def by_id(self) -> Mapping[str, Block]:
        """The blocks by their identifiers."""
        return {block.id: block for block in self.blocks}

    def ways(self) -> Mapping[str, tuple[Edge, ...]]:
        """The edges by the block that they leave."""
        found: dict[str, list[Edge]] = {block.id: [] for block in self.blocks}
        for edge in self.edges:
            found.setdefault(edge.source, []).append(edge)
        return {name: tuple(edges) for name, edges in found.items()}
