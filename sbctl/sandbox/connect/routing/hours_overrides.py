"""Overrides of hours of operation, each of one of these. Search shows those of the whole instance.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateHoursOfOperationOverride.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.search import chosen
from sbctl.sandbox.connect.store import ConnectResource, Instance, ResourceStore, bare, missing
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "hours-of-operation-override"
OF_ONE = 50
"""Of one hours of operation; AWS raises it for nobody (connect-api 1.5)."""
HOURS = "operating-hours"
FIELDS = ("Name", "Description", "Config", "EffectiveFrom", "EffectiveTill", "RecurrenceConfig", "OverrideType")


class HoursOverrides:
    """The operations on overrides."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateHoursOfOperationOverride": self.create,
            "DescribeHoursOfOperationOverride": self.describe,
            "UpdateHoursOfOperationOverride": self.update,
            "DeleteHoursOfOperationOverride": self.delete,
            "ListHoursOfOperationOverrides": self.list_all,
            "SearchHoursOfOperationOverrides": self.search,
        }

    def create(self, call: Call) -> Answer:
        instance, hours = self._store.active(call), self._store.resource(call, HOURS, "HoursOfOperationId")
        values = {**{name: call.params.get(name) for name in FIELDS}, "HoursOfOperationId": hours.id}
        _check_days(values)
        self._unique(instance, hours, str(values["Name"]))
        if len(self._of(instance, hours)) >= OF_ONE:
            raise ApiError("LimitExceededException", f"{hours.values['Name']} has {OF_ONE} overrides", 429)
        return {"HoursOfOperationOverrideId": self._store.put(instance, KIND, values, {}).id}

    def describe(self, call: Call) -> Answer:
        hours, resource = self._named(call)
        return {"HoursOfOperationOverride": _shown(hours, resource)}

    def update(self, call: Call) -> Answer:
        hours, resource = self._named(call)
        changed = {name: call.params.get(name) for name in FIELDS}
        _check_days({**resource.values, **{name: value for name, value in changed.items() if value is not None}})
        if changed["Name"]:
            self._unique(self._store.active(call), hours, changed["Name"], resource.id)
        self._store.change(resource, **changed)
        return {}

    def delete(self, call: Call) -> Answer:
        _, resource = self._named(call)
        self._store.remove(self._store.active(call), resource)
        return {}

    def list_all(self, call: Call) -> Answer:
        hours = self._store.resource(call, HOURS, "HoursOfOperationId")
        every = self._of(self._store.active(call), hours)
        found, rest = page(every, call.params, 100)
        return {"HoursOfOperationOverrideList": [_shown(hours, resource) for resource in found], **rest}

    def search(self, call: Call) -> Answer:
        instance = self._store.active(call)
        hours = instance.all(HOURS)
        living = (resource for resource in self._store.searched(instance, KIND) if _hours_of(resource) in hours)
        every = chosen(living, call.params)
        found, rest = page(every, call.params, 100)
        shown = [_shown(hours[_hours_of(resource)], resource) for resource in found]
        return {"HoursOfOperationOverrides": shown, "ApproximateTotalCount": len(every), **rest}

    def _named(self, call: Call) -> tuple[ConnectResource, ConnectResource]:
        """The hours and the override that a call names; one of other hours is none of these."""
        hours = self._store.resource(call, HOURS, "HoursOfOperationId")
        named = bare(str(call.params["HoursOfOperationOverrideId"]))
        found = next((one for one in self._of(self._store.active(call), hours) if one.id == named), None)
        if found is None:
            raise missing(KIND, named)
        return hours, found

    def _of(self, instance: Instance, hours: ConnectResource) -> list[ConnectResource]:
        return [resource for resource in instance.all(KIND).values() if _hours_of(resource) == hours.id]

    def _unique(self, instance: Instance, hours: ConnectResource, name: str, but: str = "") -> None:
        if any(one.values["Name"] == name and one.id != but for one in self._of(instance, hours)):
            raise ApiError("DuplicateResourceException", f"{hours.values['Name']} has an override {name} already", 409)


def _hours_of(resource: ConnectResource) -> str:
    return str(resource.values["HoursOfOperationId"])


def _check_days(values: Mapping[str, Any]) -> None:
    first, last = str(values["EffectiveFrom"]), str(values["EffectiveTill"])
    for day in (first, last):
        try:
            date.fromisoformat(day)
        except ValueError as error:
            raise ApiError("InvalidParameterException", f"{day} is not a day", 400) from error
    if last < first:
        raise ApiError("InvalidParameterException", f"EffectiveTill {last} is before EffectiveFrom {first}", 400)


def _shown(hours: ConnectResource, resource: ConnectResource) -> dict[str, Any]:
    values = {name: resource.values.get(name) for name in FIELDS}
    return {
        **values,
        "Config": values["Config"] or [],
        "OverrideType": values["OverrideType"] or "STANDARD",
        "HoursOfOperationOverrideId": resource.id,
        "HoursOfOperationId": hours.id,
        "HoursOfOperationArn": hours.arn,
    }


PART = ConnectPart(lambda site: HoursOverrides(site.store), quotas={KIND: 1000 * OF_ONE})
