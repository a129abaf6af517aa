"""What users are searched for: names, profiles, the group with those below it, proficiencies.

https://docs.aws.amazon.com/connect/latest/APIReference/API_UserSearchCriteria.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sbctl.sandbox.connect.people.paths import path
from sbctl.sandbox.connect.search import COMPARE, Terms
from sbctl.sandbox.connect.store import ConnectResource, Instance, bare
from sbctl.sandbox.service import ApiError

LEVELS: dict[str, Callable[[float, float, float], bool]] = {
    "GREATER_OR_EQUAL": lambda level, low, _: level >= low,
    "GREATER": lambda level, low, _: level > low,
    "LESSER_OR_EQUAL": lambda level, _, high: level <= high,
    "LESSER": lambda level, _, high: level < high,
    "EQUAL": lambda level, low, _: level == low,
    "NOT_EQUAL": lambda level, low, _: level != low,
    "RANGE": lambda level, low, high: low <= level <= high,
}


def terms(instance: Instance) -> Terms:
    """How the users of an instance are searched."""
    return Terms(_texts, partial(_meets, instance))


def _texts(user: ConnectResource, field: str) -> Sequence[str]:
    values, identity = user.values, user.values.get("IdentityInfo") or {}
    known: dict[str, Sequence[str]] = {
        "username": (str(values["Name"]),),
        "firstname": (str(identity.get("FirstName") or ""),),
        "lastname": (str(identity.get("LastName") or ""),),
        "routingprofileid": (str(values["RoutingProfileId"]),),
        "securityprofileid": values["SecurityProfileIds"],
        "resourceid": (user.id,),
    }
    if field.lower() not in known:
        raise ApiError("InvalidParameterException", f"Users cannot be searched for {field}", 400)
    return known[field.lower()]


def _meets(instance: Instance, user: ConnectResource, group: Mapping[str, Any]) -> bool:
    hierarchy, proficient = group.get("HierarchyGroupCondition"), group.get("ListCondition")
    if hierarchy and not _belongs(instance, user, hierarchy):
        return False
    return not proficient or _is_proficient(user, proficient.get("Conditions") or [])


def _belongs(instance: Instance, user: ConnectResource, condition: Mapping[str, Any]) -> bool:
    own, wanted = user.values.get("HierarchyGroupId"), bare(str(condition.get("Value") or ""))
    if not wanted or not own:
        return not wanted
    if condition.get("HierarchyGroupMatchType") != "WITH_CHILD_GROUPS":
        return bool(own == wanted)
    return any(group.id == wanted for group in path(instance, str(own)))


def _is_proficient(user: ConnectResource, conditions: Sequence[Mapping[str, Any]]) -> bool:
    """Whether one and the same proficiency meets all conditions."""
    every = user.values.get("Proficiencies") or []
    return any(all(_has(one, condition) for condition in conditions) for one in every)


def _has(proficiency: Mapping[str, Any], condition: Mapping[str, Any]) -> bool:
    text, number = condition.get("StringCondition") or {}, condition.get("NumberCondition") or {}
    member = "AttributeValue" if str(text.get("FieldName", "")).lower() == "value" else "AttributeName"
    compare = COMPARE[str(text.get("ComparisonType", "CONTAINS"))]
    if text.get("Value") and not compare(str(proficiency[member]), str(text["Value"])):
        return False
    if not number:
        return True
    low, high = number.get("MinValue"), number.get("MaxValue")
    first = low if low is not None else high if high is not None else 0
    within = LEVELS[str(number.get("ComparisonType", "EQUAL"))]
    return within(float(proficiency["Level"]), first, high if high is not None else first)
