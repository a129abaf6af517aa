"""Route 53's and IAM's control planes are gone while every data plane works."""

from __future__ import annotations

from sbctl.core.moving.drill import Drill, InjectedFault

DRILL = Drill(
    name="control-plane-loss",
    title="No record and no role can be changed",
    purpose="A failover needs neither Route 53's nor IAM's control plane: the signal goes through a data plane.",
    steps=(
        "The control planes of Route 53 and IAM fail.",
        "Failover to the next region by the takeover signal.",
        "DNS answers the new region although no record was edited.",
        "The control planes work again; failback.",
    ),
    act="failover",
    mode="forced",
    injected=(
        InjectedFault(kind="control-plane", where="home", service="route53"),
        InjectedFault(kind="control-plane", where="home", service="iam"),
    ),
    on_aws="full",
    lossless=True,
)
