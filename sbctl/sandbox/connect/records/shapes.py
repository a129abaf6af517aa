"""A contact in the shapes of DescribeContact and SearchContacts. Members that it has no value of are left out.

https://docs.aws.amazon.com/connect/latest/APIReference/API_Contact.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.records.facts import after_seconds, subtype
from sbctl.sandbox.connect.records.view import stamp
from sbctl.sandbox.connect.store import Instance

WITHOUT_SYSTEM = frozenset({"MONITOR", "QUEUE_TRANSFER", "CALLBACK"})
"""Ways in which contacts begin that have no system endpoint."""


def arn_of(instance: Instance, contact: str) -> str:
    """The ARN of a contact."""
    return f"{instance.arn}/contact/{contact}"


def present(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without the members that have no value."""
    return {name: value for name, value in values.items() if value not in (None, "", {}, [])}


def _common(instance: Instance, contact: Contact) -> dict[str, Any]:
    return {
        "Arn": arn_of(instance, contact.id),
        "Id": contact.id,
        "InitialContactId": contact.initial if contact.initial != contact.id else "",
        "PreviousContactId": contact.previous,
        "InitiationMethod": contact.initiation,
        "Name": contact.name,
        "Channel": contact.channel,
        "InitiationTimestamp": stamp(contact.begun),
        "DisconnectTimestamp": stamp(contact.ended),
        "ScheduledTimestamp": stamp(contact.scheduled),
        "SegmentAttributes": {"connect:Subtype": {"ValueString": subtype(contact)}, **contact.segment_attributes},
        "Tags": dict(contact.tags),
    }


def summary(instance: Instance, contact: Contact) -> dict[str, Any]:
    """As SearchContacts tells it."""
    agent = {"Id": contact.agent, "ConnectedToAgentTimestamp": stamp(contact.connected)}
    return present(
        {
            **_common(instance, contact),
            "SegmentAttributes": {
                key: present({name: value.get(name) for name in ("ValueString", "ValueMap")})
                for key, value in _common(instance, contact)["SegmentAttributes"].items()
            },
            "QueueInfo": _queue(contact),
            "AgentInfo": present(agent) if contact.connected is not None else None,
        }
    )


def _queue(contact: Contact) -> dict[str, Any] | None:
    if contact.queued is None or not contact.queue:
        return None
    return {"Id": contact.queue, "EnqueueTimestamp": stamp(contact.queued)}


def described(instance: Instance, contact: Contact) -> dict[str, Any]:
    """As DescribeContact tells it."""
    return present(
        {
            **_common(instance, contact),
            "ContactAssociationId": contact.initial or contact.id,
            "Description": contact.description,
            "QueueInfo": _queue(contact),
            "AgentInfo": _agent(contact),
            "LastUpdateTimestamp": stamp(contact.updated or contact.begun),
            "RelatedContactId": contact.related,
            "CustomerEndpoint": _endpoint(contact.customer),
            "SystemEndpoint": _endpoint(contact.system) if contact.initiation not in WITHOUT_SYSTEM else None,
            "QueueTimeAdjustmentSeconds": int(contact.routing_age) or None,
            "QueuePriority": contact.priority,
            "ConnectedToSystemTimestamp": stamp(contact.begun),
            "DisconnectReason": contact.reason,
            "Recordings": contact.recordings,
            "Attributes": dict(contact.attributes),
        }
    )


def _endpoint(address: str) -> dict[str, str] | None:
    return {"Type": "TELEPHONE_NUMBER", "Address": address} if address else None


def _agent(contact: Contact) -> dict[str, Any] | None:
    if contact.connected is None or not contact.agent:
        return None
    after = after_seconds(contact)
    return present(
        {
            "Id": contact.agent,
            "AcceptedByAgentTimestamp": stamp(contact.connected),
            "ConnectedToAgentTimestamp": stamp(contact.connected),
            "AfterContactWorkDuration": None if after is None else int(after),
            "AfterContactWorkStartTimestamp": stamp(contact.acw_begun),
            "AfterContactWorkEndTimestamp": stamp(contact.acw_ended),
            "AgentInitiatedHoldDuration": int(contact.hold_seconds),
        }
    )
