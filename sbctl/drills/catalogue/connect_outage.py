"""Amazon Connect fails in the active region while everything else there works."""

from __future__ import annotations

from sbctl.core.moving.drill import Drill, InjectedFault

DRILL = Drill(
    name="connect-outage",
    title="Connect fails in the active region",
    purpose="The health function notices it, and Route 53 moves traffic with nobody at the keyboard.",
    steps=(
        "Connect's API in the active region answers errors.",
        "The region's health function turns bad; Route 53 counts to its threshold and answers the next region.",
        "Connect works again, and traffic returns by itself.",
    ),
    act="watch",
    injected=(InjectedFault(kind="error", service="connect"),),
)
