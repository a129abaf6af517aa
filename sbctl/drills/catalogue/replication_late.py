"""Replication that stands still: a planned failover would lose what has not arrived."""

from __future__ import annotations

from sbctl.core.moving.drill import Drill, InjectedFault

DRILL = Drill(
    name="replication-late",
    title="Replication to the standby stands still",
    purpose="A planned failover is refused with the lag as its figure, and everything arrives once replication goes on.",
    steps=(
        "Replication from the active region to the next one is paused.",
        "A planned failover is refused: the guard for lag names the figure.",
        "Replication goes on; every write of the drill arrives.",
    ),
    act="refused",
    injected=(InjectedFault(kind="replication-paused", to="target"),),
    on_aws="check",
    code="lag",
)
