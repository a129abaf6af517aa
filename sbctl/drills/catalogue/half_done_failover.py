"""The operator's machine dies in the middle of a failover."""

from __future__ import annotations

from sbctl.core.moving.drill import Drill

DRILL = Drill(
    name="half-done-failover",
    title="A failover is cut off after its first move",
    purpose="The journal holds all that another process needs: it resumes the run and ends where an unbroken one ends.",
    steps=(
        "Failover to the next region, cut off right after the signal.",
        "Another process finds the open run and resumes it.",
        "Traffic has moved, the signal was given once, and no run is open.",
        "Failback.",
    ),
    act="half-done",
    mode="planned",
    on_aws="full",
    lossless=True,
)
