"""By what contacts are filtered and grouped in GetMetricDataV2. A contact that has no value of a dimension is in no group of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.metrics.names import AUTHORISING, FILTERS, GROUPINGS
from sbctl.sandbox.connect.records.facts import subtype
from sbctl.sandbox.connect.records.refusals import invalid
from sbctl.sandbox.connect.store import Instance, bare, missing

SUBTYPE = "contact/segmentAttributes/connect:Subtype"
KINDS = {"QUEUE": "queue", "ROUTING_PROFILE": "routing-profile", "AGENT": "agent"}
"""Dimensions whose values are resources of the instance, given by id or ARN and told by id."""
Dimension = Callable[[Instance, Contact], str | None]


def _profile(instance: Instance, contact: Contact) -> str | None:
    agent = instance.all("agent").get(contact.agent)
    return str(agent.values.get("RoutingProfileId") or "") or None if agent else None


DIMENSIONS: Mapping[str, Dimension] = {
    "QUEUE": lambda _instance, contact: contact.queue if contact.queued is not None else None,
    "CHANNEL": lambda _instance, contact: contact.channel,
    "AGENT": lambda _instance, contact: contact.agent if contact.connected is not None else None,
    "ROUTING_PROFILE": lambda instance, contact: _profile(instance, contact) if contact.connected is not None else None,
    "INITIATION_METHOD": lambda _instance, contact: contact.initiation,
    "DISCONNECT_REASON": lambda _instance, contact: contact.reason or None,
    SUBTYPE: lambda _instance, contact: subtype(contact),
}
"""Of AWS's dimensions those that contacts of the sandbox have values of."""


def value_of(instance: Instance, contact: Contact, key: str) -> str | None:
    """The value of a dimension; None where the contact has none."""
    dimension = DIMENSIONS.get(key)
    return dimension(instance, contact) if dimension else None


def filters_of(instance: Instance, params: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Values by filter key. Raises ApiError for keys that AWS does not know, and for resources that are not there."""
    found: dict[str, frozenset[str]] = {}
    for one in params["Filters"]:
        key, values = str(one.get("FilterKey", "")), one.get("FilterValues") or []
        if key not in FILTERS or key in found:
            raise invalid(f"Filter key {key} is {'given twice' if key in found else 'not valid'}")
        if not values:
            raise invalid(f"Filter {key} has no values")
        found[key] = frozenset(bare(value) if key in KINDS else value for value in values)
        _there(instance, key, found[key])
    if not found.keys() & AUTHORISING:
        raise invalid(f"At least one of these filters is required: {', '.join(sorted(AUTHORISING))}")
    if sum(len(values) for key, values in found.items() if key != "CHANNEL") > 100:
        raise invalid("More than 100 filter values")
    return found


def _there(instance: Instance, key: str, values: frozenset[str]) -> None:
    kind = KINDS.get(key)
    for value in sorted(values):
        if kind and value not in instance.all(kind):
            raise missing(kind, value)


def groupings_of(params: Mapping[str, Any]) -> list[str]:
    """The grouping keys. Raises ApiError for those that AWS does not know."""
    groupings: Sequence[str] = params.get("Groupings") or []
    for key in groupings:
        if key not in GROUPINGS or groupings.count(key) > 1:
            raise invalid(f"Grouping {key} is not valid")
    return list(groupings)


def passing(
    instance: Instance, contacts: Sequence[Contact], filters: Mapping[str, frozenset[str]]
) -> Iterator[Contact]:
    """The contacts that all filters let pass."""
    for contact in contacts:
        if all(value_of(instance, contact, key) in values for key, values in filters.items()):
            yield contact
