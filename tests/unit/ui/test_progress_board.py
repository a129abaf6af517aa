"""The board of regions: no count above its total, no row without a name, and no red while all is well."""

from __future__ import annotations

import io

from rich.console import Console

from sbctl.core.address import Address
from sbctl.core.events import PhaseStarted, ReadDone, ReadStarted, StepDone, StepFailed
from sbctl.ui.progress import Board

EAST = "us-east-1"
GREEN, RED = "\x1b[32m", "\x1b[31m"


def drawn(board: Board) -> str:
    text = io.StringIO()
    console = Console(file=text, width=80, force_terminal=True, color_system="standard", no_color=False)
    console.print(board.draw())
    return text.getvalue()


def applied(*names: str) -> Board:
    """A board that applies three steps in a region, of which some are done."""
    board = Board()
    board.hear(PhaseStarted("applying", 3, {EAST: 3}))
    for name in names:
        board.hear(StepDone(Address(kind="connect_queue", region=EAST, name=name), "create", 1.0))
    return board


def test_reads_between_steps_are_no_steps() -> None:
    """A look at the end of a deploy reads as much as it changed."""
    board = applied("one", "two", "three")
    for _ in range(5):
        board.hear(ReadStarted("connect_queue", EAST))
        board.hear(ReadDone("connect_queue", EAST, 40))
    assert "3/3" in drawn(board)
    assert "applying 3/3" in drawn(board)


def test_reads_are_counted_where_no_steps_are() -> None:
    """How many resources a plan has read."""
    board = Board()
    board.hear(PhaseStarted("reading", 2))
    board.hear(ReadDone("connect_queue", EAST, 40))
    assert "40" in drawn(board)


def test_what_has_no_region_stands_under_global() -> None:
    """Rows have names."""
    board = Board()
    board.hear(ReadStarted("route53_zone", ""))
    assert "global" in drawn(board)


def test_a_bar_is_red_only_where_something_failed() -> None:
    """Colours mean something."""
    board = applied("one")
    assert GREEN in drawn(board)
    assert RED not in drawn(board)
    board.hear(StepFailed(Address(kind="connect_queue", region=EAST, name="two"), "create", "throttled"))
    assert RED in drawn(board)
