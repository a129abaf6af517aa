"""A planned change of region while everything works: for maintenance, and to know that the way is free."""

from __future__ import annotations

from sbctl.core.moving.drill import Drill

DRILL = Drill(
    name="planned-switch",
    title="Traffic changes region while both are healthy",
    purpose="A planned failover loses no answer and no write, and so does the way back.",
    steps=(
        "Planned failover to the next region, with lag and parity measured first.",
        "No probe fails on the way, and no acknowledged write is missing in the new region.",
        "Failback.",
    ),
    act="failover",
    mode="planned",
    on_aws="full",
    lossless=True,
)
