"""The hierarchy of users: up to five levels, named once for the instance, and groups on them. A group never moves.

https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateUserHierarchyStructure.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.people.paths import GROUP as KIND
from sbctl.sandbox.connect.people.paths import path
from sbctl.sandbox.connect.search import chosen
from sbctl.sandbox.connect.stamps import stamps, summary
from sbctl.sandbox.connect.store import ConnectResource, Instance, ResourceStore, bare, missing
from sbctl.sandbox.quotas.quota import Quota
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

LEVEL = "agent-group-level"
LEVELS = ("LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive")
LONGEST = 100
LONGEST_LEVEL = 50


class Hierarchy:
    """The operations on levels and groups."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "DescribeUserHierarchyStructure": self.structure,
            "UpdateUserHierarchyStructure": self.restructure,
            "CreateUserHierarchyGroup": self.create,
            "DescribeUserHierarchyGroup": self.describe,
            "UpdateUserHierarchyGroupName": self.rename,
            "DeleteUserHierarchyGroup": self.delete,
            "ListUserHierarchyGroups": self.list_all,
            "SearchUserHierarchyGroups": self.search,
        }

    def structure(self, call: Call) -> Answer:
        levels = _levels(self._store.active(call))
        return {"HierarchyStructure": {name: summary(level) for name, level in levels.items()}}

    def restructure(self, call: Call) -> Answer:
        """The whole structure: a level that is not said goes, unless groups are on it."""
        instance, wanted = self._store.active(call), call.params["HierarchyStructure"]
        names = {level: str(wanted[level]["Name"]) for level in LEVELS if wanted.get(level)}
        if [*names] != [*LEVELS[: len(names)]]:
            raise ApiError("InvalidRequestException", "A level is missing above another", 400)
        if any(not 0 < len(name) <= LONGEST_LEVEL for name in names.values()) or len({*names.values()}) != len(names):
            raise ApiError(
                "InvalidParameterException", f"Levels have names of their own, 1 to {LONGEST_LEVEL} long", 400
            )
        known = _levels(instance)
        for level in known.keys() - names.keys():
            _refuse_used(instance, known[level])
        for level in known.keys() - names.keys():
            self._store.remove(instance, known[level])
        for level, name in names.items():
            if level not in known:
                self._store.put(instance, LEVEL, {"Name": name, "Level": level}, {})
            elif known[level].values["Name"] != name:
                self._store.change(known[level], Name=name)
        return {}

    def create(self, call: Call) -> Answer:
        instance, params = self._store.active(call), call.params
        parent = self._parent(instance, params.get("ParentGroupId"))
        depth = len(path(instance, parent)) if parent else 0
        levels = _levels(instance)
        if depth >= len(LEVELS) or LEVELS[depth] not in levels:
            raise ApiError("InvalidRequestException", f"The hierarchy has no level {depth + 1}", 400)
        _check_name(params["Name"])
        values = {"Name": params["Name"], "ParentGroupId": parent, "LevelId": levels[LEVELS[depth]].id}
        made = self._store.add(instance, KIND, values, params.get("Tags") or {})
        return {"HierarchyGroupId": made.id, "HierarchyGroupArn": made.arn}

    def _parent(self, instance: Instance, named: str | None) -> str:
        if named and bare(named) not in instance.all(KIND):
            raise missing("hierarchy group", named)
        return bare(named or "")

    def describe(self, call: Call) -> Answer:
        return {"HierarchyGroup": _shown(self._store.active(call), self._group(call))}

    def rename(self, call: Call) -> Answer:
        group, name = self._group(call), call.params["Name"]
        _check_name(name)
        self._store.unique(self._store.active(call), KIND, name, group.id)
        self._store.change(group, Name=name)
        return {}

    def delete(self, call: Call) -> Answer:
        instance, group = self._store.active(call), self._group(call)
        for kind, member, said in ((KIND, "ParentGroupId", "HIERARCHY_GROUP"), ("agent", "HierarchyGroupId", "USER")):
            for one in instance.all(kind).values():
                if one.values.get(member) == group.id:
                    members = {"ResourceType": said, "ResourceId": one.arn}
                    raise ApiError("ResourceInUseException", "The hierarchy group is not empty", 409, members)
        self._store.remove(instance, group)
        return {}

    def list_all(self, call: Call) -> Answer:
        found, rest = page(list(self._store.active(call).all(KIND).values()), call.params, 1000, 100)
        return {"UserHierarchyGroupSummaryList": [summary(group) for group in found], **rest}

    def search(self, call: Call) -> Answer:
        instance = self._store.active(call)
        every = chosen(self._store.searched(instance, KIND), call.params)
        found, rest = page(every, call.params, 100)
        shown = [_shown(instance, group) for group in found]
        return {"UserHierarchyGroups": shown, "ApproximateTotalCount": len(every), **rest}

    def _group(self, call: Call) -> ConnectResource:
        return self._store.resource(call, KIND, "HierarchyGroupId")


def _levels(instance: Instance) -> dict[str, ConnectResource]:
    found = {str(level.values["Level"]): level for level in instance.all(LEVEL).values()}
    return {name: found[name] for name in LEVELS if name in found}


def _refuse_used(instance: Instance, level: ConnectResource) -> None:
    for group in instance.all(KIND).values():
        if group.values["LevelId"] == level.id:
            members = {"ResourceType": "HIERARCHY_GROUP", "ResourceId": group.arn}
            raise ApiError("ResourceInUseException", f"The level {level.values['Name']} has groups", 409, members)


def _check_name(name: str) -> None:
    if not 0 < len(name) <= LONGEST:
        raise ApiError("InvalidParameterException", f"The name of a group has 1 to {LONGEST} characters", 400)


def _shown(instance: Instance, group: ConnectResource) -> dict[str, Any]:
    above = [*path(instance, str(group.values["ParentGroupId"])), group]
    return {
        "Id": group.id,
        "Arn": group.arn,
        "Name": group.values["Name"],
        "LevelId": group.values["LevelId"],
        "HierarchyPath": {level: summary(one) for level, one in zip(LEVELS, above, strict=False)},
        "Tags": dict(group.tags),
        **stamps(group),
    }


PART = ConnectPart(
    lambda site: Hierarchy(site.store),
    quotas={KIND: 500, LEVEL: len(LEVELS)},
    told=(Quota("connect", "L-D68AAAE4", "User hierarchy groups per instance", 500.0, "AWS::Connect::Instance", KIND),),
)
