"""Hours of operation. https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateHoursOfOperation.html"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.search import chosen
from sbctl.sandbox.connect.store import Estate, Thing
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "operating-hours"


class Hours:
    def __init__(self, estate: Estate) -> None:
        self._estate = estate

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateHoursOfOperation": self.create,
            "DescribeHoursOfOperation": self.describe,
            "UpdateHoursOfOperation": self.update,
            "DeleteHoursOfOperation": self.delete,
            "ListHoursOfOperations": self.list_all,
            "SearchHoursOfOperations": self.search,
        }

    def create(self, call: Call) -> Answer:
        _check_zone(call.params["TimeZone"])
        values = {name: call.params.get(name) for name in ("Name", "Description", "TimeZone", "Config")}
        thing = self._estate.add(self._estate.active(call), KIND, values, call.params.get("Tags") or {})
        return {"HoursOfOperationId": thing.id, "HoursOfOperationArn": thing.arn}

    def describe(self, call: Call) -> Answer:
        return {"HoursOfOperation": _shown(self._estate.thing(call, KIND, "HoursOfOperationId"))}

    def update(self, call: Call) -> Answer:
        thing = self._estate.thing(call, KIND, "HoursOfOperationId")
        if call.params.get("TimeZone"):
            _check_zone(call.params["TimeZone"])
        if call.params.get("Name"):
            self._estate.unique(self._estate.active(call), KIND, call.params["Name"], thing.id)
        names = ("Name", "Description", "TimeZone", "Config")
        self._estate.change(thing, **{name: call.params.get(name) for name in names})
        return {}

    def delete(self, call: Call) -> Answer:
        instance, thing = self._estate.active(call), self._estate.thing(call, KIND, "HoursOfOperationId")
        users = [
            queue for queue in instance.all("queue").values() if queue.values.get("HoursOfOperationId") == thing.id
        ]
        if users:
            # no ResourceInUseException is modelled for this operation (connect-api 2.1)
            raise ApiError("InvalidRequestException", f"The hours are used by queue {users[0].values['Name']}", 400)
        self._estate.remove(instance, thing)
        return {}

    def list_all(self, call: Call) -> Answer:
        every = list(self._estate.active(call).all(KIND).values())
        found, rest = page(every, call.params, 1000, 100)
        return {
            "HoursOfOperationSummaryList": [{"Id": t.id, "Arn": t.arn, "Name": t.values["Name"]} for t in found],
            **rest,
        }

    def search(self, call: Call) -> Answer:
        every = chosen(self._estate.searched(self._estate.active(call), KIND), call.params)
        found, rest = page(every, call.params, 100)
        shown = [_shown(thing) for thing in found]
        return {"HoursOfOperations": shown, "ApproximateTotalCount": len(every), **rest}


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise ApiError("InvalidParameterException", f"{name} is not a time zone", 400) from error


def _shown(thing: Thing) -> dict[str, Any]:
    return {
        "HoursOfOperationId": thing.id,
        "HoursOfOperationArn": thing.arn,
        "Name": thing.values["Name"],
        "Description": thing.values.get("Description") or None,
        "TimeZone": thing.values.get("TimeZone") or "UTC",
        "Config": thing.values.get("Config") or [],
        "Tags": dict(thing.tags),
        "LastModifiedTime": thing.changed,
    }


PART = ConnectPart(
    lambda site: Hours(site.estate),
    quotas={KIND: 1000},
)
"""Quotas as AWS's defaults, but increased for queues, flows and hours (100 each on a new account).

https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html
"""
