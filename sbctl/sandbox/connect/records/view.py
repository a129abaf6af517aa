"""Contacts as they were some moments ago: indexes and metrics are behind what happens.

AWS does not say by how much. Chosen here: seconds for contact search, a quarter of a minute for historical metrics.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from sbctl.sandbox.connect.contacts.contact import Contact

SEARCH_SECONDS = 5.0
METRIC_SECONDS = 15.0
LATER = ("queued", "dequeued", "connected", "acw_begun", "acw_ended", "ended")


def as_of(contacts: Iterable[Contact], when: float) -> Iterator[Contact]:
    """The contacts that had begun by a time, without what happened to them later. Those of test cases are none of them."""
    for contact in contacts:
        if contact.begun <= when and not contact.test:
            yield contact if contact.updated <= when else _before(contact, when)


def _before(contact: Contact, when: float) -> Contact:
    later = [name for name in LATER if (at := getattr(contact, name)) is not None and at > when]
    if not later:
        return contact
    blank: dict[str, None] = dict.fromkeys(later)
    reason = "" if "ended" in later else contact.reason
    return replace(contact, **blank, reason=reason)  # type: ignore[arg-type]


def stamp(seconds: float | None) -> datetime | None:
    """A time as AWS tells it, to the millisecond; None for none."""
    return None if seconds is None else datetime.fromtimestamp(round(seconds, 3), UTC)
