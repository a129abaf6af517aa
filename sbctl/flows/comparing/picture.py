"""One picture of two flows: the newer one, with what is new, gone and different marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sbctl.flows.comparing.changes import BlockChange, Comparison
from sbctl.flows.pictures.compose import picture_of
from sbctl.flows.pictures.picture import Block, Edge, Picture

BEFORE = " (before)"


def compared_picture(before: Any, after: Any, comparison: Comparison) -> Picture:
    """The blocks of both, those of the older flow that are gone at the end; edges that are gone lie beside the new ones."""
    old, new = picture_of(before), picture_of(after)
    if not comparison.changes:
        return new
    names = _names(old, new, comparison.pairs)
    marks = {change.block: change for change in comparison.changes if change.change != "removed"}
    blocks = [_marked(block, marks) for block in new.blocks]
    taken = {block.id for block in new.blocks}
    blocks += [
        replace(block, id=names[block.id], change="removed", reachable=True)
        for block in old.blocks
        if names[block.id] not in taken
    ]
    return Picture(new.start, tuple(blocks), tuple(_edges(old, new, names)))


def _names(old: Picture, new: Picture, pairs: Mapping[str, str]) -> dict[str, str]:
    """Identifier of an old block → that of the same block in the picture."""
    back = {before: after for after, before in pairs.items()}
    used = {block.id for block in new.blocks}
    missing = {block.id for block in new.blocks if block.role == "missing"}
    found = {}
    for block in old.blocks:
        alike = block.role == "missing" and block.id in missing
        own = block.id if block.id not in used or alike else f"{block.id}{BEFORE}"
        found[block.id] = back.get(block.id, own)
    return found


def _marked(block: Block, marks: Mapping[str, BlockChange]) -> Block:
    change = marks.get(block.id)
    return replace(block, change=change.change) if change else block


def _edges(old: Picture, new: Picture, names: Mapping[str, str]) -> list[Edge]:
    there = {
        (names.get(edge.source, edge.source), names.get(edge.target, edge.target), edge.label): edge
        for edge in old.edges
    }
    here = {(edge.source, edge.target, edge.label) for edge in new.edges}
    edges = [
        edge if (edge.source, edge.target, edge.label) in there else replace(edge, change="added") for edge in new.edges
    ]
    edges += [
        replace(edge, source=key[0], target=key[1], main=False, change="removed")
        for key, edge in there.items()
        if key not in here
    ]
    return edges
