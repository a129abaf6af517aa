"""Says whose time a report's figures are: the sandbox's clock may run several times as fast as real time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sbctl.app import App
    from sbctl.core.report import Report

MEASURED = frozenset({"DrillShown", "DrillsShown", "FailoverShown", "ReplicationShown"})
"""Views with measured times."""


def foreign_time(app: App, report: Report) -> str:
    """A line for people below measured times; "" where they are of real time."""
    speed = app.sandbox_speed() if type(report.view).__name__ in MEASURED else 1.0
    if speed == 1:
        return ""
    if not speed:
        return "Times are of the sandbox's clock, which moves only when a command waits by it."
    return (
        f"Times are of the sandbox's clock, which runs {speed:g} times as fast as real time: time to answer counts too."
    )
