"""The list of runbooks: a name is typed from it, so that no name is cut, however narrow the terminal is."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from sbctl.failover.guidance.runbooks import Runbook
from sbctl.ui.draw.runbook import draw_runbooks
from sbctl.ui.views import RunbookShown


@pytest.mark.parametrize("width", [40, 80])
def test_names_are_whole(width: int) -> None:
    """What is said of a runbook folds into the room that its name leaves."""
    said = "sbctl status shows an open failover: its process was killed, or it waits for an operator"
    book = Runbook(name="half-done-failover", title="Half done", when=said, source="a", target="b", steps=())
    written = StringIO()
    console = Console(file=written, width=width)
    draw_runbooks(console, RunbookShown((book,), whole=False))
    assert "half-done-failover  " in written.getvalue()
    assert "…" not in written.getvalue()
