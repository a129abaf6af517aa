"""The sandbox's world: what is broken in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rich.console import Console

from sbctl.ui.console import columns, plain
from sbctl.ui.views import FaultsListed

NARROWING = ("service", "operation", "target", "resource", "code", "count", "delay_seconds")


def draw_faults(console: Console, view: FaultsListed) -> None:
    if not view.faults:
        console.print("[good]Nothing is broken.[/good]")
        return
    table = columns("id", "kind", "region", "until", "only")
    for fault in view.faults:
        only = ", ".join(f"{name} {fault[name]}" for name in NARROWING if name in fault)
        region = "all" if fault["region"] == "*" else fault["region"]
        table.add_row(plain(fault["id"]), plain(fault["kind"], "bad"), plain(region), _until(fault), plain(only))
    console.print(table)


def _until(fault: Mapping[str, Any]) -> str:
    """A time of the sandbox's clock."""
    if "until" not in fault:
        return "healed"
    return f"{datetime.fromtimestamp(fault['until'], UTC):%H:%M:%S}"
