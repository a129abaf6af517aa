"""A picture with what flow tests passed: blocks and edges that no test took are marked as such."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sbctl.flows.pictures.picture import Block, Edge, Picture

NOT_TESTED = "not tested"


def untested_blocks(picture: Picture, passed: Collection[str]) -> tuple[Block, ...]:
    """The blocks that a call can come to and no test did."""
    return tuple(block for block in picture.blocks if block.reachable and block.id not in passed)


def untested_edges(picture: Picture, taken: Collection[tuple[str, str]]) -> tuple[Edge, ...]:
    """The edges that no test took, errors too that no test can bring about. `taken` are pairs of blocks, one after the other."""
    reached = {block.id for block in picture.blocks if block.reachable}
    return tuple(edge for edge in picture.edges if edge.source in reached and (edge.source, edge.target) not in taken)


def marked(picture: Picture, blocks: Collection[Block], edges: Collection[Edge]) -> Picture:
    """The picture with a mark on these blocks and edges, which every form of drawing shows."""
    return replace(
        picture,
        blocks=tuple(
            replace(block, words=f"{block.words} ({NOT_TESTED})" if block.words else f"({NOT_TESTED})")
            if block in blocks
            else block
            for block in picture.blocks
        ),
        edges=tuple(
            replace(edge, label=f"{edge.label} ({NOT_TESTED})" if edge.label else f"({NOT_TESTED})")
            if edge in edges
            else edge
            for edge in picture.edges
        ),
    )
