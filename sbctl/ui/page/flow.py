"""A flow, or the comparison of two, as one HTML page that stands by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sbctl.flows.pictures.strands import told_in_order
from sbctl.flows.pictures.svg import svg
from sbctl.ui.page.shell import page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sbctl.flows.pictures.picture import Block, Edge, Picture

TEMPLATE = "flow.html.j2"
ROLES = {
    "prompt": "prompt or input",
    "decision": "decision",
    "lambda": "Lambda function",
    "transfer": "queue, transfer, module",
    "end": "end",
    "other": "other",
    "missing": "missing block",
}
CHANGES = {"added": "added", "removed": "removed", "changed": "changed"}


def flow_page(
    title: str, about: str, picture: Picture, changes: Sequence[Mapping[str, Any]] = (), note: str = ""
) -> str:
    """The page of a picture. `changes` are rows of a comparison; `note` is a sentence on it."""
    numbers = told_in_order(picture).numbers
    blocks = sorted(picture.blocks, key=lambda block: numbers[block.id])
    ways = picture.ways()
    return page(
        TEMPLATE,
        title=title,
        about=about,
        note=note,
        changes=changes,
        picture=Markup(svg(picture, title)),
        blocks=[_row(block, numbers, ways[block.id]) for block in blocks],
        legend=[(role, text) for role, text in ROLES.items() if any(block.role == role for block in blocks)],
        compared=[name for name in CHANGES if any(block.change == name for block in blocks)],
        unreachable=sum(1 for block in blocks if not block.reachable and block.change != "removed"),
    )


def _row(block: Block, numbers: Mapping[str, int], ways: Sequence[Edge]) -> dict[str, Any]:
    return {
        "number": numbers[block.id],
        "title": block.title,
        "words": block.words,
        "role": block.role,
        "change": block.change,
        "reachable": block.reachable,
        "ways": [(edge.label or "next", numbers[edge.target], edge.sort, edge.change) for edge in ways],
    }
