"""GetCurrentMetricData: filters, groupings, and the rows that they make."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.metrics.current import CHANNELS, CURRENT, Group, Key, Staff, serves
from sbctl.sandbox.connect.metrics.queue_filter import queues_of
from sbctl.sandbox.connect.records.facts import subtype
from sbctl.sandbox.connect.records.refusals import invalid
from sbctl.sandbox.connect.store import Instance, bare, missing

SECONDARY = frozenset({"AGENT_STATUS", "SUBTYPE", "VALIDATION_TEST_TYPE"})
BY_PROFILE = frozenset({"CONTACTS_SCHEDULED", "CONTACTS_IN_QUEUE", "OLDEST_CONTACT_AGE"})
"""Metrics of contacts, which are grouped by routing profile only below a filter of routing profiles."""


@dataclass(frozen=True)
class Now:
    """What there is at one moment: all agents, contacts that wait, and those whose time has not come."""

    staff: Sequence[Staff]
    waiting: Sequence[Contact]
    scheduled: Sequence[Contact]
    seconds: float


def rows(instance: Instance, params: Mapping[str, Any], now: Now) -> list[dict[str, Any]]:
    """The rows of an answer, sorted. Raises ApiError for what AWS refuses."""
    filters, groupings = params["Filters"], list(params.get("Groupings") or [])
    queues, channels = queues_of(instance, filters), filters.get("Channels") or list(CHANNELS)
    asked = [_asked(one) for one in params["CurrentMetrics"]]
    _check(filters, groupings, {one["Name"] for one in asked})
    profiles, statuses = _profiles(instance, filters), _statuses(instance, filters)
    scope = Scope(instance, queues, channels, profiles, statuses, filters.get("Subtypes") or [])
    found = [(key, scope.group(groupings, key, now)) for key in scope.keys(groupings, now)]
    active = [(key, group) for key, group in found if group.is_active]
    ranked = sorted(active, key=lambda one: _rank(one[1], params), reverse=_descends(params))
    return [_row(instance, groupings, key, group, asked) for key, group in ranked]


def _asked(metric: Mapping[str, Any]) -> Mapping[str, Any]:
    name = str(metric.get("Name") or str(metric.get("MetricId") or "").rpartition("/")[2])
    if name not in CURRENT:
        raise invalid(f"Metric {name or '(without a name)'} is not valid")
    unit = CURRENT[name][0]
    if metric.get("Unit") not in (None, unit):
        raise invalid(f"Metric {name} has the unit {unit}")
    return {**metric, "Name": name}


def _check(filters: Mapping[str, Any], groupings: Sequence[str], names: Collection[str]) -> None:
    if not names:
        raise invalid("CurrentMetrics must name a metric")
    if len(set(groupings)) != len(groupings):
        raise invalid("A grouping is given twice")
    second = SECONDARY & set(groupings)
    if second and (groupings[0] != "QUEUE" or not filters.get("Queues")):
        raise invalid(f"{' and '.join(sorted(second))} needs QUEUE as the first grouping, and a filter of queues")
    if "AGENT_STATUS" in groupings and set(names) != {"AGENTS_ONLINE"}:
        raise invalid("Grouped by AGENT_STATUS, the only metric is AGENTS_ONLINE")
    if "ROUTING_PROFILE" in groupings and not filters.get("RoutingProfiles") and set(names) & BY_PROFILE:
        raise invalid("Metrics of contacts grouped by ROUTING_PROFILE need a filter of routing profiles")
    by_step = filters.get("RoutingStepExpressions") or "ROUTING_STEP_EXPRESSION" in groupings
    if by_step and (list(groupings) != ["ROUTING_STEP_EXPRESSION"] or len(filters.get("Queues") or []) != 1):
        raise invalid("A routing step expression needs exactly one queue, and is the only grouping")


def _profiles(instance: Instance, filters: Mapping[str, Any]) -> list[str]:
    named = [bare(one) for one in filters.get("RoutingProfiles") or []]
    return named or list(instance.all("routing-profile"))


def _statuses(instance: Instance, filters: Mapping[str, Any]) -> list[str]:
    for one in filters.get("AgentStatuses") or []:
        if bare(one) not in instance.all("agent-state"):
            raise missing("agent status", one)
    return [bare(one) for one in filters.get("AgentStatuses") or []]


@dataclass(frozen=True)
class Scope:
    """What the filters let pass."""

    instance: Instance
    queues: Sequence[str]
    channels: Sequence[str]
    profiles: Sequence[str]
    statuses: Sequence[str]
    subtypes: Sequence[str]

    def keys(self, groupings: Sequence[str], now: Now) -> list[Key]:
        """The values of the groupings for which there may be a row."""
        values: Mapping[str, Collection[str]] = {
            "QUEUE": self.queues,
            "CHANNEL": self.channels,
            "ROUTING_PROFILE": self.profiles,
            "AGENT_STATUS": self.statuses or sorted({one.agent.status.id for one in now.staff} - {""}),
            "SUBTYPE": self.subtypes or sorted({subtype(one) for one in now.waiting}),
        }
        return list(product(*(values.get(name, ()) for name in groupings)))

    def group(self, groupings: Sequence[str], key: Key, now: Now) -> Group:
        """The row of one key."""
        by = dict(zip(groupings, key, strict=True))
        queues = [by["QUEUE"]] if "QUEUE" in by else self.queues
        channels = [by["CHANNEL"]] if "CHANNEL" in by else self.channels
        profiles = [by["ROUTING_PROFILE"]] if "ROUTING_PROFILE" in by else self.profiles
        statuses = [by["AGENT_STATUS"]] if "AGENT_STATUS" in by else self.statuses
        subtypes = [by["SUBTYPE"]] if "SUBTYPE" in by else self.subtypes
        if "ROUTING_PROFILE" in by:
            queues = [one for one in queues if one in _served(self.instance, by["ROUTING_PROFILE"])]

        def waits(one: Contact) -> bool:
            return one.queue in queues and one.channel in channels and (not subtypes or subtype(one) in subtypes)

        return Group(
            channels,
            now.seconds,
            bool(groupings),
            [
                one
                for one in now.staff
                if serves(one, queues, channels)
                and ("ROUTING_PROFILE" not in by or one.agent.profile in profiles)
                and (not statuses or one.agent.status.id in statuses)
            ],
            [one for one in now.waiting if waits(one)],
            [one for one in now.scheduled if waits(one)],
        )


def _served(instance: Instance, profile: str) -> set[str]:
    found = instance.all("routing-profile").get(profile)
    return {str(pair["QueueId"]) for pair in (found.values.get("Queues") or [])} if found else set()


def _rank(group: Group, params: Mapping[str, Any]) -> float:
    sort: Mapping[str, Any] = next(iter(params.get("SortCriteria") or []), {})
    name = str(sort.get("SortByMetric") or "AGENTS_ONLINE")
    if name in ("SLOTS_ACTIVE", "SLOTS_AVAILABLE"):
        raise invalid(f"Sorting by {name} is not supported")
    return CURRENT[name][1](group) or 0.0


def _descends(params: Mapping[str, Any]) -> bool:
    sort: Mapping[str, Any] = next(iter(params.get("SortCriteria") or []), {})
    return str(sort.get("SortOrder") or "DESCENDING") == "DESCENDING"


def _row(
    instance: Instance, groupings: Sequence[str], key: Key, group: Group, asked: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    return {
        "Dimensions": _dimensions(instance, dict(zip(groupings, key, strict=True))),
        "Collections": [_collection(one, group) for one in asked],
    }


def _collection(asked: Mapping[str, Any], group: Group) -> dict[str, Any]:
    value = CURRENT[asked["Name"]][1](group)
    return {"Metric": dict(asked)} if value is None else {"Metric": dict(asked), "Value": value}


def _dimensions(instance: Instance, by: Mapping[str, str]) -> dict[str, Any]:
    kinds = {"QUEUE": ("Queue", "queue"), "ROUTING_PROFILE": ("RoutingProfile", "routing-profile")}
    kinds |= {"AGENT_STATUS": ("AgentStatus", "agent-state")}
    plain = {"CHANNEL": "Channel", "SUBTYPE": "Subtype"}
    found: dict[str, Any] = {plain[name]: value for name, value in by.items() if name in plain}
    for name, (member, kind) in kinds.items():
        if name in by:
            found[member] = {"Id": by[name], "Arn": f"{instance.arn}/{kind}/{by[name]}"}
    return found
