"""Standby takes over: the signal by which a region draws the traffic to itself, and whose traffic it draws.

The signal is one item of a global table, written in the region that takes over (data plane) and served there by a function
of its own, which also publishes it as a metric. One item and not one a region: what a lost region still believes is overwritten
when it comes back, since the last writer wins (dr-primitives 4.3).
"""

from __future__ import annotations

from sbctl.core.project import Project, Region

PATH = "/takeover"
"""Where a function answers 200 while its own region has taken over, else 404."""
FUNCTION = "takeover"
"""The function that serves the signal, by its name in `lambdas`."""
NAMESPACE = "sbctl"
METRIC = "TakenOver"
"""The metric that this function publishes: 1 while its region has taken over, else 0."""
KEY: dict[str, str] = {"PK": "TAKEOVER", "SK": "SIGNAL"}
"""The signal's key in the table of the rules."""


def rivals(project: Project, region: Region, served: tuple[Region, ...]) -> tuple[Region, ...]:
    """The regions whose takeover leaves `region` without traffic.

    Active-passive: those behind it, since one in front of it is answered first anyway. Active-active: all the others.
    """
    if project.strategy == "active-active":
        return tuple(other for other in served if other.region != region.region)
    return tuple(other for other in served if other.priority > region.priority)
