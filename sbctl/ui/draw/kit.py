"""What was verified of a failover kit, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sbctl.ui.console import columns, plain

if TYPE_CHECKING:
    from rich.console import Console

    from sbctl.ui.views import KitVerified

STYLES = {"ok": "good", "bad": "bad", "unknown": "warn"}


def draw_kit(console: Console, view: KitVerified) -> None:
    table = columns("check", "verdict", prose="what was found, and where")
    for row in view.rows:
        verdict = plain(row["verdict"], STYLES[row["verdict"]])
        table.add_row(plain(row["check"]), verdict, plain(f"{row['detail']} ({row['at']})"))
    console.print(table)
