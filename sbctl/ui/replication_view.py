"""What verify-replication found: lags a pair, then each check as one line, then what does not hold in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from sbctl.core.reading import WORST_FIRST, Reading, Verdict
from sbctl.ui.console import columns, plain
from sbctl.ui.views import LagShown, ReplicationShown

STYLES: dict[Verdict, str] = {"ok": "good", "late": "warn", "bad": "bad", "unknown": "warn"}


def draw_replication(console: Console, view: ReplicationShown) -> None:
    console.print(replication_of(view))


def replication_of(view: ReplicationShown) -> RenderableType:
    """The whole as one thing, so that --watch can draw it anew in place."""
    parts: list[RenderableType] = [_lags(view), Text(), _checks(view.readings), Text(), _sentence(view)]
    return Group(*parts)


def _lags(view: ReplicationShown) -> Table:
    table = columns("lag of", "from", "to")
    for name in ("p50", "p95", "max", "±"):
        table.add_column(name, no_wrap=True, justify="right")
    table.add_column("", no_wrap=True)
    figures = {(lag.subject, lag.source, lag.target): lag for lag in view.lags}
    for reading in view.readings:
        if reading.check in ("canary-item", "canary-object"):
            lag = figures.get((reading.subject, reading.source, reading.target))
            place = (plain(reading.subject), reading.source, reading.target)
            table.add_row(*place, *_figures(lag), plain(reading.verdict, STYLES[reading.verdict]))
    return table


def _figures(lag: LagShown | None) -> tuple[str, ...]:
    """Seconds; what was not seen has none."""
    if lag is None:
        return "", "", "-", ""
    return f"{lag.p50:.2f}", f"{lag.p95:.2f}", f"{lag.max:.2f} s", f"{lag.resolution:.2f}"


def _checks(readings: Iterable[Reading]) -> Table:
    table = columns("check", "looks", "verdict")
    found: dict[str, Counter[Verdict]] = {}
    for reading in readings:
        found.setdefault(reading.check, Counter())[reading.verdict] += 1
    for check, counts in found.items():
        if check not in ("canary-item", "canary-object"):
            verdict = Text()
            for one in WORST_FIRST:
                if counts[one]:
                    verdict.append_text(plain(f"{counts[one]} {one}  ", STYLES[one]))
            table.add_row(plain(check), str(counts.total()), verdict)
    next(column for column in table.columns if column.header == "looks").justify = "right"
    return table


def _sentence(view: ReplicationShown) -> Text:
    worst = max((lag.max for lag in view.lags), default=None)
    seen = f"worst lag {worst:.2f} s" if worst is not None else "no lag measured"
    swept = f" {view.swept} canaries of earlier runs removed." if view.swept else ""
    said = f"Replication is {view.verdict}: {seen}, objective (RPO) {view.rpo:g} s, {view.at:%H:%M:%S} UTC.{swept}"
    return plain(said, STYLES[view.verdict])
