"""Drills on the screen: the list, the words, and one that was played with its limits, timeline and a strip of its probes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sbctl.core.text.ages import age
from sbctl.failover.data.drill import not_seen
from sbctl.ui.console import columns, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console
    from rich.text import Text

    from sbctl.ui.views import DrillShown, DrillsListed, DrillsShown, TabletopShown

OUTCOMES = {"held": "good", "deviated": "bad", "aborted": "bad", "interrupted": "warn"}
STRIP_MARGIN = 12
WIDE = 100


def draw_drills(console: Console, view: DrillsListed) -> None:
    table = columns("drill", "on AWS up to", "last", prose="what")
    for row in view.rows:
        last = f"{row['last_outcome']} {row['last_at'][:10]}" if row["last_at"] else "never"
        style = OUTCOMES.get(row["last_outcome"] or "", "warn")
        table.add_row(plain(row["name"], "head"), plain(row["on_aws"]), plain(last, style), plain(row["title"]))
    console.print(table)


def draw_tabletop(console: Console, view: TabletopShown) -> None:
    for row in view.rows:
        console.print(plain(f"{row['name']}  {row['title']}", "head"))
        console.print(plain(row["purpose"]))
        for number, step in enumerate(row["steps"], 1):
            console.print(plain(f"  {number}. {step}"))
        console.print()


def draw_drill(console: Console, view: DrillShown) -> None:
    data = view.data
    outcome = data["outcome"]
    console.print(plain(f"{data['name']} ({data['level']})  ", "head"), plain(outcome, OUTCOMES[outcome]), sep="")
    if data["why"]:
        console.print(plain(data["why"], "warn"))
    table = columns("limit", "seen", "allowed", "")
    for limit in data["limits"]:
        shown = plain(_value(limit["value"], limit["unit"]))
        table.add_row(plain(limit["name"]), shown, plain(_allowed(limit)), _mark(outcome, limit))
    console.print(table)
    _draw_callers(console, data)
    for step in data.get("own_steps") or ():
        said = step["reason"] or step["output"]
        style = "good" if step["status"] == "done" else "bad"
        console.print(plain(f"step {step['move']}: {step['status']}" + (f", {said}" if said else ""), style))
    _draw_strip(console, data["probes"])
    _draw_timeline(console, data["timeline"])
    if data.get("report"):
        console.print(plain(f"report   {data['report']}", "quiet"))
    console.print(plain(f"history  {view.call} history show {data['run']}", "quiet"), soft_wrap=True)


def _draw_callers(console: Console, data: Mapping[str, Any]) -> None:
    """What callers got, in a line; why there were none."""
    callers = data.get("callers")
    if not callers:
        tests = data.get("flow_tests") or {}
        if tests.get("failed"):
            said = f"flow tests failed in {data['to']}: {', '.join(tests['failed'])} ({age(tests['age_seconds'])} ago)"
            console.print(plain(said, "warn"))
        if data.get("callers_note"):
            console.print(plain(f"no callers: {data['callers_note']}", "quiet"))
        return
    gap = data["callers_rto_seconds"]
    gone = "none again after that" if gap is None else f"no answer for {gap:.0f} s"
    gone = "" if gap == 0 else f"; {gone}"
    wrong = f", {callers['wrong_region']} in the wrong region" if callers["wrong_region"] else ""
    served = f", {callers['served']} served by the flow" if callers["served"] else ""
    counted = f"{callers['answered']} answered{served}, {callers['lost']} lost{wrong}"
    judged = "" if callers["judged"] else " (reported, not judged: nothing here moves numbers)"
    console.print(plain(f"callers  {counted}{gone}{judged}", "" if not callers["lost"] else "warn"))


def _mark(outcome: str, limit: Mapping[str, Any]) -> Text:
    if not_seen(outcome, limit):
        return plain("cut off", "warn")
    return plain("held", "good") if limit["held"] else plain("MISSED", "bad")


def draw_played(console: Console, view: DrillsShown) -> None:
    """A narrow screen has room for what people type, the names of drills and runs, and for the figures."""
    wide = console.width >= WIDE
    table = columns("drill", "outcome", "RTO", "RPO", *(["probes failed", "limits"] if wide else []), prose="run")
    for row in view.rows:
        held = sum(limit["held"] for limit in row["limits"])
        cells = [_seconds(row["rto_seconds"]), _seconds(row["rpo_seconds"])]
        if wide:
            cells += [f"{row['probes_failed']} of {row['probes_total']}", f"{held} of {len(row['limits'])}"]
        outcome = plain(row["outcome"], OUTCOMES[row["outcome"]])
        table.add_row(plain(row["name"], "head"), outcome, *map(plain, [*cells, row["run"]]))
    console.print(table)


def _draw_strip(console: Console, probes: Sequence[Mapping[str, Any]]) -> None:
    """One cell a stretch of time: green while answers were good, red where one was not; a row for each region answered."""
    if not probes:
        return
    width = max(20, min(console.width, 160) - STRIP_MARGIN - 2)
    span = max(float(probes[-1]["at_seconds"]), 1.0)
    console.print()
    for region in dict.fromkeys(probe["region"] for probe in probes):
        cells: list[str] = [" "] * width
        for probe in probes:
            if probe["region"] == region:
                place = min(width - 1, int(max(0.0, float(probe["at_seconds"])) / span * width))
                cells[place] = "x" if not probe["good"] or cells[place] == "x" else "="
        line = plain(f"{region or 'no answer':<{STRIP_MARGIN}}")
        for cell in cells:
            line.append(cell, style="bad" if cell == "x" else "good")
        console.print(line, no_wrap=True)
    console.print(plain(f"{'':<{STRIP_MARGIN}}0 s{f'{span:.0f} s':>{width - 3}}", "quiet"))


def _draw_timeline(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    console.print()
    table = columns("after", "what", prose="")
    for row in rows:
        if row["text"]:
            table.add_row(plain(f"{row['at_seconds']:.1f} s"), plain(row["what"]), plain(row["text"]))
    console.print(table)


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.1f} s"


def _value(value: Any, unit: str) -> str:
    if value is None:
        return "unknown"
    # A limit in seconds may have words for a figure that was not measured.
    return f"{value:.1f} s" if unit == "s" and not isinstance(value, str) else str(value)


def _allowed(limit: Mapping[str, Any]) -> str:
    allowed = limit["limit"]
    if isinstance(allowed, str):
        return allowed
    return f"at most {allowed:.0f} {limit['unit']}" if limit["unit"] != "at least" else f"at least {allowed:.0f}"
