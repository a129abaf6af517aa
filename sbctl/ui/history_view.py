"""Runs as a table, and one run as the list of its events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.console import Console

from sbctl.core.counted import counted
from sbctl.ui.console import columns, plain, short
from sbctl.ui.views import HistoryListed, RunShown

WIDE = 120
SENTENCE, FIGURES = 400, 60
"""The most characters that are shown of a sentence, and of anything else."""
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
    """On a narrow screen a run's name says what it was and when; a wide one has room for all."""
    wide = console.width >= WIDE
    head = ("begun (UTC)", "what") if wide else ("what",)
    table = columns("run", *head, "outcome", "RTO", "ack", *(["by", "reason"] if wide else []))
    for row in view.rows:
        rto = "" if row["rto_seconds"] is None else f"{row['rto_seconds']:.0f} s"
        outcome = plain(row["outcome"], STYLES.get(row["outcome"], ""))
        cells = [plain(row["run"]), *([plain(row["begun_at"][:16].replace("T", " "))] if wide else [])]
        cells += [plain(_what(row, wide=wide)), outcome, plain(rto), plain("yes" if row["acknowledged"] else "")]
        table.add_row(*cells, *([plain(row["by"]), plain(row["reason"])] if wide else []))
    if view.rows:
        console.print(table)
    console.print(f"{counted(len(view.rows), 'run')}.")


def _what(row: Mapping[str, Any], *, wide: bool) -> str:
    if row["name"]:
        return str(row["name"])
    if wide:
        return f"{row['kind']} {row['from']} → {row['to']}"
    return f"→ {row['to']}"


def draw_run(console: Console, view: RunShown) -> None:
    data = view.data
    console.print(plain(f"{data['run']}  {data['outcome']}", "head"))
    console.print(plain(f"{data['from']} → {data['to']} {data['mode']}  {data['reason']}".strip()))
    version = data.get("version")
    who = [data.get("by"), data.get("caller"), version and f"sbctl {version}"]
    if any(who):
        console.print(plain("by " + ", ".join(str(one) for one in who if one)), soft_wrap=True)
    first: datetime | None = None
    table = columns("time (UTC)", "after", "event", "move", prose="facts")
    for event in data["events"]:
        world = datetime.fromisoformat(event["world"])
        first = first or world
        facts = {name: value for name, value in event["data"].items() if name not in QUIET}
        after = f"{(world - first).total_seconds():.1f} s"
        cells = [f"{datetime.fromisoformat(event['at']):%H:%M:%S}", after, event["what"], event["move"]]
        table.add_row(*map(plain, cells), plain(_facts(facts)))
    console.print(table)


def _facts(facts: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {_fact(value)}" for name, value in facts.items() if value not in ("", None, []))


def _fact(value: Any) -> str:
    """Sentences are whole. Of what was measured many times only how many; `--output json` has them."""
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        return f"({len(value)})"
    return short(value, SENTENCE if isinstance(value, str) else FIGURES)
