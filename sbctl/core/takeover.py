"""Standby takes over: the signal by which a region draws the traffic to itself, and whose traffic it draws.

The signal is one item of a global table, written in the region that takes over (data plane) and served by that region's
health function. One item and not one a region: what a lost region still believes is overwritten when it comes back, since
the last writer wins (dr-primitives 4.3).
"""

from __future__ import annotations

from sbctl.core.project import Project, Region

PATH = "/takeover"
"""Where the health function answers 200 while its own region has taken over, else 404."""
KEY: dict[str, str] = {"PK": "TAKEOVER", "SK": "SIGNAL"}
"""The signal's key in the table of the rules."""


def rivals(project: Project, region: Region, served: tuple[Region, ...]) -> tuple[Region, ...]:
    """The regions whose takeover leaves `region` without traffic.

    Active-passive: those behind it, since one in front of it is answered first anyway. Active-active: all the others.
    """
    if project.strategy == "active-active":
        return tuple(other for other in served if other.region != region.region)
    return tuple(other for other in served if other.priority > region.priority)
