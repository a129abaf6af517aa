"""The filters of Search operations: conditions on names, days, tags, and on the type, state and status of flows and modules.

What a sort of resource is searched for besides, its part says in `Terms`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sbctl.sandbox.connect.store import ConnectResource

COMPARE: dict[str, Callable[[str, str], bool]] = {
    "STARTS_WITH": lambda text, value: text.lower().startswith(value.lower()),
    "CONTAINS": lambda text, value: value.lower() in text.lower(),
    "EXACT": lambda text, value: text.lower() == value.lower(),
}
COMPARE_DAYS: dict[str, Callable[[str, str], bool]] = {
    "GREATER_THAN": lambda day, value: day > value,
    "LESS_THAN": lambda day, value: day < value,
    "GREATER_THAN_OR_EQUAL_TO": lambda day, value: day >= value,
    "LESS_THAN_OR_EQUAL_TO": lambda day, value: day <= value,
    "EQUAL_TO": lambda day, value: day == value,
}
FIELDS = {
    "name": "Name",
    "description": "Description",
    "effectiveFrom": "EffectiveFrom",
    "effectiveTill": "EffectiveTill",
}
OF_FLOWS: dict[str, Callable[[ConnectResource], str]] = {
    "TypeCondition": lambda flow: str(flow.values.get("Type") or "CONTACT_FLOW"),
    "StateCondition": lambda flow: str(flow.values.get("State") or "ACTIVE"),
    "StatusCondition": lambda flow: "SAVED" if flow.values.get("Content") is None else "PUBLISHED",
}
"""Conditions that only searches for flows and modules have."""


def _texts(resource: ConnectResource, field: str) -> Sequence[str]:
    if field.lower() == "resourceid":
        return (resource.id,)
    return (str(resource.values.get(FIELDS.get(field, field)) or ""),)


def _anything(_resource: ConnectResource, _condition: Mapping[str, Any]) -> bool:
    return True


@dataclass(frozen=True)
class Terms:
    """What only searches for one sort of resource know.

    `texts`: what a field of a StringCondition holds, one text or several; `meets`: whether a resource meets the conditions of
    a group of criteria, or of a filter, that no other sort has.
    """

    texts: Callable[[ConnectResource, str], Sequence[str]] = _texts
    meets: Callable[[ConnectResource, Mapping[str, Any]], bool] = _anything


USUAL = Terms()
FILTERS = ("FlowAttributeFilter", "UserAttributeFilter", "AttributeFilter")
"""The filters of several sorts that put their own attributes beside tags, all of one shape."""


def chosen(
    resources: Iterable[ConnectResource], params: Mapping[str, Any], terms: Terms = USUAL
) -> list[ConnectResource]:
    """The things that a search asks for."""
    criteria = params.get("SearchCriteria") or {}
    filters = params.get("SearchFilter") or {}
    tags, attributes = filters.get("TagFilter") or {}, [filters[name] for name in FILTERS if filters.get(name)]
    return [
        resource
        for resource in resources
        if _meets(resource, criteria, terms)
        and _tagged(resource, tags)
        and all(_attributed(resource, wanted, terms) for wanted in attributes)
    ]


def _meets(resource: ConnectResource, criteria: Mapping[str, Any], terms: Terms) -> bool:
    if any(not _meets(resource, inner, terms) for inner in criteria.get("AndConditions") or []):
        return False
    either = criteria.get("OrConditions")
    if either and not any(_meets(resource, inner, terms) for inner in either):
        return False
    if any(criteria.get(name) not in (None, of(resource)) for name, of in OF_FLOWS.items()):
        return False
    if criteria.get("DateCondition") and not _dated(resource, criteria["DateCondition"]):
        return False
    return terms.meets(resource, criteria) and _named(resource, criteria.get("StringCondition") or {}, terms)


def _named(resource: ConnectResource, condition: Mapping[str, Any], terms: Terms) -> bool:
    if not condition.get("Value"):
        return True
    compare, value = COMPARE[str(condition.get("ComparisonType", "CONTAINS"))], str(condition["Value"])
    return any(compare(text, value) for text in terms.texts(resource, str(condition.get("FieldName", "name"))))


def _dated(resource: ConnectResource, condition: Mapping[str, Any]) -> bool:
    field = str(condition.get("FieldName", ""))
    day = str(resource.values.get(FIELDS.get(field, field)) or "")
    return COMPARE_DAYS[str(condition.get("ComparisonType", "EQUAL_TO"))](day, str(condition.get("Value", "")))


def _tagged(resource: ConnectResource, tags: Mapping[str, Any]) -> bool:
    condition = tags.get("TagCondition")
    if condition and not _has(resource, condition):
        return False
    if not all(_has(resource, inner) for inner in tags.get("AndConditions") or []):
        return False
    either = tags.get("OrConditions")
    return not either or any(all(_has(resource, one) for one in group) for group in either)


def _attributed(resource: ConnectResource, wanted: Mapping[str, Any], terms: Terms) -> bool:
    """A filter that puts attributes of a sort (the type of a flow, the group of a user) beside tags."""
    if not _together(resource, wanted, terms) or not _together(resource, wanted.get("AndCondition") or {}, terms):
        return False
    either = wanted.get("OrConditions")
    return not either or any(_together(resource, group, terms) for group in either)


def _together(resource: ConnectResource, group: Mapping[str, Any], terms: Terms) -> bool:
    tags = [*(group.get("TagConditions") or []), *([group["TagCondition"]] if group.get("TagCondition") else [])]
    kind = (group.get("ContactFlowTypeCondition") or {}).get("ContactFlowType")
    typed = kind in (None, OF_FLOWS["TypeCondition"](resource))
    return typed and terms.meets(resource, group) and all(_has(resource, tag) for tag in tags)


def _has(resource: ConnectResource, condition: Mapping[str, Any]) -> bool:
    key, value = condition.get("TagKey"), condition.get("TagValue")
    return key in resource.tags and (value is None or resource.tags[key] == value)
