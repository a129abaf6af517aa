"""The overview on the screen: the sentence, the picture, what is wrong, the one next command, in the terminal's rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from sbctl.core.moving.run import Run
from sbctl.core.reading import Reading
from sbctl.failover.guidance.looks import readings_of
from sbctl.failover.guidance.status import overview
from sbctl.ui.console import THEME
from sbctl.ui.draw.status import draw_status
from sbctl.ui.views import StatusShown
from tests.unit.failover.scenes import NOW, WEST, kit, lag, signalled, world
from tests.unit.failover.test_next_command import KILLED, MOVED, OPEN

WRONG = 69
LONG = "sbctl --config '/home/ana/contact centre/config' --state /var/lib/sbctl/state --sandbox"


def wrong(count: int) -> tuple[Reading, ...]:
    return tuple(
        Reading(check="table-status", subject=f"customers-{one}", source=WEST, verdict="bad", at=NOW, detail="x" * 60)
        for one in range(count)
    )


def data_of(count: int, runs: Sequence[Run] = (MOVED, KILLED, OPEN)) -> dict[str, Any]:
    seen = signalled(world(WEST, sick="us-east-1"), WEST)
    kept = {"status": readings_of(seen), "verify-replication": (lag(80.0, "late"), *wrong(count)), "doctor": wrong(3)}
    data = overview(kit(), kept, runs, NOW + timedelta(seconds=90))
    return {**data, "next": f"{LONG} failover --to eu-west-2 --mode forced"}


def drawn(view: StatusShown, width: int = 80, height: int = 24) -> list[str]:
    written = StringIO()
    draw_status(
        Console(file=written, width=width, height=height, force_terminal=True, color_system=None, theme=THEME), view
    )
    return written.getvalue().splitlines()


def rows(lines: Sequence[str], width: int) -> int:
    """The rows of the terminal that lines take, where the terminal folds them."""
    return sum(max(1, -(-len(line) // width)) for line in lines)


@pytest.mark.parametrize("width", [80, 160])
@pytest.mark.parametrize("count", [0, 1, WRONG])
@pytest.mark.parametrize("notes", [0, 1])
def test_all_of_it_fits_with_a_row_for_the_prompt(width: int, count: int, notes: int) -> None:
    """Three regions, an open run, a drill that was killed, and whatever is wrong."""
    lines = drawn(StatusShown(data_of(count), live=True, notes=notes), width)
    assert rows(lines, width) + 1 <= 24
    assert lines[0].startswith("Traffic is in us-west-2 by order of op (run failover-0, 1 h ago)")
    assert lines[-1] == f"next     {LONG} failover --to eu-west-2 --mode forced"
    assert sum("us-east-1" in line for line in lines) >= 2


def test_what_does_not_fit_is_counted_with_the_command_that_shows_it() -> None:
    """No line of what is wrong is lost in silence."""
    data = data_of(WRONG)
    lines = drawn(StatusShown(data, live=True, call="sbctl --sandbox"), 160)
    named = sum(line.startswith("wrong") for line in lines)
    rest = next(line for line in lines if " more: " in line)
    picture = sum(row.get("check") == "health" for row in data["faults"])
    assert rest.split() == [
        "and",
        str(len(data["faults"]) - picture - named),
        "more:",
        "sbctl",
        "--sandbox",
        "status",
        "--output",
        "json",
    ]


def test_old_data_says_its_age_and_names_no_command_while_a_look_is_on_its_way() -> None:
    """The command of an old picture may be the wrong one."""
    old = drawn(StatusShown(data_of(0), live=False))
    assert "(as seen 2 min ago)" in " ".join(old)
    passing = drawn(StatusShown(data_of(0), live=False, looking=True))
    assert passing[-1] == "looking ..."
    assert not any(line.startswith("next") for line in passing)
