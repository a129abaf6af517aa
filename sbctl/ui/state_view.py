"""Records, live resources and flows as tables."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.json import JSON
from rich.table import Table

from sbctl.core.state import Record
from sbctl.ui.console import plain, safe, short
from sbctl.ui.views import FlowDrawn, LiveShown, LivesListed, Pairs, Records


def draw_records(console: Console, view: Records) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("address", overflow="fold")
    table.add_column("status")
    table.add_column("made by")
    table.add_column("id", overflow="fold")
    for record in view.records:
        style = "" if record.status == "ready" else "warn"
        identity = record.ids.get("id", record.ids.get("name", ""))
        made_by = "sbctl" if record.origin == "created" else "adopted"
        table.add_row(plain(record.address), plain(record.status), made_by, plain(identity), style=style)
    if view.records:
        console.print(table)
    console.print(f"{len(view.records)} of {len(view.state.records)} records, serial {view.state.serial}.")


def draw_record(console: Console, record: Record) -> None:
    console.print(plain(record.address, "head"))
    for name, value in (("status", record.status), ("origin", record.origin), ("updated", record.updated_at)):
        console.print(plain(f"  {name:8} {value}"))
    for title, values in (("ids", record.ids), ("outputs", record.outputs), ("last applied", record.applied)):
        console.print(plain(f"  {title}"))
        console.print(JSON(safe(json.dumps(values, default=str)), indent=2))
    if record.needs:
        console.print(plain("  needs"))
        for need in record.needs:
            console.print(plain(f"    {need}"))


def draw_lives(console: Console, view: LivesListed) -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("region", "name", "id", "managed as"):
        table.add_column(column, overflow="fold")
    for region, live, name in view.rows:
        identity = live.ids.get("id", live.ids.get("name", ""))
        table.add_row(
            region, plain(name), plain(identity), plain(live.owner, "good") if live.owner else plain("-", "quiet")
        )
    if view.rows:
        console.print(table)
    console.print(f"{len(view.rows)} {view.kind.title}(s).")


def draw_shown(console: Console, view: LiveShown) -> None:
    for item in view.items:
        console.print(plain(f"{item['address']}  {item['action']}", "head"))
        table = Table(box=None, pad_edge=False)
        for column in ("field", "wanted", "live", "last applied"):
            table.add_column(column, overflow="fold")
        for name in sorted({*item["wanted"], *item["live"]}):
            wanted, live, applied = (item[part].get(name) for part in ("wanted", "live", "applied"))
            changed = any(change["field"].split(".")[0] == name for change in item["changes"])
            table.add_row(name, *_cells(wanted, live, applied, console.width), style="warn" if changed else "")
        console.print(table)


def _cells(wanted: Any, live: Any, applied: Any, width: int) -> list[str]:
    limit = max(16, (width - 24) // 3)
    return ["" if value is None else short(value, limit).replace("[", "\\[") for value in (wanted, live, applied)]


def draw_flow(console: Console, view: FlowDrawn) -> None:
    console.print(plain(f"{view.title}  ({view.at})", "head"))
    for depth, text in view.lines:
        console.print(plain("  " * depth + text))


def draw_pairs(console: Console, view: Pairs) -> None:
    if view.title:
        console.print(plain(view.title, "head"))
    width = max((len(name) for name, _ in view.rows), default=0)
    for name, value in view.rows:
        console.print(plain(f"  {name:<{width}}  {value}"))
