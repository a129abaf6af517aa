"""The sandbox's world: what is broken in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sbctl.ui.console import columns, plain
from sbctl.ui.draw.sandbox.calls import draw_calls_now
from sbctl.ui.draw.state import WIDE, draw_pairs
from sbctl.ui.views import FaultsListed, Pairs, WorldShown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

NARROWING = ("service", "operation", "target", "resource", "code", "count", "probability", "delay_seconds")


def draw_world(console: Console, view: WorldShown) -> None:
    """Facts, faults, health, DNS, replication and calls below each other; what has nothing to show is left out."""
    draw_pairs(console, Pairs("Sandbox", view.rows))
    draw_faults(console, FaultsListed(tuple(view.world["faults"])))
    _draw_health(console, view.world["health_checks"])
    _draw_answers(console, view.world["dns_answers"])
    _draw_replication(console, view.world["replication"])
    draw_calls_now(console, view.world.get("calls", {}).get("instances", ()))


def _draw_health(console: Console, checks: Sequence[Mapping[str, Any]]) -> None:
    wide = console.width >= WIDE
    table = columns("health check", "status", "type", *(["endpoint"] if wide else []))
    for check in checks:
        state = plain("healthy", "good") if check["healthy"] else plain("unhealthy", "bad")
        endpoint = [plain(check["endpoint"])] if wide else []
        table.add_row(plain(check["name"] or check["id"]), state, plain(check["type"]), *endpoint)
    if checks:
        console.print(table)


def _draw_answers(console: Console, answers: Sequence[Mapping[str, Any]]) -> None:
    table = columns("DNS answers now", "type", "TTL", "value")
    for answer in answers:
        values = ", ".join(answer["values"]) or "nothing"
        table.add_row(plain(answer["name"]), plain(answer["type"]), str(answer["ttl_seconds"] or ""), plain(values))
    if answers:
        console.print(table)


def _draw_replication(console: Console, services: Mapping[str, Any]) -> None:
    table = columns("replication", "lag", "waiting", "oldest")
    for name, found in services.items():
        waiting = sum(way["pending"] for way in found["backlog"])
        oldest = max((way["oldest_seconds"] for way in found["backlog"] if way["pending"]), default=0.0)
        style = "warn" if waiting else "good"
        lag = f"{found['lag_seconds']:.1f} s"
        table.add_row(plain(name), lag, plain(waiting, style), f"{oldest:.0f} s" if waiting else "")
    if services:
        console.print(table)


def draw_faults(console: Console, view: FaultsListed) -> None:
    if not view.faults:
        console.print(plain("Nothing is broken.", "good"))
        return
    table = columns("id", "kind", "region", "until", prose="only")
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
