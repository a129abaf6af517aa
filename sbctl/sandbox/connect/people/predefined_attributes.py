"""Predefined attributes: names with values, of which proficiencies are made. They have no ids outside, and no tags.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreatePredefinedAttribute.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.search import chosen
from sbctl.sandbox.connect.stamps import given, stamps
from sbctl.sandbox.connect.store import ConnectResource, ResourceStore, missing
from sbctl.sandbox.quotas.quota import Quota
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "predefined-attribute"
SAID = ("Values", "Purposes", "AttributeConfiguration")


class PredefinedAttributes:
    """The operations on predefined attributes."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreatePredefinedAttribute": self.create,
            "DescribePredefinedAttribute": self.describe,
            "UpdatePredefinedAttribute": self.update,
            "DeletePredefinedAttribute": self.delete,
            "ListPredefinedAttributes": self.list_all,
            "SearchPredefinedAttributes": self.search,
        }

    def create(self, call: Call) -> Answer:
        _check(call.params)
        values = {"Name": call.params["Name"], **given(call.params, SAID)}
        self._store.add(self._store.active(call), KIND, values, {})
        return {}

    def describe(self, call: Call) -> Answer:
        return {"PredefinedAttribute": _shown(self._named(call))}

    def update(self, call: Call) -> Answer:
        found = self._named(call)
        _check(call.params)
        self._store.change(found, **given(call.params, SAID))
        return {}

    def delete(self, call: Call) -> Answer:
        instance, found = self._store.active(call), self._named(call)
        for user in instance.all("agent").values():
            if any(one["AttributeName"] == found.values["Name"] for one in user.values.get("Proficiencies") or []):
                members = {"ResourceType": "USER", "ResourceId": user.arn}
                raise ApiError("ResourceInUseException", "A user has a proficiency of the attribute", 409, members)
        self._store.remove(instance, found)
        return {}

    def list_all(self, call: Call) -> Answer:
        found, rest = page(list(self._store.active(call).all(KIND).values()), call.params, 100)
        rows = [{"Name": one.values["Name"], **stamps(one)} for one in found]
        return {"PredefinedAttributeSummaryList": rows, **rest}

    def search(self, call: Call) -> Answer:
        every = chosen(self._store.searched(self._store.active(call), KIND), call.params)
        found, rest = page(every, call.params, 100)
        return {"PredefinedAttributes": [_shown(one) for one in found], "ApproximateTotalCount": len(every), **rest}

    def _named(self, call: Call) -> ConnectResource:
        name, every = call.params["Name"], self._store.active(call).all(KIND).values()
        found = next((one for one in every if one.values["Name"] == name), None)
        if found is None:
            raise missing(KIND, str(name))
        return found


def _check(params: Mapping[str, Any]) -> None:
    for name, every in (
        ("Values", (params.get("Values") or {}).get("StringList")),
        ("Purposes", params.get("Purposes")),
    ):
        if len(every or []) != len(set(every or [])):
            raise ApiError("InvalidParameterException", f"{name} has an entry twice", 400)


def _shown(one: ConnectResource) -> dict[str, Any]:
    config = {**(one.values.get("AttributeConfiguration") or {}), "IsReadOnly": False}
    return {"Name": one.values["Name"], **given(one.values, SAID), "AttributeConfiguration": config, **stamps(one)}


PART = ConnectPart(
    lambda site: PredefinedAttributes(site.store),
    quotas={KIND: 150},
    told=(Quota("connect", "L-3828FBF0", "Predefined attributes per instance", 150.0, "AWS::Connect::Instance", KIND),),
)
