"""Runs as a table, and one run as the list of its events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rich.console import Console

from sbctl.ui.console import columns, plain, short
from sbctl.ui.views import HistoryListed, RunShown

WIDE = 120
STYLES = {
    "finished": "good",
    "held": "good",
    "aborted": "warn",
    "open": "bad",
    "deviated": "bad",
    "interrupted": "warn",
}
QUIET = ("order", "decision", "moves", "loss")
"""Parts of the first event that would drown it; `--output json` has them."""


def draw_history(console: Console, view: HistoryListed) -> None:
    wide = console.width >= WIDE
    table = columns("begun (UTC)", "what", "outcome", "RTO", "ack", "run", *(["by", "reason"] if wide else []))
    for row in view.rows:
        what = row["name"] or f"{row['kind']} {row['from']} → {row['to']}"
        rto = "" if row["rto_seconds"] is None else f"{row['rto_seconds']:.1f} s"
        outcome = plain(row["outcome"], STYLES.get(row["outcome"], ""))
        cells = [plain(row["begun_at"][:16].replace("T", " ")), plain(what), outcome, plain(rto)]
        cells += [plain("yes" if row["acknowledged"] else ""), plain(row["run"])]
        table.add_row(*cells, *([plain(row["by"]), plain(row["reason"])] if wide else []))
    if view.rows:
        console.print(table)
    console.print(f"{len(view.rows)} runs.")


def draw_run(console: Console, view: RunShown) -> None:
    data = view.data
    console.print(plain(f"{data['run']}  {data['outcome']}", "head"))
    console.print(plain(f"{data['from']} → {data['to']} {data['mode']}  {data['reason']}".strip()))
    first: datetime | None = None
    table = columns("time (UTC)", "after", "event", "move", "facts")
    for event in data["events"]:
        world = datetime.fromisoformat(event["world"])
        first = first or world
        facts = {name: value for name, value in event["data"].items() if name not in QUIET}
        after = f"{(world - first).total_seconds():.1f} s"
        cells = [f"{datetime.fromisoformat(event['at']):%H:%M:%S}", after, event["what"], event["move"]]
        table.add_row(*map(plain, cells), plain(_facts(facts)))
    console.print(table)


def _facts(facts: dict[str, Any]) -> str:
    return ", ".join(f"{name} {short(value, 40)}" for name, value in facts.items() if value not in ("", None, []))
