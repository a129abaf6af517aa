"""Historical metrics of contacts, by AWS's names: which contacts one counts, in which interval, and what it makes of them.

https://docs.aws.amazon.com/connect/latest/adminguide/metrics-definitions.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.records import facts

Moment = Literal["ended", "begun", "queued", "connected"]
Contacts = Sequence[Contact]
Limit = Callable[[float], bool]
"""Whether so many seconds keep a threshold."""
Figure = Callable[[Contacts, Limit], float | None]


@dataclass(frozen=True)
class ContactMetric:
    """One metric. `by`: the time of a contact that says in which interval it counts. `filters`: its own filter keys."""

    figure: Figure
    by: Moment = "ended"
    threshold: bool = False
    filters: frozenset[str] = frozenset()


BY_WAY = frozenset({"INITIATION_METHOD"})
BY_END = frozenset({"DISCONNECT_REASON"})
Seconds = Callable[[Contact], float | None]


def _count(which: Callable[[Contact], object]) -> Figure:
    return lambda contacts, _limit: float(sum(bool(which(contact)) for contact in contacts))


def _values(contacts: Contacts, seconds: Seconds) -> list[float]:
    return [found for contact in contacts if (found := seconds(contact)) is not None]


def _average(seconds: Seconds) -> Figure:
    def figure(contacts: Contacts, _limit: Limit) -> float | None:
        values = _values(contacts, seconds)
        return sum(values) / len(values) if values else None

    return figure


def _sum(seconds: Seconds) -> Figure:
    return lambda contacts, _limit: sum(_values(contacts, seconds))


def _most(seconds: Seconds) -> Figure:
    return lambda contacts, _limit: max(_values(contacts, seconds), default=None)


def _within(seconds: Seconds) -> Figure:
    return lambda contacts, limit: float(sum(limit(value) for value in _values(contacts, seconds)))


def _abandonment(contacts: Contacts, _limit: Limit) -> float | None:
    queued = [contact for contact in contacts if contact.queued is not None]
    return 100.0 * sum(map(facts.is_abandoned, queued)) / len(queued) if queued else None


def _service_level(contacts: Contacts, limit: Limit) -> float | None:
    """Of those that left the queue, the share that was answered in time; transfers out of it are left out."""
    left = [contact for contact in contacts if facts.is_abandoned(contact) or facts.answer_seconds(contact) is not None]
    answered = _values(left, facts.answer_seconds)
    return 100.0 * sum(limit(value) for value in answered) / len(left) if left else None


def _answer_rate(contacts: Contacts, _limit: Limit) -> float | None:
    """Of the times that contacts rang at agents, those that were taken."""
    offers = sum(contact.offers for contact in contacts)
    return 100.0 * sum(map(facts.is_handled, contacts)) / offers if offers else None


def _is_queued(contact: Contact) -> bool:
    return contact.queued is not None


def _moved_out_of_queue(contact: Contact) -> bool:
    waited = contact.queued is not None and contact.connected is None and contact.ended is not None
    return waited and not facts.is_abandoned(contact) and contact.reason in ("QUEUE_TRANSFER", "TRANSFERRED")


HISTORICAL: Mapping[str, ContactMetric] = {
    "ABANDONMENT_RATE": ContactMetric(_abandonment),
    "AGENT_ANSWER_RATE": ContactMetric(_answer_rate),
    "AGENT_NON_RESPONSE": ContactMetric(_sum(facts.missed_offers)),
    "AVG_ABANDON_TIME": ContactMetric(_average(facts.abandon_seconds), filters=BY_WAY),
    "AVG_AFTER_CONTACT_WORK_TIME": ContactMetric(_average(facts.after_seconds), filters=BY_WAY),
    "AVG_CONTACT_DURATION": ContactMetric(_average(facts.duration_seconds)),
    "AVG_CONVERSATION_DURATION": ContactMetric(_average(facts.talk_seconds)),
    "AVG_HANDLE_TIME": ContactMetric(_average(facts.handle_seconds), filters=BY_WAY),
    "AVG_HOLDS": ContactMetric(_average(facts.holds)),
    "AVG_HOLD_TIME": ContactMetric(_average(facts.held_seconds), filters=BY_WAY),
    "AVG_HOLD_TIME_ALL_CONTACTS": ContactMetric(_average(facts.hold_seconds)),
    "AVG_INTERACTION_TIME": ContactMetric(_average(facts.interaction_seconds), filters=BY_WAY),
    "AVG_INTERACTION_AND_HOLD_TIME": ContactMetric(_average(facts.talk_seconds), filters=BY_WAY),
    "AVG_QUEUE_ANSWER_TIME": ContactMetric(_average(facts.answer_seconds), filters=BY_WAY | BY_END),
    "AVG_RESOLUTION_TIME": ContactMetric(_average(facts.duration_seconds)),
    "CONTACTS_ABANDONED": ContactMetric(_count(facts.is_abandoned), filters=BY_WAY),
    "CONTACTS_CREATED": ContactMetric(_count(lambda _: True), by="begun", filters=BY_WAY),
    "CONTACTS_HANDLED": ContactMetric(_count(facts.is_handled), filters=BY_WAY | BY_END),
    "CONTACTS_HANDLED_BY_CONNECTED_TO_AGENT": ContactMetric(_count(facts.is_handled), by="connected", filters=BY_WAY),
    "CONTACTS_PUT_ON_HOLD": ContactMetric(_count(lambda contact: contact.holds)),
    "CONTACTS_QUEUED": ContactMetric(_count(_is_queued)),
    "CONTACTS_QUEUED_BY_ENQUEUE": ContactMetric(_count(_is_queued), by="queued"),
    "CONTACTS_REMOVED_FROM_QUEUE_IN_X": ContactMetric(_within(facts.queue_seconds), threshold=True),
    "CONTACTS_RESOLVED_IN_X": ContactMetric(_within(facts.duration_seconds), threshold=True),
    "CONTACTS_TRANSFERRED_OUT_FROM_QUEUE": ContactMetric(_count(_moved_out_of_queue)),
    "MAX_QUEUED_TIME": ContactMetric(_most(facts.queue_seconds)),
    "SERVICE_LEVEL": ContactMetric(_service_level, threshold=True),
    "SUM_AFTER_CONTACT_WORK_TIME": ContactMetric(_sum(facts.after_seconds)),
    "SUM_CONTACTS_ABANDONED_IN_X": ContactMetric(_within(facts.abandon_seconds), threshold=True),
    "SUM_CONTACTS_ANSWERED_IN_X": ContactMetric(_within(facts.answer_seconds), threshold=True),
    "SUM_CONTACTS_DISCONNECTED": ContactMetric(_count(lambda contact: contact.ended is not None), filters=BY_END),
    "SUM_CONTACT_FLOW_TIME": ContactMetric(_sum(facts.flow_seconds)),
    "SUM_HANDLE_TIME": ContactMetric(_sum(facts.handle_seconds)),
    "SUM_HOLD_TIME": ContactMetric(_sum(facts.hold_seconds)),
    "SUM_INTERACTION_TIME": ContactMetric(_sum(facts.interaction_seconds)),
    "SUM_INTERACTION_AND_HOLD_TIME": ContactMetric(_sum(facts.talk_seconds)),
}
"""By the names of GetMetricDataV2. All others that AWS has come without a value: nothing here could tell them."""


def moment(contact: Contact, by: Moment) -> float | None:
    """The time by which it counts."""
    value: float | None = getattr(contact, by)
    return value
