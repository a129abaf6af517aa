"""Calls, callers and agents of the sandbox."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sbctl.core.text.counted import counted
from sbctl.ui.console import columns, plain
from sbctl.ui.draw.state import NARROW, draw_pairs
from sbctl.ui.views import AgentsListed, CallersListed, CallLine, CallShown, Pairs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

SSML = re.compile(r"<[^>]*>")
STYLES = {"answered": "good", "served": "good", "lost": "bad", "refused": "bad"}
OUTCOMES = {
    "answered": "answered by an agent",
    "served": "ended by the flow, without an agent",
    "lost": "lost",
    "refused": "refused",
    "": "hung up",
}


def draw_line(console: Console, view: CallLine) -> None:
    """The time since the call began, then what was heard, done or entered."""
    row = view.row
    if "heard" in row:
        text, style = _heard(row["heard"]), "quiet" if row["heard"]["role"] == "CUSTOMER" else ""
    elif "block" in row:
        text, style = _block(row["block"]), "quiet"
    else:
        text, style = _state(row["state"]), "head"
    if text:
        line = plain("").append_text(plain(_clock(view.seconds), "quiet")).append_text(plain(text, style))
        console.print(line, soft_wrap=True)


def _clock(since: float | None) -> str:
    if since is None:
        return "        "
    minutes, seconds = divmod(int(since), 60)
    return f"{minutes:3}:{seconds:02}  "


def _heard(row: Mapping[str, Any]) -> str:
    text = str(row["text"])
    match row["kind"]:
        case "Keys":
            return f"you press {text}"
        case "Words" if row["role"] == "CUSTOMER":
            return f"you say: {text}"
        case "SSML":
            return " ".join(SSML.sub(" ", text).split())
        case "PromptId" | "Media":
            return f"[audio {text}]"
    return f"agent: {text}" if row["role"] == "AGENT" else text


def _block(row: Mapping[str, Any]) -> str:
    took = row.get("took")
    branch = "" if took is None else f" → {took or 'next block'}"
    found = f", {row['results']}" if row.get("results") else ""
    return f"  {row['flow']}  {row['type']} {row['block']}{branch}{found}"


def _state(state: Mapping[str, Any]) -> str:
    match state["state"]:
        case "queued":
            return f"waiting in {state['queue']}"
        case "ringing":
            return f"ringing at {state['agent']}" if state["agent"] else "ringing"
        case "connected":
            return f"connected to {state['agent'] or 'an agent'} after {state['waited_seconds']:.0f} s in the queue"
    return ""


def draw_call(console: Console, view: CallShown) -> None:
    """How it went, in short."""
    data = view.data
    outcome = OUTCOMES.get(data["outcome"], data["outcome"])
    style = STYLES.get(data["outcome"], "warn")
    console.print(plain("Call ").append_text(plain(outcome, style)))
    rows = [
        ("contact", data["contact_id"]),
        ("region", data["region"]),
        ("queue", data["queue"]),
        ("agent", data["agent"]),
        ("waited", f"{data['waited_seconds']:.0f} s" if data["queue"] else ""),
        ("ended by", data["reason"]),
        ("failure", data["failure"]),
    ]
    draw_pairs(console, Pairs("", tuple((name, value) for name, value in rows if value)))


def draw_callers(console: Console, view: CallersListed) -> None:
    """Generators with their totals."""
    if not view.callers:
        console.print(
            plain(f"No callers. {view.call} sandbox callers start --rate 60/min --for 10m starts some."), soft_wrap=True
        )
        return
    wide = console.width >= NARROW
    more = ("again", "in progress", "longest wait") if wide else ()
    table = columns("id", "state", "rate", "started", "answered", "served", "lost", *more, prose="numbers")
    for one in view.callers:
        lost = one["lost"] + one["refused"]
        counts = [str(one["started"]), str(one["answered"]), str(one["served"])]
        wait = f"{one['wait_seconds_max']:.0f} s"
        extra = [str(one["again"]), str(one["in_progress"]), wait] if wide else []
        table.add_row(
            plain(one["id"]), plain(one["state"]), f"{one['rate_per_minute']:g}/min", *counts,
            plain(lost, "bad" if lost else ""), *extra, plain(", ".join(one["numbers"]) or "all"),
        )  # fmt: skip
    console.print(table)


def draw_agents(console: Console, view: AgentsListed) -> None:
    """Agents by region, with the queues that they serve."""
    if not view.agents:
        console.print(plain(f"No agents. {view.call} sandbox agents start lets some take calls."), soft_wrap=True)
        return
    table = columns("agent", "kind", "region", "status", "answered", "missed", prose="queues")
    for one in view.agents:
        kind = "simulated" if one["synthetic"] else "user"
        style = "good" if one["status"] == "Available" else ""
        counts = (str(one["answered"]), str(one["missed"]))
        cells = (plain(one["name"]), kind, plain(one["region"]), plain(one["status"], style))
        table.add_row(*cells, *counts, plain(", ".join(one["queues"])))
    console.print(table)
    console.print(f"{counted(len(view.agents), 'agent')}.")


def draw_calls_now(console: Console, instances: Sequence[Mapping[str, Any]]) -> None:
    """Queues of all instances, then each instance in a line; nothing where nobody ever called."""
    if not instances:
        return
    wide = console.width >= NARROW
    table = columns(
        "calls", "now", "waiting", "answered", "served", "lost", *(["instance"] if wide else []), prose="agents"
    )
    for one in instances:
        lost = one["lost"] + one["refused"]
        agents = f"{one['agents_available']} of {one['agents_staffed']} available"
        cells = [str(one[name]) for name in ("in_progress", "waiting", "answered", "served")]
        alias = [plain(one["alias"])] if wide else []
        table.add_row(plain(one["region"]), *cells, plain(lost, "bad" if lost else ""), *alias, agents)
    console.print(table)
    _draw_queues(console, instances)


def _draw_queues(console: Console, instances: Sequence[Mapping[str, Any]]) -> None:
    table = columns("queue", "region", "waiting", "oldest", "available", "staffed", "answered", "lost")
    for one in instances:
        for queue in one["queues"]:
            oldest = f"{queue['oldest_seconds']:.0f} s" if queue["waiting"] else ""
            counts = [str(queue[name]) for name in ("available", "staffed", "answered")]
            waiting = plain(queue["waiting"], "warn" if queue["waiting"] else "")
            lost = plain(queue["lost"], "bad" if queue["lost"] else "")
            table.add_row(plain(queue["name"]), plain(one["region"]), waiting, oldest, *counts, lost)
    if table.row_count:
        console.print(table)
