"""How verify-replication looks: a matrix for one canary a pair, percentiles for several, all of it within 80 columns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

from rich.console import Console

from sbctl.core.reading import Reading, Verdict
from sbctl.ui.console import THEME
from sbctl.ui.draw.replication import brief, draw_replication
from sbctl.ui.views import LagShown, ReplicationShown

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
REGIONS = ("us-east-1", "us-west-2", "eu-west-2")
PAIRS = [(source, target) for source in REGIONS for target in REGIONS if source != target]


def canary(source: str, target: str) -> Reading:
    verdict: Verdict = "unknown" if target == "eu-west-2" else "ok"
    value = None if target == "eu-west-2" else 0.84
    return Reading(
        check="canary-item",
        subject="connect-config-global",
        source=source,
        target=target,
        value=value,
        unit="s",
        verdict=verdict,
        at=NOW,
    )


def shown() -> ReplicationShown:
    readings = [canary(source, target) for source, target in PAIRS]
    figure = Reading(
        check="published-latency", subject="t", value=1.5, unit="s", verdict="late", at=NOW - timedelta(seconds=90)
    )
    waiting = [Reading(check="backlog", value=7, unit=unit, verdict="ok", at=NOW) for unit in ("bytes", "objects")]
    lags = tuple(
        LagShown("connect-config-global", source, target, 1, 0.84, 0.84, 0.84, 0.1)
        for source, target in PAIRS
        if target != "eu-west-2"
    )
    return ReplicationShown((*readings, figure, *waiting), lags, "unknown", 60.0, NOW, swept=2)


def lines(view: ReplicationShown) -> list[str]:
    console = Console(width=80, file=StringIO(), theme=THEME)
    draw_replication(console, view)
    file = console.file
    assert isinstance(file, StringIO)
    return [line.rstrip() for line in file.getvalue().splitlines()]


def test_one_canary_a_pair_is_a_matrix() -> None:
    """A row for each region that is written in; unseen canaries show their verdict, and a region is not a pair by itself."""
    found = lines(shown())
    assert found[:4] == [
        "lag                    written in  → us-east-1  → us-west-2  → eu-west-2",
        "connect-config-global  us-east-1             ·       0.84 s      unknown",
        "                       us-west-2        0.84 s            ·      unknown",
        "                       eu-west-2        0.84 s       0.84 s            ·",
    ]


def test_checks_are_counted_and_their_figures_shown() -> None:
    """Figures carry their age, sums their units, and the last line says what it comes to."""
    found = lines(shown())
    assert "published-latency      1  1 late   up to 1.50 s, 90 s old" in found
    assert "backlog                2  2 ok     7 bytes, 7 objects" in found
    assert found[-2] == "Replication is unknown: worst lag 0.84 s, objective (RPO) 60 s, 12:00:00 UTC."
    assert found[-1] == "Canaries of earlier runs removed: 2."


def test_several_canaries_a_pair_show_percentiles() -> None:
    """A row a pair, which still fits."""
    view = shown()
    several = replace(view, lags=tuple(replace(lag, samples=5, max=12.5) for lag in view.lags))
    found = lines(several)
    assert found[0].split() == ["lag,", "s", "from", "to", "p50", "p95", "max", "res."]
    assert found[1].split()[1:] == ["us-east-1", "us-west-2", "0.84", "0.84", "12.50", "0.10", "ok"]
    assert max(map(len, found)) <= 80
    assert not any("…" in line for line in found)


def test_the_watched_screen_shows_problems_instead_of_checks() -> None:
    """What holds is left out, and of many problems only the first are shown."""
    problems = [problem for reading in shown().readings if (problem := reading.problem()) is not None] * 3
    console = Console(width=160, file=StringIO(), theme=THEME)
    console.print(brief(shown(), problems))
    file = console.file
    assert isinstance(file, StringIO)
    text = file.getvalue()
    assert "backlog" not in text
    assert "connect-config-global us-east-1 → eu-west-2: canary-item" in text
    assert f"… and {len(problems) - 4} more" in text
