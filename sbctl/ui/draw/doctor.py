"""What `doctor` found: each check a line, with what does not hold spelled out; then what a failover depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sbctl.ui.console import columns, plain

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from sbctl.ui.views import DoctorShown

STYLES = {"ok": "good", "late": "warn", "bad": "bad", "unknown": "warn"}
MARKS = {"ok": "ok", "late": "late", "bad": "BAD", "unknown": "?"}
Row = Mapping[str, Any]


def draw_doctor(console: Console, view: DoctorShown) -> None:
    data = view.data
    table = _table()
    for row in _rows(data["readings"]):
        table.add_row(*row)
    console.print(table)
    _draw_planes(console, data["moves"])
    _draw_worst(console, data)
    for note in data["notes"]:
        console.print(plain(f"\n{note}", "warn"))
    console.print(plain(f"\n{_sentence(data)}", STYLES[data["verdict"]]))


def _table() -> Table:
    table = columns("check", "", title="")
    table.add_column("what was seen", overflow="fold")
    return table


def _rows(readings: Sequence[Row]) -> list[tuple[Any, ...]]:
    """One line for all good readings of a check; one each for the others."""
    rows: list[tuple[Any, ...]] = []
    by_check: dict[str, list[Row]] = {}
    for one in readings:
        by_check.setdefault(one["check"], []).append(one)
    for check, found in by_check.items():
        good = [one for one in found if one["verdict"] == "ok"]
        name = check
        if good:
            rows.append((plain(name), plain(MARKS["ok"], "good"), plain(_together(good), "quiet")))
            name = ""
        for one in (one for one in found if one["verdict"] != "ok"):
            style = STYLES[one["verdict"]]
            rows.append((plain(name), plain(MARKS[one["verdict"]], style), plain(_told(one), style)))
            name = ""
    return rows


def _told(one: Row) -> str:
    """What does not hold, with its place unless the words begin with it."""
    place = " ".join(part for part in (one["subject"], one["to"]) if part)
    return str(one["detail"]) if not place or one["detail"].startswith(place) else f"{place}: {one['detail']}"


def _together(good: Sequence[Row]) -> str:
    if len(good) == 1:
        return str(good[0]["detail"])
    regions = list(dict.fromkeys(one["to"] for one in good if one["to"]))
    where = f" in {', '.join(regions)}" if regions else ""
    details = {one["detail"] for one in good}
    return f"{len(good)}{where}" + (f": {details.pop()}" if len(details) == 1 else "")


def _draw_planes(console: Console, moves: Sequence[Row]) -> None:
    """A table for each mechanism; the first is the project's own."""
    for number, mechanism in enumerate(dict.fromkeys(one["mechanism"] for one in moves)):
        title = "What a failover depends on" if number == 0 else "What it would depend on"
        console.print(plain(f"\n{title}: {mechanism}", "head" if number == 0 else "quiet"))
        table = columns("step", "service", "plane", "where")
        for one in (one for one in moves if one["mechanism"] == mechanism):
            style = "warn" if one["plane"] == "control" else ""
            table.add_row(*(plain(one[name], style) for name in ("step", "service", "plane", "where")))
        console.print(table)


def _draw_worst(console: Console, data: Row) -> None:
    rto = data["objectives"]["rto_seconds"]
    console.print(plain(f"\nUntil traffic has moved, at worst (RTO {rto:.0f} s)", "head"))
    table = columns("cause")
    table.add_column("at worst", justify="right", no_wrap=True)
    table.add_column("parts", overflow="fold")
    for way in data["recovery_bound"]:
        parts = " + ".join(f"{part['seconds']:.0f} {part['name']}" for part in way["parts"])
        style = "good" if way["seconds"] <= rto else "bad"
        table.add_row(plain(way["cause"]), plain(f"{way['seconds']:.0f} s", style), plain(parts))
    console.print(table)


def _sentence(data: Row) -> str:
    counts = data["summary"]
    rest = ", ".join(f"{counts[name]} {name}" for name in ("late", "bad", "unknown") if counts[name])
    where = f" to {data['to']}" if data["to"] else ""
    if data["verdict"] == "ok":
        return f"A failover{where} has all it needs: {counts['ok']} of {counts['ok']} hold."
    return f"A failover{where} may not work: {rest}; {counts['ok']} hold."
