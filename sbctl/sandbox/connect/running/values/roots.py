"""What references find of a contact and its instance, by root. What flows learn on their way stands in their frames.

https://docs.aws.amazon.com/connect/latest/adminguide/connect-attrib-list.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.store import ConnectResource, Instance, bare

Root = Callable[[Contact, Instance, str], Any]
"""Of the contact, its instance and the type of the flow: the value, None where there is none."""
Numbers = Callable[[str], str]
"""The number of a claimed number, by its id; "" where there is none."""
WITH_AGENT = frozenset(
    {"AGENT_WHISPER", "CUSTOMER_WHISPER", "AGENT_HOLD", "CUSTOMER_HOLD", "OUTBOUND_WHISPER", "AGENT_TRANSFER"}
)
"""Flow types in which there is an agent."""
USERS = "agent"
"""The kind of users, as it stands in their ARNs."""


def endpoint(address: str) -> dict[str, str] | None:
    """A telephone number as an endpoint; None where there is none."""
    return {"Address": address, "Type": "TELEPHONE_NUMBER"} if address else None


def queue(contact: Contact, instance: Instance, number: Numbers) -> dict[str, Any] | None:
    """The target queue: Name, ARN, OutboundCallerId; None where there is none."""
    if not contact.queue:
        return None
    found = instance.all("queue").get(contact.queue)
    if found is None:
        return {"Name": None, "ARN": f"{instance.arn}/queue/{contact.queue}", "OutboundCallerId": None}
    claimed = str((found.values.get("OutboundCallerConfig") or {}).get("OutboundCallerIdNumberId") or "")
    return {
        "Name": found.values["Name"],
        "ARN": found.arn,
        "OutboundCallerId": endpoint(number(bare(claimed)) if claimed else ""),
    }


def user(instance: Instance, identity: str) -> ConnectResource | None:
    """A user by id."""
    return instance.all(USERS).get(identity)


def _agent(contact: Contact, instance: Instance, flow_type: str) -> Any:
    found = user(instance, contact.agent) if contact.agent and flow_type in WITH_AGENT else None
    if found is None:
        return None
    who = found.values.get("IdentityInfo") or {}
    return {
        "UserName": found.values.get("Username") or found.values.get("Name"),
        "FirstName": who.get("FirstName"),
        "LastName": who.get("LastName"),
        "ARN": found.arn,
    }


def _plain(value: Any) -> Any:
    """A segment attribute without the wrapping that the API has."""
    if not isinstance(value, Mapping):
        return value
    if "ValueMap" in value:
        return {key: _plain(one) for key, one in value["ValueMap"].items()}
    return next((value[name] for name in ("ValueString", "ValueInteger", "ValueList") if name in value), value)


ROOTS: Mapping[str, Root] = {
    "Agent": _agent,
    "Attributes": lambda contact, _instance, _type: contact.attributes,
    "AwsRegion": lambda contact, _instance, _type: contact.region,
    "CallbackNumber": lambda contact, _instance, _type: contact.callback_number or contact.customer or None,
    "Channel": lambda contact, _instance, _type: contact.channel,
    "ContactId": lambda contact, _instance, _type: contact.id,
    "CustomerEndpoint": lambda contact, _instance, _type: endpoint(contact.customer),
    "CustomerId": lambda contact, _instance, _type: contact.customer_id or None,
    "Description": lambda contact, _instance, _type: contact.description or None,
    "InitialContactId": lambda contact, _instance, _type: contact.initial or contact.id,
    "InitiationMethod": lambda contact, _instance, _type: contact.initiation,
    "InstanceARN": lambda _contact, instance, _type: instance.arn,
    "LanguageCode": lambda contact, _instance, _type: contact.language,
    "Name": lambda contact, _instance, _type: contact.name or None,
    "PreviousContactId": lambda contact, _instance, _type: contact.previous or None,
    "References": lambda contact, _instance, _type: contact.references,
    "RelatedContactId": lambda contact, _instance, _type: contact.related or None,
    "SegmentAttributes": lambda contact, _instance, _type: {
        name: _plain(value) for name, value in contact.segment_attributes.items()
    },
    "SystemEndpoint": lambda contact, _instance, _type: endpoint(contact.system),
    "Tags": lambda contact, _instance, _type: contact.tags,
    "TextToSpeechVoiceId": lambda contact, _instance, _type: contact.voice,
}
