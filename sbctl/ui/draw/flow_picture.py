"""Flows as outlines, and comparisons of two."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from sbctl.core.text.counted import counted
from sbctl.flows.pictures.outline import SIGNS, outline
from sbctl.flows.pictures.outline import Row as Line
from sbctl.flows.pictures.picture import Picture
from sbctl.ui.console import columns, plain, short
from sbctl.ui.flow_views import FlowCompared, FlowDrawn

ROLES = {
    "prompt": "cyan",
    "decision": "yellow",
    "lambda": "magenta",
    "transfer": "green",
    "end": "bold",
    "other": "",
    "missing": "bad",
    "unreachable": "quiet",
    "note": "head",
    "error": "quiet",
    "edge": "",
}
"""Of a row, by what it is."""
CHANGES = {"added": "create", "removed": "delete", "changed": "update"}


def draw_flow(console: Console, view: FlowDrawn) -> None:
    told = counted(sum(1 for block in view.picture.blocks if block.role != "missing"), "block")
    console.print(plain(f"{view.title}  ({view.at}), {told}", "head"))
    draw_outline(console, view.picture)


def draw_flow_diff(console: Console, view: FlowCompared) -> None:
    console.print(plain(f"{view.title}: {view.before} → {view.after}", "head"))
    if view.note:
        console.print(plain(view.note))
        return
    table = columns("", "block", prose="what callers notice")
    for change in view.changes:
        style = CHANGES[change.change]
        table.add_row(plain(SIGNS[change.change], style), plain(short(change.name, 44)), plain(change.notice))
    console.print(table)
    console.print()
    draw_outline(console, view.picture)


def draw_outline(console: Console, picture: Picture) -> None:
    """The rows of a picture, none longer than the terminal is wide."""
    # Where only ASCII can be written, three dots stand for one character.
    width = console.width - (0 if console.encoding.startswith("utf") else 2)
    for row in outline(picture, width):
        console.print(_line(row), no_wrap=True, overflow="ellipsis")


def _line(row: Line) -> Text:
    style = CHANGES.get(row.change) or ROLES.get(row.style, "")
    text = plain(row.rail, "quiet").append_text(plain(row.head, "quiet" if not row.change else style))
    text.append_text(plain(row.text, style))
    if row.words:
        text.append_text(plain(f"  {row.words}", "quiet" if row.style == "unreachable" else ""))
    return text
