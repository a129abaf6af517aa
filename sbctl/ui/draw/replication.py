"""What verify-replication found: lags as a matrix of regions, then each check as one line with its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.text import Text

from sbctl.core.reading import WORST_FIRST, Reading, Verdict
from sbctl.ui.console import columns, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from rich.table import Table

    from sbctl.core.problem import Problem
    from sbctl.ui.views import LagShown, ReplicationShown

STYLES: dict[Verdict, str] = {"ok": "good", "late": "warn", "bad": "bad", "unknown": "warn"}
CANARIES = ("canary-item", "canary-object")
BRIEF_PROBLEMS = 4


def draw_replication(console: Console, view: ReplicationShown) -> None:
    console.print(Group(_lags(view), Text(), _checks(view), Text(), _sentence(view)))


def brief(view: ReplicationShown, problems: Sequence[Problem]) -> RenderableType:
    """What fits a screen: the lags, and of the checks only what does not hold."""
    style = STYLES[view.verdict]
    lines = [plain(f"{one.at}: {one.detail}", style) for one in problems[:BRIEF_PROBLEMS]]
    more = [plain(f"… and {len(problems) - len(lines)} more", "quiet")] if len(problems) > len(lines) else []
    return Group(_lags(view), Text(), *lines, *more, _sentence(view))


def _lags(view: ReplicationShown) -> Table:
    several = any(lag.samples > 1 for lag in view.lags)
    return _list(view) if several else _matrix(view)


def _matrix(view: ReplicationShown) -> Table:
    """A row for each place that is written in, a column for each that should receive it."""
    canaries = [reading for reading in view.readings if reading.check in CANARIES]
    received = {reading.target for reading in canaries}
    # in the order in which the regions are written in, which is that of their priority
    regions = dict.fromkeys([*(one.source for one in canaries), *(one.target for one in canaries)])
    targets = [region for region in regions if region in received]
    table = columns("lag", "written in")
    for target in targets:
        table.add_column(f"→ {target}", no_wrap=True, justify="right")
    rows: dict[tuple[str, str], dict[str, Reading]] = {}
    for reading in canaries:
        rows.setdefault((reading.subject, reading.source), {})[reading.target] = reading
    last = ""
    for (subject, source), cells in rows.items():
        table.add_row(plain("" if subject == last else subject), source, *(_cell(cells.get(one)) for one in targets))
        last = subject
    return table


def _cell(reading: Reading | None) -> Text:
    if reading is None:
        return plain("·", "quiet")
    value = f"{reading.value:.2f} s" if isinstance(reading.value, float) else reading.verdict
    return plain(value, STYLES[reading.verdict])


def _list(view: ReplicationShown) -> Table:
    """A row a pair, with percentiles."""
    table = columns("lag, s", "from", "to")
    for name in ("p50", "p95", "max", "res."):
        table.add_column(name, no_wrap=True, justify="right")
    table.add_column("", no_wrap=True)
    figures = {(lag.subject, lag.source, lag.target): lag for lag in view.lags}
    for reading in view.readings:
        if reading.check in CANARIES:
            lag = figures.get((reading.subject, reading.source, reading.target))
            verdict = plain(reading.verdict, STYLES[reading.verdict])
            table.add_row(plain(reading.subject), reading.source, reading.target, *_figures(lag), verdict)
    return table


def _figures(lag: LagShown | None) -> tuple[str, ...]:
    """Seconds; what was not seen has none."""
    return (
        ("", "", "-", "") if lag is None else tuple(f"{one:.2f}" for one in (lag.p50, lag.p95, lag.max, lag.resolution))
    )


def _checks(view: ReplicationShown) -> Table:
    table = columns("check", "looks", "verdict", "figures")
    table.columns[1].justify = "right"
    found: dict[str, list[Reading]] = {}
    for reading in view.readings:
        found.setdefault(reading.check, []).append(reading)
    for check, readings in found.items():
        if check not in CANARIES:
            table.add_row(plain(check), str(len(readings)), _verdicts(readings), plain(_said(check, readings, view.at)))
    return table


def _verdicts(readings: Sequence[Reading]) -> Text:
    counts = {one: sum(1 for reading in readings if reading.verdict == one) for one in WORST_FIRST}
    return Text(" ").join(plain(f"{count} {one}", STYLES[one]) for one, count in counts.items() if count)


def _said(check: str, readings: Sequence[Reading], now: datetime) -> str:
    return FIGURES[check](readings, now) if check in FIGURES else ""


def _published(readings: Sequence[Reading], now: datetime) -> str:
    known = [one for one in readings if isinstance(one.value, float)]
    if not known:
        return "none published yet"
    worst = max(known, key=lambda one: float(one.value or 0))
    return f"up to {worst.value:.2f} s, {worst.age(now):.0f} s old"


def _waiting(readings: Sequence[Reading], _: datetime) -> str:
    sums: dict[str, float] = {}
    for one in readings:
        if isinstance(one.value, int | float):
            sums[one.unit] = sums.get(one.unit, 0) + one.value
    return ", ".join(f"{value:.0f} {unit}" for unit, value in sums.items())


def _oldest(readings: Sequence[Reading], _: datetime) -> str:
    ages = [one.value for one in readings if isinstance(one.value, float)]
    return f"{max(ages):.0f} s" if ages else "nothing is pending"


def _rates(readings: Sequence[Reading], _: datetime) -> str:
    """Each table is written in several regions, and each of those goes to several others."""
    rates = {(one.subject, one.source): one.value for one in readings if isinstance(one.value, float)}
    return f"{sum(rates.values()):.2f} writes/s in all regions together"


FIGURES: Mapping[str, Callable[[Sequence[Reading], datetime], str]] = {
    "published-latency": _published,
    "write-rate": _rates,
    "backlog": _waiting,
    "oldest-pending": _oldest,
}


def _sentence(view: ReplicationShown) -> Text:
    worst = max((lag.max for lag in view.lags), default=None)
    seen = f"worst lag {worst:.2f} s" if worst is not None else "no lag measured"
    swept = f" Canaries of earlier runs removed: {view.swept}." if view.swept else ""
    said = f"Replication is {view.verdict}: {seen}, objective (RPO) {view.rpo:g} s, {view.at:%H:%M:%S} UTC.{swept}"
    return plain(said, STYLES[view.verdict])
