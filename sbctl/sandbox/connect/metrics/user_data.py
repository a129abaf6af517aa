"""GetCurrentUserData: users who have signed in, their slots and contacts.

https://docs.aws.amazon.com/connect/latest/APIReference/API_GetCurrentUserData.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sbctl.sandbox.connect.agents.agent import AgentContact
from sbctl.sandbox.connect.metrics.current import CHANNELS, Staff, free_slots, serves
from sbctl.sandbox.connect.records.group_path import path_of
from sbctl.sandbox.connect.records.refusals import invalid
from sbctl.sandbox.connect.records.shapes import present
from sbctl.sandbox.connect.records.view import stamp
from sbctl.sandbox.connect.store import Instance, bare, missing

FILTERS = {
    "Queues": "queue",
    "RoutingProfiles": "routing-profile",
    "Agents": "agent",
    "UserHierarchyGroups": "agent-group",
}
LEVELS = ("LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive")


def rows(instance: Instance, params: Mapping[str, Any], staff: Sequence[Staff]) -> list[dict[str, Any]]:
    """The rows of an answer. Raises ApiError for what AWS refuses. Agents that only the simulation knows are in none."""
    filters = params["Filters"]
    named = [name for name in FILTERS if filters.get(name)]
    if len(named) != 1:
        raise invalid(f"Filters must have exactly one of {', '.join(FILTERS)}")
    [name] = named
    wanted = {bare(one) for one in filters[name]}
    for one in sorted(wanted):
        if one not in instance.all(FILTERS[name]):
            raise missing(FILTERS[name], one)
    states = set((filters.get("ContactFilter") or {}).get("ContactStates") or ())
    users = [one for one in staff if not one.agent.synthetic and (one.agent.is_staffed or one.agent.contacts)]
    return [_row(instance, one, states) for one in users if _passes(instance, one, name, wanted) and _has(one, states)]


def _passes(instance: Instance, staff: Staff, name: str, wanted: set[str]) -> bool:
    if name == "Queues":
        return serves(staff, wanted, CHANNELS)
    if name == "RoutingProfiles":
        return staff.agent.profile in wanted
    if name == "Agents":
        return staff.agent.id in wanted
    return bool(wanted & set(path_of(instance, staff.agent.id)))


def _has(staff: Staff, states: set[str]) -> bool:
    return not states or any(one.state in states for one in staff.agent.contacts.values())


def _row(instance: Instance, staff: Staff, states: set[str]) -> dict[str, Any]:
    agent = staff.agent
    most = {channel: count for channel, count in staff.rules.concurrency.items() if channel in CHANNELS}
    held = [one.channel for one in agent.contacts.values()]
    contacts = [_contact(instance, one) for one in agent.contacts.values() if not states or one.state in states]
    return present(
        {
            "User": _reference(instance, "agent", agent.id),
            "RoutingProfile": _reference(instance, "routing-profile", agent.profile) if agent.profile else None,
            "HierarchyPath": {
                level: _reference(instance, "agent-group", group)
                for level, group in zip(LEVELS, path_of(instance, agent.id), strict=False)
            },
            "Status": present(
                {
                    "StatusStartTimestamp": stamp(agent.since),
                    "StatusArn": f"{instance.arn}/agent-state/{agent.status.id}" if agent.status.id else None,
                    "StatusName": agent.status.name,
                }
            ),
            "MaxSlotsByChannel": most,
            "ActiveSlotsByChannel": {channel: held.count(channel) for channel in most},  # type: ignore[arg-type]
            "AvailableSlotsByChannel": {channel: free_slots(staff, channel) for channel in most},
            "Contacts": contacts,
            "NextStatus": agent.next.name if agent.next else None,
        }
    )


def _reference(instance: Instance, kind: str, identity: str) -> dict[str, str]:
    return {"Id": identity, "Arn": f"{instance.arn}/{kind}/{identity}"}


def _contact(instance: Instance, contact: AgentContact) -> dict[str, Any]:
    return present(
        {
            "ContactId": contact.contact,
            "Channel": contact.channel,
            "InitiationMethod": contact.initiation,
            "AgentContactState": contact.state,
            "StateStartTimestamp": stamp(contact.since),
            "ConnectedToAgentTimestamp": stamp(contact.connected),
            "Queue": _reference(instance, "queue", contact.queue) if contact.queue else None,
        }
    )
