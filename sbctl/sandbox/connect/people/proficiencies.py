"""What users are good at: predefined attributes, each with one of its values and a level.

https://docs.aws.amazon.com/connect/latest/APIReference/API_AssociateUserProficiencies.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.people.predefined_attributes import KIND as ATTRIBUTE
from sbctl.sandbox.connect.stamps import stamps
from sbctl.sandbox.connect.store import ConnectResource, Instance, ResourceStore, missing
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

USER = "agent"
LEVELS = (1, 2, 3, 4, 5)
OF_ONE = 10
"""Of one user. https://docs.aws.amazon.com/connect/latest/adminguide/assign-proficiencies-to-agents.html"""


class Proficiencies:
    """The operations on proficiencies."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "AssociateUserProficiencies": self.associate,
            "UpdateUserProficiencies": self.update,
            "DisassociateUserProficiencies": self.disassociate,
            "ListUserProficiencies": self.list_all,
        }

    def associate(self, call: Call) -> Answer:
        user, instance = self._user(call), self._store.active(call)
        new = _keyed(call)
        for one in new.values():
            _check(instance, one)
        every = {**_held(user), **new}
        if len(every) > OF_ONE:
            raise ApiError("InvalidRequestException", f"A user has at most {OF_ONE} proficiencies", 400)
        self._store.change(user, Proficiencies=list(every.values()))
        return {}

    def update(self, call: Call) -> Answer:
        user, changed = self._user(call), _keyed(call)
        for one in changed.values():
            _check(self._store.active(call), one)
        _refuse_unknown(user, changed)
        self._store.change(user, Proficiencies=list({**_held(user), **changed}.values()))
        return {}

    def disassociate(self, call: Call) -> Answer:
        user, gone = self._user(call), _keyed(call)
        _refuse_unknown(user, gone)
        self._store.change(user, Proficiencies=[one for key, one in _held(user).items() if key not in gone])
        return {}

    def list_all(self, call: Call) -> Answer:
        user = self._user(call)
        found, rest = page(list(_held(user).values()), call.params, 100)
        return {"UserProficiencyList": found, **stamps(user), **rest}

    def _user(self, call: Call) -> ConnectResource:
        return self._store.resource(call, USER, "UserId")


Keyed = dict[tuple[str, str], dict[str, Any]]


def _keyed(call: Call) -> Keyed:
    every = call.params["UserProficiencies"]
    found = {(str(one["AttributeName"]), str(one["AttributeValue"])): dict(one) for one in every}
    if len(found) != len(every):
        raise ApiError("InvalidParameterException", "A proficiency is named twice", 400)
    return found


def _held(user: ConnectResource) -> Keyed:
    every = user.values.get("Proficiencies") or []
    return {(one["AttributeName"], one["AttributeValue"]): one for one in every}


def _check(instance: Instance, one: Mapping[str, Any]) -> None:
    """Refuse an attribute or a value that is not predefined, and a level that is none."""
    name, value = one["AttributeName"], one["AttributeValue"]
    attribute = next((found for found in instance.all(ATTRIBUTE).values() if found.values["Name"] == name), None)
    if attribute is None:
        raise missing(ATTRIBUTE, str(name))
    if value not in ((attribute.values.get("Values") or {}).get("StringList") or []):
        raise missing(f"value of the {ATTRIBUTE} {name}:", str(value))
    if one["Level"] not in LEVELS:
        raise ApiError("InvalidParameterException", f"The level {one['Level']} is none of 1, 2, 3, 4, 5", 400)


def _refuse_unknown(user: ConnectResource, named: Keyed) -> None:
    for name, value in named.keys() - _held(user).keys():
        raise missing("proficiency", f"{name} {value}")


PART = ConnectPart(lambda site: Proficiencies(site.store), quotas={})
