"""The list of runs: on a narrow screen too it says who asked for each run and why."""

from __future__ import annotations

from typing import Any

import pytest
from rich.console import Console

from sbctl.ui.draw.history import draw_history
from sbctl.ui.views import HistoryListed

WHY = "us-east-1 is lost; the provider says that it takes hours until anybody may sign in there again"


def row(**fields: Any) -> dict[str, Any]:
    """A finished failover."""
    told = {
        "run": "failover-20261130T065140-776b", "kind": "failover", "name": "", "from": "us-east-1", "to": "us-west-2",
        "begun_at": "2026-11-30T06:51:40+00:00", "outcome": "finished", "rto_seconds": 95.2, "acknowledged": False,
        "by": "ops@laptop", "reason": WHY,
    }  # fmt: skip
    return {**told, **fields}


def drawn(width: int, *rows: dict[str, Any]) -> str:
    """The list on a screen of that width."""
    console = Console(width=width, color_system=None, highlight=False)
    with console.capture() as found:
        draw_history(console, HistoryListed(rows))
    return found.get()


@pytest.mark.parametrize("width", [80, 100, 200])
def test_who_and_why_stand_there_whole(width: int) -> None:
    """And no line is wider than the screen."""
    said = drawn(width, row(), row(run="drill-1", kind="drill", name="region-loss", reason="", rto_seconds=None))
    assert f"ops@laptop{' ' if width == 200 else ':'}" in said
    assert " ".join(WHY.split()) in " ".join(said.split())
    assert max(map(len, said.splitlines())) <= width
    assert said.count("95 s") == 1
    assert said.endswith("2 runs.\n")


def test_a_reason_cannot_look_like_a_run(width: int = 80) -> None:
    """It is told on a line that is indented."""
    said = drawn(width, row(reason="x\nfailover-forged  → us-west-2  finished"))
    assert not [line for line in said.splitlines() if line.startswith("failover-forged")]
