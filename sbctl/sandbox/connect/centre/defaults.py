"""What AWS puts into every new instance: open hours, a queue, a routing profile, security profiles, agent statuses, an
authentication profile, flows.

Only the names are documented (an instance "comes with" them); what they say is the console's, as far as it is known.
"""

from __future__ import annotations

from typing import Any

from sbctl.sandbox.connect.flows.flows import EMPTY
from sbctl.sandbox.connect.store import Instance, ResourceStore

WEEK = ("SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY")
VIEWED = ("Users.View", "RoutingPolicies.View", "Queues.View", "HoursOfOperation.View", "TransferDestinations.View")
EDITED = ("Users.Edit", "RoutingPolicies.Edit", "Queues.Edit", "HoursOfOperation.Edit", "TransferDestinations.Edit")
MADE = (
    "Users.Create",
    "RoutingPolicies.Create",
    "Queues.Create",
    "HoursOfOperation.Create",
    "TransferDestinations.Create",
)
WATCHED = ("AccessMetrics", "ContactSearch.View", "ListenCallRecordings", "RealtimeContactLens.View")
SPOKEN = ("BasicAgentAccess", "OutboundCallAccess")
PROFILES: dict[str, tuple[str, ...]] = {
    "Admin": (
        *SPOKEN,
        *VIEWED,
        *EDITED,
        *MADE,
        *WATCHED,
        "PhoneNumbers.View",
        "PhoneNumbers.Claim",
        "ContactFlows.Publish",
    ),
    "Agent": SPOKEN,
    "CallCenterManager": (*SPOKEN, *VIEWED, *EDITED, *MADE, *WATCHED),
    "QualityAnalyst": (*SPOKEN, *WATCHED),
}
"""Security profiles with some of the permissions that they have: AWS's whole lists are on no page.

https://docs.aws.amazon.com/connect/latest/adminguide/security-profile-list.html
"""
STATUSES = {"Available": "ROUTABLE", "Offline": "OFFLINE"}
FLOWS = ("Default customer queue", "Default agent whisper", "Sample inbound flow (first contact experience)")


def furnish(store: ResourceStore, instance: Instance) -> None:
    """Put it all into a new instance."""

    def add(kind: str, name: str, **values: Any) -> str:
        return store.add(instance, kind, {"Name": name, **values}, {}).id

    midnight = {"Hours": 0, "Minutes": 0}
    always = [{"Day": day, "StartTime": midnight, "EndTime": midnight} for day in WEEK]
    hours = add("operating-hours", "Basic Hours", TimeZone="America/New_York", Config=always)
    queue = add("queue", "BasicQueue", Description="A simple, basic voice queue.", HoursOfOperationId=hours)
    served = [{"QueueId": queue, "Channel": "VOICE", "Priority": 1, "Delay": 0}]
    add(
        "routing-profile",
        "Basic Routing Profile",
        Description="A simple routing profile.",
        DefaultOutboundQueueId=queue,
        MediaConcurrencies=[{"Channel": "VOICE", "Concurrency": 1}],
        AgentAvailabilityTimer="TIME_SINCE_LAST_ACTIVITY",
        Queues=served,
    )
    for name, permissions in PROFILES.items():
        add("security-profile", name, Permissions=list(permissions))
    for name, kind in STATUSES.items():
        add("agent-state", name, State="ENABLED", Type=kind)
    add("authentication-profile", "Default Authentication Profile", PeriodicSessionDuration=60)
    for name in FLOWS:
        add("contact-flow", name, Content=EMPTY)
