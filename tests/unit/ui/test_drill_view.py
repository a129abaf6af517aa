"""A drill's limits as a terminal shows them, one whose figure is words included."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from sbctl.ui.draw.drill import draw_drill
from sbctl.ui.views import DrillShown

BEHIND = "farther back than the drill's first write"


@pytest.mark.parametrize(("value", "shown"), [(BEHIND, BEHIND), (31.49, "31.5 s"), (None, "unknown")])
def test_a_limit_in_seconds_shows_its_figure_or_the_words_for_it(value: float | str | None, shown: str) -> None:
    limit = {"name": "RPO", "value": value, "limit": 60.0, "unit": "s", "held": False}
    data: dict[str, Any] = {
        "name": "region-loss",
        "level": "full",
        "outcome": "deviated",
        "why": "",
        "limits": [limit],
        "probes": [],
        "timeline": [],
        "run": "drill-20260301T030000-1a2b",
    }
    console = Console(file=io.StringIO(), width=120, color_system=None)
    draw_drill(console, DrillShown(data=data, call="sbctl"))
    assert isinstance(console.file, io.StringIO)
    (row,) = [line for line in console.file.getvalue().splitlines() if "RPO" in line]
    assert shown in row and "at most 60 s" in row and "MISSED" in row
