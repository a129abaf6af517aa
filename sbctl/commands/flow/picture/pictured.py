"""What `flow draw` and `flow diff` share: formats of pictures, the file they are written to, and their data."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.flows.pictures.mermaid import mermaid
from sbctl.flows.pictures.outline import outline
from sbctl.flows.pictures.picture import Picture
from sbctl.flows.pictures.strands import told_in_order
from sbctl.flows.pictures.svg import svg
from sbctl.store.files.atomic import write_atomic
from sbctl.ui.console import safe
from sbctl.ui.streams import lacks

MERMAID_EDGES, MERMAID_LETTERS = 500, 50_000
"""What Mermaid draws by default."""
Page = Callable[[], str]


def document(chosen: str, picture: Picture, title: str, page: Page) -> str:
    """The picture in a format. Raises SbctlError where the library for it is missing."""
    if chosen == "svg":
        return svg(picture, title)
    if chosen == "mermaid":
        return mermaid(picture)
    if chosen == "html":
        return page()
    return "".join(f"{row.plain()}\n" for row in outline(picture))


def printable(chosen: str, text: str) -> str:
    """The text for stdout: what its encoding lacks is written as markup has it, since a stand-in might be markup itself."""
    if chosen in ("svg", "html") and lacks(text, sys.stdout):
        text = text.encode("ascii", "xmlcharrefreplace").decode()
    return text.rstrip("\n")


def too_much_for_mermaid(chosen: str, picture: Picture, text: str) -> tuple[Problem, ...]:
    """A note where Mermaid draws the text only with higher limits. https://mermaid.js.org/config/schema-docs/config.html"""
    if chosen != "mermaid" or (len(picture.edges) <= MERMAID_EDGES and len(text) <= MERMAID_LETTERS):
        return ()
    return (
        Problem(
            code="mermaid-limits",
            summary="Mermaid draws this flow only with higher limits",
            detail=f"it has {len(picture.edges)} branches and {len(text)} characters;"
            f" the defaults are {MERMAID_EDGES} and {MERMAID_LETTERS}",
            at="-o mermaid",
            fix="Set maxEdges and maxTextSize where Mermaid is configured, or use -o svg.",
            exit=Exit.DONE,
        ),
    )


def write_picture(path: Path, text: str) -> None:
    """Write a file as a whole. Raises SbctlError when it cannot be written."""
    try:
        write_atomic(path, safe(text).encode())
    except OSError as error:
        raise SbctlError(
            Problem(
                code="picture-not-written",
                summary="The picture cannot be written",
                detail=f"{error.strerror or error}",
                at=str(path),
                fix="Name a file in a folder that exists and can be written to.",
                exit=Exit.FAILED,
            )
        ) from error


def picture_data(picture: Picture) -> dict[str, Any]:
    """Blocks and edges in the order of telling, as the JSON data has them."""
    numbers = told_in_order(picture).numbers
    blocks = sorted(picture.blocks, key=lambda block: numbers[block.id])
    return {
        "start": picture.start,
        "blocks": [
            {
                "number": numbers[block.id],
                "id": block.id,
                "type": block.type,
                "title": block.title,
                "words": block.words,
                "role": block.role,
                "reachable": block.reachable,
                **({"change": block.change} if block.change else {}),
            }
            for block in blocks
        ],
        "edges": [
            {
                "from": edge.source,
                "to": edge.target,
                "label": edge.label,
                "sort": edge.sort,
                "main": edge.main,
                **({"change": edge.change} if edge.change else {}),
            }
            for edge in picture.edges
        ],
    }
