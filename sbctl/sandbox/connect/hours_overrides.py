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
from sbctl.sandbox.connect.store import Estate, Instance, Thing, bare, missing
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "hours-of-operation-override"
OF_ONE = 50
"""Of one hours of operation; AWS raises it for nobody (connect-api 1.5)."""
HOURS = "operating-hours"
FIELDS = ("Name", "Description", "Config", "EffectiveFrom", "EffectiveTill", "RecurrenceConfig", "OverrideType")


class HoursOverrides:
    """The operations on overrides."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate

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
        instance, hours = self._estate.active(call), self._estate.thing(call, HOURS, "HoursOfOperationId")
        values = {**{name: call.params.get(name) for name in FIELDS}, "HoursOfOperationId": hours.id}
        _check_days(values)
        self._unique(instance, hours, str(values["Name"]))
        if len(self._of(instance, hours)) >= OF_ONE:
            raise ApiError("LimitExceededException", f"{hours.values['Name']} has {OF_ONE} overrides", 429)
        return {"HoursOfOperationOverrideId": self._estate.put(instance, KIND, values, {}).id}

    def describe(self, call: Call) -> Answer:
        hours, thing = self._named(call)
        return {"HoursOfOperationOverride": _shown(hours, thing)}

    def update(self, call: Call) -> Answer:
        hours, thing = self._named(call)
        changed = {name: call.params.get(name) for name in FIELDS}
        _check_days({**thing.values, **{name: value for name, value in changed.items() if value is not None}})
        if changed["Name"]:
            self._unique(self._estate.active(call), hours, changed["Name"], thing.id)
        self._estate.change(thing, **changed)
        return {}

    def delete(self, call: Call) -> Answer:
        _, thing = self._named(call)
        self._estate.remove(self._estate.active(call), thing)
        return {}

    def list_all(self, call: Call) -> Answer:
        hours = self._estate.thing(call, HOURS, "HoursOfOperationId")
        every = self._of(self._estate.active(call), hours)
        found, rest = page(every, call.params, 100)
        return {"HoursOfOperationOverrideList": [_shown(hours, thing) for thing in found], **rest}

    def search(self, call: Call) -> Answer:
        instance = self._estate.active(call)
        hours = instance.all(HOURS)
        living = (thing for thing in self._estate.searched(instance, KIND) if _hours_of(thing) in hours)
        every = chosen(living, call.params)
        found, rest = page(every, call.params, 100)
        shown = [_shown(hours[_hours_of(thing)], thing) for thing in found]
        return {"HoursOfOperationOverrides": shown, "ApproximateTotalCount": len(every), **rest}

    def _named(self, call: Call) -> tuple[Thing, Thing]:
        """The hours and the override that a call names; one of other hours is none of these."""
        hours = self._estate.thing(call, HOURS, "HoursOfOperationId")
        named = bare(str(call.params["HoursOfOperationOverrideId"]))
        found = next((one for one in self._of(self._estate.active(call), hours) if one.id == named), None)
        if found is None:
            raise missing(KIND, named)
        return hours, found

    def _of(self, instance: Instance, hours: Thing) -> list[Thing]:
        return [thing for thing in instance.all(KIND).values() if _hours_of(thing) == hours.id]

    def _unique(self, instance: Instance, hours: Thing, name: str, but: str = "") -> None:
        if any(one.values["Name"] == name and one.id != but for one in self._of(instance, hours)):
            raise ApiError("DuplicateResourceException", f"{hours.values['Name']} has an override {name} already", 409)


def _hours_of(thing: Thing) -> str:
    return str(thing.values["HoursOfOperationId"])


def _check_days(values: Mapping[str, Any]) -> None:
    first, last = str(values["EffectiveFrom"]), str(values["EffectiveTill"])
    for day in (first, last):
        try:
            date.fromisoformat(day)
        except ValueError as error:
            raise ApiError("InvalidParameterException", f"{day} is not a day", 400) from error
    if last < first:
        raise ApiError("InvalidParameterException", f"EffectiveTill {last} is before EffectiveFrom {first}", 400)


def _shown(hours: Thing, thing: Thing) -> dict[str, Any]:
    values = {name: thing.values.get(name) for name in FIELDS}
    return {
        **values,
        "Config": values["Config"] or [],
        "OverrideType": values["OverrideType"] or "STANDARD",
        "HoursOfOperationOverrideId": thing.id,
        "HoursOfOperationId": hours.id,
        "HoursOfOperationArn": hours.arn,
    }


PART = ConnectPart(lambda site: HoursOverrides(site.estate), quotas={KIND: 1000 * OF_ONE})
