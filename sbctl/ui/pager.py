"""Long lists in the user's pager (PAGER), as git shows them: only on a terminal, and only what does not fit on it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from sbctl.ui.console import beside

if TYPE_CHECKING:
    from rich.console import Console

Page = Callable[[str], None]
"""Shows a text in the user's pager."""


def paged(console: Console, draw: Callable[[Console], None], page: Page) -> None:
    """Draw on the console; where that is longer than the terminal, in the pager. `PAGER=cat` is none."""
    if not _reads_along():
        draw(console)
        return
    aside = beside(console)
    draw(aside)
    text = aside.file.getvalue()
    if text.count("\n") < console.height:
        console.file.write(text)
        console.file.flush()
        return
    os.environ.setdefault("LESS", "FRX")  # as git sets it: colours, and what was shown stays on the terminal
    page(text)


def _reads_along() -> bool:
    """Whether somebody sits at the terminal to which results go."""
    return sys.stdin.isatty() and sys.stdout.isatty()
