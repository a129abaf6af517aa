"""What SearchContacts looks for.

https://docs.aws.amazon.com/connect/latest/APIReference/API_SearchContacts.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.records.facts import subtype
from sbctl.sandbox.connect.records.group_path import path_of
from sbctl.sandbox.connect.store import Instance, bare

TIMES: Mapping[str, Callable[[Contact], float | None]] = {
    "INITIATION_TIMESTAMP": lambda contact: contact.begun,
    "SCHEDULED_TIMESTAMP": lambda contact: contact.scheduled,
    "CONNECTED_TO_AGENT_TIMESTAMP": lambda contact: contact.connected,
    "DISCONNECT_TIMESTAMP": lambda contact: contact.ended,
    "ENQUEUE_TIMESTAMP": lambda contact: contact.queued,
}
LEVELS = ("L1Ids", "L2Ids", "L3Ids", "L4Ids", "L5Ids")


def within(contact: Contact, time_range: Mapping[str, Any]) -> bool:
    """Whether a contact's time of a type is in the range, its ends included."""
    at = TIMES[str(time_range["Type"])](contact)
    start, end = _seconds(time_range["StartTime"]), _seconds(time_range["EndTime"])
    return at is not None and start <= at <= end


def _seconds(at: datetime) -> float:
    return at.timestamp()


def matches(how: str, hits: Iterable[bool]) -> bool:
    """Join conditions by a MatchType. No conditions match everything."""
    found = list(hits)
    if not found:
        return True
    if how == "MATCH_ANY":
        return any(found)
    return not any(found) if how == "MATCH_NONE" else all(found)


def meets(instance: Instance, contact: Contact, criteria: Mapping[str, Any]) -> bool:
    """Whether a contact meets all criteria. Criteria of what contacts here never have (analysis, AI agents) are met by none."""
    return all(test(instance, contact, criteria[name]) for name, test in TESTS.items() if criteria.get(name))


def _name(_instance: Instance, contact: Contact, wanted: Mapping[str, Any]) -> bool:
    name, texts, how = contact.name.lower(), [text.lower() for text in wanted["SearchText"]], wanted["MatchType"]
    if how == "MATCH_EXACT":
        return name in texts if texts else True
    return matches(how, (text in name for text in texts))


def _ids(value: Callable[[Contact], str | None]) -> Callable[[Instance, Contact, Sequence[str]], bool]:
    return lambda _instance, contact, wanted: value(contact) in {bare(one) for one in wanted}


def _attributes(_instance: Instance, contact: Contact, wanted: Mapping[str, Any]) -> bool:
    hits = (contact.attributes.get(one["Key"]) in one["Values"] for one in wanted["Criteria"])
    return matches(str(wanted.get("MatchType") or "MATCH_ALL"), hits)


def _segments(_instance: Instance, contact: Contact, wanted: Mapping[str, Any]) -> bool:
    has = {key: value.get("ValueString") for key, value in contact.segment_attributes.items()}
    has.setdefault("connect:Subtype", subtype(contact))
    hits = (has.get(one["Key"]) in one["Values"] for one in wanted["Criteria"])
    return matches(str(wanted.get("MatchType") or "MATCH_ALL"), hits)


def _tags(_instance: Instance, contact: Contact, wanted: Mapping[str, Any]) -> bool:
    def has(one: Mapping[str, Any]) -> bool:
        key, value = one.get("TagKey"), one.get("TagValue")
        return key in contact.tags and value in (None, "", contact.tags[key])

    either = wanted.get("OrConditions") or []
    return (
        (not wanted.get("TagCondition") or has(wanted["TagCondition"]))
        and all(map(has, wanted.get("AndConditions") or []))
        and (not either or any(all(map(has, group)) for group in either))
    )


def _further_times(_instance: Instance, contact: Contact, wanted: Mapping[str, Any]) -> bool:
    def hit(one: Mapping[str, Any]) -> bool:
        if one.get("TimestampCondition"):
            return TIMES[str(one["TimestampCondition"]["Type"])](contact) is None  # NOT_EXISTS is the only condition
        return not one.get("TimeRange") or within(contact, one["TimeRange"])

    return matches(str(wanted["MatchType"]), map(hit, wanted["Criteria"]))


def _groups(instance: Instance, contact: Contact, wanted: Mapping[str, Any]) -> bool:
    above = path_of(instance, contact.agent) if contact.connected is not None else []
    return all(
        level < len(above) and above[level] in {bare(one) for one in wanted[name]}
        for level, name in enumerate(LEVELS)
        if wanted.get(name)
    )


def _none(_instance: Instance, _contact: Contact, _wanted: object) -> bool:
    return False


TESTS: Mapping[str, Callable[[Instance, Contact, Any], bool]] = {
    "Name": _name,
    "AgentIds": _ids(lambda contact: contact.agent if contact.connected is not None else None),
    "AgentHierarchyGroups": _groups,
    "Channels": lambda _instance, contact, wanted: contact.channel in wanted,
    "ContactAnalysis": _none,
    "InitiationMethods": lambda _instance, contact, wanted: contact.initiation in wanted,
    "QueueIds": _ids(lambda contact: contact.queue if contact.queued is not None else None),
    "RoutingCriteria": _none,
    "AdditionalTimeRange": _further_times,
    "SearchableContactAttributes": _attributes,
    "SearchableSegmentAttributes": _segments,
    "ActiveRegions": lambda _instance, contact, wanted: contact.region in wanted,
    "ContactTags": _tags,
    "AiAgents": _none,
}
