"""Hours of operation. https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateHoursOfOperation.html"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.search import chosen
from sbctl.sandbox.connect.store import ConnectResource, ResourceStore
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "operating-hours"


class Hours:
    def __init__(self, store: ResourceStore) -> None:
        self._store = store

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
        resource = self._store.add(self._store.active(call), KIND, values, call.params.get("Tags") or {})
        return {"HoursOfOperationId": resource.id, "HoursOfOperationArn": resource.arn}

    def describe(self, call: Call) -> Answer:
        return {"HoursOfOperation": _shown(self._store.resource(call, KIND, "HoursOfOperationId"))}

    def update(self, call: Call) -> Answer:
        resource = self._store.resource(call, KIND, "HoursOfOperationId")
        if call.params.get("TimeZone"):
            _check_zone(call.params["TimeZone"])
        if call.params.get("Name"):
            self._store.unique(self._store.active(call), KIND, call.params["Name"], resource.id)
        names = ("Name", "Description", "TimeZone", "Config")
        self._store.change(resource, **{name: call.params.get(name) for name in names})
        return {}

    def delete(self, call: Call) -> Answer:
        instance, resource = self._store.active(call), self._store.resource(call, KIND, "HoursOfOperationId")
        users = [
            queue for queue in instance.all("queue").values() if queue.values.get("HoursOfOperationId") == resource.id
        ]
        if users:
            # no ResourceInUseException is modelled for this operation (connect-api 2.1)
            raise ApiError("InvalidRequestException", f"The hours are used by queue {users[0].values['Name']}", 400)
        self._store.remove(instance, resource)
        return {}

    def list_all(self, call: Call) -> Answer:
        every = list(self._store.active(call).all(KIND).values())
        found, rest = page(every, call.params, 1000, 100)
        return {
            "HoursOfOperationSummaryList": [{"Id": t.id, "Arn": t.arn, "Name": t.values["Name"]} for t in found],
            **rest,
        }

    def search(self, call: Call) -> Answer:
        every = chosen(self._store.searched(self._store.active(call), KIND), call.params)
        found, rest = page(every, call.params, 100)
        shown = [_shown(resource) for resource in found]
        return {"HoursOfOperations": shown, "ApproximateTotalCount": len(every), **rest}


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise ApiError("InvalidParameterException", f"{name} is not a time zone", 400) from error


def _shown(resource: ConnectResource) -> dict[str, Any]:
    return {
        "HoursOfOperationId": resource.id,
        "HoursOfOperationArn": resource.arn,
        "Name": resource.values["Name"],
        "Description": resource.values.get("Description") or None,
        "TimeZone": resource.values.get("TimeZone") or "UTC",
        "Config": resource.values.get("Config") or [],
        "Tags": dict(resource.tags),
        "LastModifiedTime": resource.changed,
    }


PART = ConnectPart(
    lambda site: Hours(site.store),
    quotas={KIND: 1000},
)
"""Quotas as AWS's defaults, but increased for queues, flows and hours (100 each on a new account).

https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html
"""
