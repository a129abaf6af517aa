"""What the record of one contact tells: how long its parts took, and how it went. Seconds; None where it never came to it.

https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html
"""

from __future__ import annotations

from sbctl.sandbox.connect.contacts.contact import Contact

LEFT_BY_CALLER = frozenset({"CUSTOMER_DISCONNECT", "CUSTOMER_NEVER_ARRIVED", "TELECOM_PROBLEM", "EXPIRED"})
"""Disconnect reasons of a contact that was waiting and gave up."""


SUBTYPES = {"VOICE": "connect:Telephony", "CHAT": "connect:Chat", "TASK": "connect:Task"}


def subtype(contact: Contact) -> str:
    """The subtype of its channel, which flows and callers of the API may have set."""
    found = contact.segment_attributes.get("connect:Subtype", {}).get("ValueString")
    return str(found or SUBTYPES[contact.channel])


def is_complete(contact: Contact) -> bool:
    """Whether its record is final: it is over, and so is the work after it."""
    return contact.ended is not None and (contact.acw_begun is None or contact.acw_ended is not None)


def answer_seconds(contact: Contact) -> float | None:
    """From the queue to an agent."""
    if contact.queued is None or contact.connected is None:
        return None
    return max(0.0, contact.connected - contact.queued)


def abandon_seconds(contact: Contact) -> float | None:
    """In the queue until the customer gave up."""
    if not is_abandoned(contact):
        return None
    assert contact.queued is not None
    assert contact.ended is not None
    return max(0.0, contact.ended - contact.queued)


def queue_seconds(contact: Contact) -> float | None:
    """In the queue, however it left it."""
    if contact.queued is None:
        return None
    left = contact.dequeued if contact.dequeued is not None else contact.connected or contact.ended
    return None if left is None else max(0.0, left - contact.queued)


def is_abandoned(contact: Contact) -> bool:
    """Whether the customer left while it waited. A callback that waits in a queue is abandoned by nobody."""
    waited = contact.queued is not None and contact.connected is None and contact.ended is not None
    return waited and contact.initiation != "CALLBACK" and contact.reason in LEFT_BY_CALLER


def is_handled(contact: Contact) -> bool:
    """Whether an agent had it."""
    return contact.connected is not None


def talk_seconds(contact: Contact) -> float | None:
    """With an agent, hold included."""
    if contact.connected is None or contact.ended is None:
        return None
    return max(0.0, contact.ended - contact.connected)


def hold_seconds(contact: Contact) -> float | None:
    """On hold, 0 for a contact that never was; None for one that no agent had."""
    return contact.hold_seconds if is_handled(contact) else None


def held_seconds(contact: Contact) -> float | None:
    """On hold, of those that were."""
    return contact.hold_seconds if contact.holds else None


def holds(contact: Contact) -> float | None:
    """How often it was put on hold."""
    return float(contact.holds) if is_handled(contact) else None


def interaction_seconds(contact: Contact) -> float | None:
    """With an agent, hold left out."""
    talk = talk_seconds(contact)
    return None if talk is None else max(0.0, talk - contact.hold_seconds)


def missed_offers(contact: Contact) -> float | None:
    """How often it rang at an agent who did not take it."""
    return float(max(0, contact.offers - is_handled(contact)))


def after_seconds(contact: Contact) -> float | None:
    """Of work after the contact."""
    if contact.acw_begun is None or contact.acw_ended is None:
        return None
    return max(0.0, contact.acw_ended - contact.acw_begun)


def handle_seconds(contact: Contact) -> float | None:
    """Talk, hold and the work after it."""
    talk = talk_seconds(contact)
    return None if talk is None else talk + (after_seconds(contact) or 0.0)


def duration_seconds(contact: Contact) -> float | None:
    """From its beginning to its end."""
    return None if contact.ended is None else max(0.0, contact.ended - contact.begun)


def flow_seconds(contact: Contact) -> float | None:
    """In flows before the queue, or until the end of a contact that was never queued."""
    until = contact.queued if contact.queued is not None else contact.ended
    return None if until is None else max(0.0, until - contact.begun)
