"""Queues: born enabled, changed one aspect a call. https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateQueue.html"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.search import chosen
from sbctl.sandbox.connect.store import Estate, Instance, Thing, bare, missing
from sbctl.sandbox.quotas.quota import Quota
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "queue"


class Queues:
    """The operations on queues."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateQueue": self.create,
            "DescribeQueue": self.describe,
            "UpdateQueueHoursOfOperation": self.update_hours,
            "UpdateQueueMaxContacts": self.update_max,
            "UpdateQueueName": self.update_name,
            "UpdateQueueOutboundCallerConfig": self.update_caller,
            "UpdateQueueStatus": self.update_status,
            "DeleteQueue": self.delete,
            "ListQueues": self.list_all,
            "SearchQueues": self.search,
        }

    def create(self, call: Call) -> Answer:
        instance, params = self._estate.active(call), call.params
        names = ("Name", "Description", "OutboundCallerConfig", "MaxContacts")
        values = {name: params.get(name) for name in names}
        values |= {"HoursOfOperationId": self._hours(instance, params["HoursOfOperationId"]), "Status": "ENABLED"}
        thing = self._estate.add(instance, KIND, values, params.get("Tags") or {})
        return {"QueueId": thing.id, "QueueArn": thing.arn}

    def _hours(self, instance: Instance, named: str) -> str:
        if bare(named) not in instance.all("operating-hours"):
            raise missing("hours of operation", named)
        return bare(named)

    def describe(self, call: Call) -> Answer:
        return {"Queue": _shown(self._estate.thing(call, KIND, "QueueId"))}

    def update_hours(self, call: Call) -> Answer:
        hours = self._hours(self._estate.active(call), call.params["HoursOfOperationId"])
        self._estate.change(self._estate.thing(call, KIND, "QueueId"), HoursOfOperationId=hours)
        return {}

    def update_max(self, call: Call) -> Answer:
        thing = self._estate.thing(call, KIND, "QueueId")
        before = dict(thing.values)
        thing.values["MaxContacts"] = call.params.get("MaxContacts")  # without a number there is no limit
        self._estate.touched(thing, before)
        return {}

    def update_name(self, call: Call) -> Answer:
        thing = self._estate.thing(call, KIND, "QueueId")
        if call.params.get("Name"):
            self._estate.unique(self._estate.active(call), KIND, call.params["Name"], thing.id)
        self._estate.change(thing, Name=call.params.get("Name"), Description=call.params.get("Description"))
        return {}

    def update_caller(self, call: Call) -> Answer:
        thing = self._estate.thing(call, KIND, "QueueId")
        self._estate.change(thing, OutboundCallerConfig=call.params["OutboundCallerConfig"])
        return {}

    def update_status(self, call: Call) -> Answer:
        self._estate.change(self._estate.thing(call, KIND, "QueueId"), Status=call.params["Status"])
        return {}

    def delete(self, call: Call) -> Answer:
        instance, thing = self._estate.active(call), self._estate.thing(call, KIND, "QueueId")
        for profile in instance.all("routing-profile").values():
            pairs = profile.values.get("Queues") or []
            if profile.values.get("DefaultOutboundQueueId") == thing.id or any(p["QueueId"] == thing.id for p in pairs):
                members = {"ResourceType": "ROUTING_PROFILE", "ResourceId": profile.id}
                raise ApiError("ResourceInUseException", f"The queue is used by {profile.values['Name']}", 409, members)
        self._estate.remove(instance, thing)
        return {}

    def list_all(self, call: Call) -> Answer:
        types = call.params.get("QueueTypes") or ["STANDARD", "AGENT"]
        every = list(self._estate.active(call).all(KIND).values()) if "STANDARD" in types else []
        found, rest = page(every, call.params, 1000, 100)
        rows = [{"Id": t.id, "Arn": t.arn, "Name": t.values["Name"], "QueueType": "STANDARD"} for t in found]
        return {"QueueSummaryList": rows, **rest}

    def search(self, call: Call) -> Answer:
        every = chosen(self._estate.searched(self._estate.active(call), KIND), call.params)
        found, rest = page(every, call.params, 500, 100)
        return {"Queues": [_shown(thing) for thing in found], "ApproximateTotalCount": len(every), **rest}


def _shown(thing: Thing) -> dict[str, Any]:
    names = ("Name", "Description", "OutboundCallerConfig", "HoursOfOperationId", "MaxContacts")
    return {
        "QueueId": thing.id,
        "QueueArn": thing.arn,
        **{name: thing.values.get(name) for name in names},
        "Status": thing.values.get("Status") or "ENABLED",
        "Tags": dict(thing.tags),
        "LastModifiedTime": thing.changed,
    }


PART = ConnectPart(
    lambda site: Queues(site.estate),
    quotas={KIND: 1000},
    told=(Quota("connect", "L-19A87C94", "Queues per instance", 100.0, "AWS::Connect::Instance"),),
)
"""Quotas as AWS's defaults, but increased for queues, flows and hours (100 each on a new account).

https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html
"""
