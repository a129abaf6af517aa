"""The loss of the active region: its endpoints hang, its data plane and the control planes that live there are gone."""

from __future__ import annotations

from sbctl.core.moving.drill import Drill, InjectedFault

DRILL = Drill(
    name="region-loss",
    title="The active region is lost",
    purpose="A forced failover moves traffic without asking the lost region, nor any control plane that lives there.",
    steps=(
        "The active region hangs: every service, every endpoint, replication from and to it.",
        "Forced failover to the next region by priority.",
        "DNS answers the new region within the RTO; writes acknowledged before the loss are there within the RPO.",
        "The region comes back, catches up, and traffic returns to it.",
    ),
    act="failover",
    mode="forced",
    injected=(InjectedFault(kind="hang"),),
)
