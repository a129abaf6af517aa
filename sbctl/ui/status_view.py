"""The overview: who is active, how the regions are, what was proven when, what is wrong, what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from sbctl.ui.console import columns, plain
from sbctl.ui.failover_view import STYLES
from sbctl.ui.views import StatusShown

VERDICTS = {"ok": "good", "late": "warn", "bad": "bad", "unknown": "warn"}
FAULTS_SHOWN = 8
UNITS = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"))


def draw_status(console: Console, view: StatusShown) -> None:
    data = view.data
    when = "now" if view.live else f"{age(data['age_seconds'])} ago, from the cache"
    console.print(plain(f"active  {data['active'] or 'unknown'}", "head"), plain(f"({when})", "quiet"))
    console.print(plain(f"        {data['active_how']}", "quiet"))
    _draw_regions(console, data)
    _draw_lag(console, data)
    _draw_proofs(console, data)
    _draw_runs(console, data)
    _draw_faults(console, data)
    console.print(plain(f"next    {data['next']}", "head"))


def age(seconds: float | None) -> str:
    """An age as people say it."""
    if seconds is None:
        return "never"
    for size, unit in UNITS:
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _draw_regions(console: Console, data: Mapping[str, Any]) -> None:
    table = columns("region", "role", "health", "seen", prose="detail")
    for row in data["regions"]:
        role = plain(row["role"], "head" if row["role"] == "active" else "")
        health = plain(row["health"], STYLES.get(row["health"], ""))
        table.add_row(plain(row["region"]), role, health, plain(age(row["age_seconds"])), plain(row["detail"]))
    console.print(table)


def _draw_lag(console: Console, data: Mapping[str, Any]) -> None:
    if not data["lag"]:
        return
    limit = data["objectives"]["rpo_seconds"]
    parts = [f"{row['from']} → {row['to']} {row['value']:.1f} s" for row in data["lag"]]
    worst = max(row["value"] for row in data["lag"])
    oldest = max(row["age_seconds"] for row in data["lag"])
    style = "good" if worst <= limit else "bad"
    console.print(
        plain(f"lag     at most {worst:.1f} s of {limit:.0f} s, {age(oldest)} old: ", style), plain(", ".join(parts))
    )


def _draw_proofs(console: Console, data: Mapping[str, Any]) -> None:
    if not data["proofs"]:
        console.print(plain("proofs  none yet: nobody ran verify-replication or parity", "warn"))
    for name, proof in data["proofs"].items():
        rest = f"{proof['readings'] - proof['not_ok']} of {proof['readings']} hold, {age(proof['age_seconds'])} ago"
        console.print(plain(f"{name}  "), plain(proof["verdict"], VERDICTS[proof["verdict"]]), plain(rest))


def _draw_runs(console: Console, data: Mapping[str, Any]) -> None:
    drill = data["last_drill"]
    if drill is None:
        console.print(plain("drill   never: nobody knows whether a failover works", "warn"))
    else:
        style = "good" if drill["outcome"] == "held" and drill["age_seconds"] < 30 * 86400 else "warn"
        rto = "" if drill["rto_seconds"] is None else f", RTO {drill['rto_seconds']:.0f} s"
        console.print(plain(f"drill   {drill['name']} {drill['outcome']}, {age(drill['age_seconds'])} ago{rto}", style))
    run = data["open_failover"]
    if run:
        text = f"OPEN    {run['run']} to {run['target']}, begun {age(run['age_seconds'])} ago by {run['by']}"
        console.print(plain(text, "bad"))


def _draw_faults(console: Console, data: Mapping[str, Any]) -> None:
    for row in data["faults"][:FAULTS_SHOWN]:
        console.print(
            plain("wrong   ", "bad"), plain(row["what"]), plain(f" ({age(row['age_seconds'])} ago)", "quiet"), sep=""
        )
        if row.get("check") == "signal-copy":
            when = "" if row["verdict"] == "bad" else "once it answers: "
            console.print(plain(f"        {when}{row['fix']}", "good"))
    rest = len(data["faults"]) - FAULTS_SHOWN
    if rest > 0:
        console.print(plain(f"        and {rest} more: --output json", "quiet"))
