"""A flow as indented lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sbctl.ui.console import plain

if TYPE_CHECKING:
    from rich.console import Console

    from sbctl.ui.views import FlowDrawn


def draw_flow(console: Console, view: FlowDrawn) -> None:
    console.print(plain(f"{view.title}  ({view.at})", "head"))
    for depth, text in view.lines:
        console.print(plain("  " * depth + text))
