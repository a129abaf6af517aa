"""The filters of Search operations: conditions on names, days, tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sbctl.sandbox.connect.store import Thing

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


def chosen(things: Iterable[Thing], params: Mapping[str, Any]) -> list[Thing]:
    """The things that a search asks for."""
    criteria = params.get("SearchCriteria") or {}
    tags = (params.get("SearchFilter") or {}).get("TagFilter") or {}
    return [thing for thing in things if _meets(thing, criteria) and _tagged(thing, tags)]


def _meets(thing: Thing, criteria: Mapping[str, Any]) -> bool:
    if any(not _meets(thing, inner) for inner in criteria.get("AndConditions") or []):
        return False
    either = criteria.get("OrConditions")
    if either and not any(_meets(thing, inner) for inner in either):
        return False
    if criteria.get("DateCondition") and not _dated(thing, criteria["DateCondition"]):
        return False
    condition = criteria.get("StringCondition")
    if not condition or not condition.get("Value"):
        return True
    field = str(condition.get("FieldName", "name"))
    text = thing.id if field == "resourceID" else str(thing.values.get(FIELDS.get(field, field)) or "")
    return COMPARE[str(condition.get("ComparisonType", "CONTAINS"))](text, str(condition["Value"]))


def _dated(thing: Thing, condition: Mapping[str, Any]) -> bool:
    field = str(condition.get("FieldName", ""))
    day = str(thing.values.get(FIELDS.get(field, field)) or "")
    return COMPARE_DAYS[str(condition.get("ComparisonType", "EQUAL_TO"))](day, str(condition.get("Value", "")))


def _tagged(thing: Thing, tags: Mapping[str, Any]) -> bool:
    condition = tags.get("TagCondition")
    if condition and not _has(thing, condition):
        return False
    if not all(_has(thing, inner) for inner in tags.get("AndConditions") or []):
        return False
    either = tags.get("OrConditions")
    return not either or any(all(_has(thing, one) for one in group) for group in either)


def _has(thing: Thing, condition: Mapping[str, Any]) -> bool:
    key, value = condition.get("TagKey"), condition.get("TagValue")
    return key in thing.tags and (value is None or thing.tags[key] == value)
