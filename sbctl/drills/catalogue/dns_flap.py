"""An endpoint that fails for a moment again and again: traffic must not run to and fro."""

from __future__ import annotations

from sbctl.core.moving.drill import Drill, InjectedFault

DRILL = Drill(
    name="dns-flap",
    title="The active region's endpoint flaps",
    purpose="Failures that are shorter than interval times threshold move nothing.",
    steps=(
        "The health function of the active region fails for less than Route 53 needs to notice, three times.",
        "DNS answers the active region throughout.",
    ),
    act="hold",
    injected=(InjectedFault(kind="down", service="lambda"),),
    on_aws="check",
    unrest=3,
)
