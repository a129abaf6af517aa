"""Records and live resources as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sbctl.core.plan import FieldChange
from sbctl.core.text.counted import counted
from sbctl.ui.console import columns, plain, short, short_apart

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from sbctl.core.state import Record
    from sbctl.ui.views import GenerationsListed, LiveShown, LivesListed, Pairs, Records, StateRebuilt

WIDE = 140
"""From this many columns on there is room for ids beside addresses."""
NARROW = 120
"""With fewer columns an address may not leave room for anything else."""


def draw_records(console: Console, view: Records) -> None:
    """On a narrow screen the address stands last: long ones are folded, so that nothing of a row is cut."""
    wide, narrow = console.width >= WIDE, console.width < NARROW
    head = ("status", "made by") if narrow else ("address", "status", "made by", *(["id"] if wide else []))
    table = columns(*head, prose="address" if narrow else None)
    for record in view.records:
        style = "" if record.status == "ready" else "warn"
        made_by = "sbctl" if record.origin == "created" else "adopted"
        cells = [plain(record.status), plain(made_by)]
        cells = [*cells, plain(record.address)] if narrow else [plain(record.address), *cells]
        table.add_row(*cells, *([plain(_identity(record.ids))] if wide else []), style=style)
    if view.records:
        console.print(table)
    console.print(f"{len(view.records)} of {counted(len(view.state.records), 'record')}, serial {view.state.serial}.")


def draw_generations(console: Console, view: GenerationsListed) -> None:
    """The newest first, as people look for it. Only the command is folded: the serial is what people type."""
    table = columns("serial", "when (UTC)", "records", "made", "adopted", "size", prose="written by")
    for column, width in zip(table.columns, (6, 16, 7, 4, 7, 7), strict=False):
        column.min_width = width
        column.justify = "left" if column.header == "when (UTC)" else "right"
    for row in reversed(view.rows):
        size = f"{row['bytes'] / 1000:,.0f} kB" if row["bytes"] >= 1000 else f"{row['bytes']} B"
        if row["damage"]:
            cells = ["", "", "", "", size, f"cannot be read: {row['damage']}"]
        else:
            when = str(row["written_at"] or "")[:16].replace("T", " ")
            counts = [str(row[name]) for name in ("records", "created", "adopted")]
            cells = [when, *counts, size, ", ".join(filter(None, (row["command"], row.get("by"))))]
        style = "good" if row["present"] else "warn" if row["damage"] else ""
        table.add_row(str(row["serial"]), *map(plain, cells), style=style)
    if view.rows:
        console.print(table)
    console.print(f"{counted(len(view.rows), 'generation')}.")
    for copy in view.copies:
        serial = "" if copy["serial"] is None else f"serial {copy['serial']}"
        console.print(plain(f"Copy at {copy['at']}: {serial or copy['trouble']}"), soft_wrap=True)


def draw_rebuilt(console: Console, view: StateRebuilt) -> None:
    """What was found where, then what a plan on it would do."""
    table = columns("region", "made by sbctl", "adopted", "not there", "not read")
    for column in table.columns[1:]:
        column.justify = "right"
    for region, *counts in view.rows:
        table.add_row(region, *(str(count) if count else "-" for count in counts), style="warn" if counts[3] else "")
    console.print(table)
    pending = {action: count for action, count in view.data["summary"].items() if count and action != "none"}
    then = ", ".join(f"{count} to {action}" for action, count in pending.items()) or "nothing to do"
    console.print(plain(f"A plan on it: {then}."))
    if view.data["written"]:
        console.print(f"The state is serial {view.data['serial']}, {counted(len(view.data['records']), 'record')}.")


def _identity(ids: Mapping[str, str]) -> str:
    return str(ids.get("id", ids.get("name", "")))


def draw_record(console: Console, record: Record) -> None:
    console.print(plain(record.address, "head"))
    when = f"{record.updated_at:%Y-%m-%d %H:%M:%S} UTC" if record.updated_at else "unknown"
    origin = "sbctl made it" if record.origin == "created" else "adopted: destroy leaves it alone"
    _draw_values(console, "", {"status": record.status, "origin": origin, "updated": when})
    _draw_values(console, "ids", record.ids)
    _draw_values(console, "outputs", {n: v for n, v in record.outputs.items() if n not in record.ids})
    _draw_values(console, "last applied", {n: v for n, v in record.applied.items() if v is not None})
    if record.needs:
        console.print(plain("  needs", "head"))
        for need in record.needs:
            console.print(plain(f"    {need}"), soft_wrap=True)


def _draw_values(console: Console, title: str, values: Mapping[str, Any]) -> None:
    """Names and values, a line each; ids and ARNs are never folded, so that they can be copied."""
    if title and values:
        console.print(plain(f"  {title}", "head"))
    indent = 4 if title else 2
    longest = max((len(name) for name in values), default=0)
    for name, value in values.items():
        room = 10_000 if isinstance(value, str) else max(30, console.width - longest - indent - 2)
        line = plain(f"{'':{indent}}{name:<{longest}}  ", "quiet")
        line.append_text(plain(short(value, room)))
        console.print(line, soft_wrap=True)


def draw_lives(console: Console, view: LivesListed) -> None:
    wide = console.width >= WIDE
    table = columns("region", "name", "id", "managed as" if wide else "managed")
    for region, live, name in view.rows:
        owner = plain(live.owner if wide else "yes", "good") if live.owner else plain("no", "quiet")
        table.add_row(region, plain(_within(name, live.ids)), plain(_identity(live.ids)), owner)
    table.columns[0].min_width = 9
    if view.rows:
        console.print(table)
    console.print(f"{len(view.rows)} of kind {view.kind.name}.")


def _within(name: str, ids: Mapping[str, str]) -> str:
    """A name without the id of what it is a part of, of which a narrow screen would show nothing else."""
    return next((name.removeprefix(f"{one}/") for one in ids.values() if name.startswith(f"{one}/")), name)


def draw_shown(console: Console, view: LiveShown) -> None:
    """Each field once where all three values agree, else wanted, live and last applied below each other."""
    for item in view.items:
        style = "good" if item["action"] == "none" else item["action"]
        title = plain(item["address"], "head")
        title.append_text(plain("  as wanted" if item["action"] == "none" else f"  {item['action']}", style))
        console.print(title, soft_wrap=True)
        names = sorted({*item["wanted"], *item["live"]})
        longest = max((len(name) for name in names), default=0)
        changed = _changes(item)
        for name in names:
            _draw_field(console, item, name, longest, changed.get(name))


def _changes(item: Mapping[str, Any]) -> dict[str, FieldChange]:
    found = (FieldChange.model_validate(change) for change in item["changes"])
    return {change.field.split(".")[0]: change for change in found}


def _draw_field(console: Console, item: Mapping[str, Any], name: str, longest: int, change: FieldChange | None) -> None:
    label = plain(f"  {name:<{longest}}  ", "quiet" if change is None else "warn")
    if change is None:
        value = item["live"].get(name) if item["live"] else item["wanted"].get(name)
        if value is not None:
            room = max(30, console.width - longest - 4)
            console.print(label.append_text(plain(short(value, room))), soft_wrap=True)
        return
    room = max(30, console.width - longest - 13)
    parts = ("wanted", "live", "applied")
    values = [item[part].get(name) for part in parts]
    there = iter(short_apart([value for value in values if value is not None], room))
    for part, value in zip(parts, values, strict=True):
        line = label.copy().append_text(plain(f"{part:<9}", "quiet"))
        console.print(line.append_text(plain("-" if value is None else next(there), "warn")), soft_wrap=True)
        label = plain(" " * (longest + 4))


def draw_pairs(console: Console, view: Pairs) -> None:
    if view.title:
        console.print(plain(view.title, "head"))
    width = max((len(name) for name, _ in view.rows), default=0)
    for name, value in view.rows:
        console.print(plain(f"  {name:<{width}}  {value}"), soft_wrap=True)
