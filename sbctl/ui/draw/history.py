"""Runs as a table, and one run as the list of its events."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.padding import Padding

from sbctl.core.text.counted import counted
from sbctl.ui.console import columns, one_line, plain, short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

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
    """A run a line; on a narrow screen its name says when it was, and who asked for it and why stands below."""
    if view.rows and console.width >= WIDE:
        console.print(_table(view.rows))
    elif view.rows:
        _draw_narrow(console, view.rows)
    console.print(f"{counted(len(view.rows), 'run')}.")


def _table(rows: Sequence[Mapping[str, Any]]) -> Table:
    table = columns("run", "begun (UTC)", "what", "outcome", "RTO", "ack", "by", prose="reason")
    for row in rows:
        begun = row["begun_at"][:16].replace("T", " ")
        first = (row["run"], begun, _what(row, wide=True))
        last = (_rto(row), _acknowledged(row), row["by"], one_line(row["reason"]))
        table.add_row(*map(plain, first), _outcome(row), *map(plain, last))
    return table


def _draw_narrow(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    cells = [
        [str(row["run"]), _what(row, wide=False), str(row["outcome"]), _labelled("RTO", _rto(row))] for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row, shown in zip(rows, cells, strict=True):
        run, what, outcome, rto = (text.ljust(width) for text, width in zip(shown, widths, strict=True))
        line = plain(f"{run}  {what}  ").append_text(plain(outcome, STYLES.get(row["outcome"], "")))
        line.append_text(plain(f"  {rto}  {'acknowledged' if row['acknowledged'] else ''}".rstrip()))
        console.print(line, soft_wrap=True)
        asked = ": ".join(part for part in (row["by"], row["reason"]) if part)
        if asked:
            console.print(Padding(plain(one_line(asked), "quiet"), (0, 0, 0, 4)))


def _outcome(row: Mapping[str, Any]) -> Text:
    return plain(row["outcome"], STYLES.get(row["outcome"], ""))


def _rto(row: Mapping[str, Any]) -> str:
    return "" if row["rto_seconds"] is None else f"{row['rto_seconds']:.0f} s"


def _labelled(label: str, value: str) -> str:
    return f"{label} {value}" if value else ""


def _acknowledged(row: Mapping[str, Any]) -> str:
    return "yes" if row["acknowledged"] else ""


def _what(row: Mapping[str, Any], *, wide: bool) -> str:
    if row["kind"] == "rollback":
        return f"rollback {row['name']} to {row['to']}"
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
