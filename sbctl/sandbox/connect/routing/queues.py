"""Queues: born enabled, changed one aspect a call. https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateQueue.html"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.people.queue_quick_connects import quick_connects
from sbctl.sandbox.connect.routing.outbound import check_caller
from sbctl.sandbox.connect.routing.queue_mail import mail_of
from sbctl.sandbox.connect.search import chosen
from sbctl.sandbox.connect.store import ConnectResource, Instance, ResourceStore, bare, missing
from sbctl.sandbox.quotas.quota import Quota
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "queue"


class Queues:
    """The operations on queues."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

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
        instance, params = self._store.active(call), call.params
        names = ("Name", "Description", "OutboundCallerConfig", "MaxContacts")
        check_caller(self._store, instance, params.get("OutboundCallerConfig") or {})
        values = {name: params.get(name) for name in names}
        values |= {"HoursOfOperationId": self._hours(instance, params["HoursOfOperationId"]), "Status": "ENABLED"}
        values["QuickConnectIds"] = quick_connects(instance, params.get("QuickConnectIds") or [])
        values |= mail_of(instance, params)
        resource = self._store.add(instance, KIND, values, params.get("Tags") or {})
        return {"QueueId": resource.id, "QueueArn": resource.arn}

    def _hours(self, instance: Instance, named: str) -> str:
        if bare(named) not in instance.all("operating-hours"):
            raise missing("hours of operation", named)
        return bare(named)

    def describe(self, call: Call) -> Answer:
        return {"Queue": _shown(self._store.resource(call, KIND, "QueueId"))}

    def update_hours(self, call: Call) -> Answer:
        hours = self._hours(self._store.active(call), call.params["HoursOfOperationId"])
        self._store.change(self._store.resource(call, KIND, "QueueId"), HoursOfOperationId=hours)
        return {}

    def update_max(self, call: Call) -> Answer:
        resource = self._store.resource(call, KIND, "QueueId")
        before = dict(resource.values)
        resource.values["MaxContacts"] = call.params.get("MaxContacts")  # without a number there is no limit
        self._store.touched(resource, before)
        return {}

    def update_name(self, call: Call) -> Answer:
        resource = self._store.resource(call, KIND, "QueueId")
        if call.params.get("Name"):
            self._store.unique(self._store.active(call), KIND, call.params["Name"], resource.id)
        self._store.change(resource, Name=call.params.get("Name"), Description=call.params.get("Description"))
        return {}

    def update_caller(self, call: Call) -> Answer:
        resource = self._store.resource(call, KIND, "QueueId")
        check_caller(self._store, self._store.active(call), call.params["OutboundCallerConfig"])
        self._store.change(resource, OutboundCallerConfig=call.params["OutboundCallerConfig"])
        return {}

    def update_status(self, call: Call) -> Answer:
        self._store.change(self._store.resource(call, KIND, "QueueId"), Status=call.params["Status"])
        return {}

    def delete(self, call: Call) -> Answer:
        instance, resource = self._store.active(call), self._store.resource(call, KIND, "QueueId")
        for profile in instance.all("routing-profile").values():
            pairs = profile.values.get("Queues") or []
            if profile.values.get("DefaultOutboundQueueId") == resource.id or any(
                p["QueueId"] == resource.id for p in pairs
            ):
                members = {"ResourceType": "ROUTING_PROFILE", "ResourceId": profile.id}
                raise ApiError("ResourceInUseException", f"The queue is used by {profile.values['Name']}", 409, members)
        self._store.remove(instance, resource)
        return {}

    def list_all(self, call: Call) -> Answer:
        types = call.params.get("QueueTypes") or ["STANDARD", "AGENT"]
        instance = self._store.active(call)
        every = [_row(queue) for queue in instance.all(KIND).values()] if "STANDARD" in types else []
        every += [_of_agent(user) for user in instance.all("agent").values()] if "AGENT" in types else []
        found, rest = page(every, call.params, 1000, 100)
        return {"QueueSummaryList": found, **rest}

    def search(self, call: Call) -> Answer:
        every = chosen(self._store.searched(self._store.active(call), KIND), call.params)
        found, rest = page(every, call.params, 500, 100)
        return {"Queues": [_shown(resource) for resource in found], "ApproximateTotalCount": len(every), **rest}


def _row(queue: ConnectResource) -> dict[str, Any]:
    return {"Id": queue.id, "Arn": queue.arn, "Name": queue.values["Name"], "QueueType": "STANDARD"}


def _of_agent(user: ConnectResource) -> dict[str, Any]:
    """The queue that every user has; it has no name."""
    return {"Id": user.id, "Arn": user.arn.replace("/agent/", "/queue/agent/"), "QueueType": "AGENT"}


def _shown(resource: ConnectResource) -> dict[str, Any]:
    names = ("Name", "Description", "OutboundCallerConfig", "OutboundEmailConfig", "HoursOfOperationId", "MaxContacts")
    return {
        "QueueId": resource.id,
        "QueueArn": resource.arn,
        **{name: resource.values.get(name) for name in names},
        "Status": resource.values.get("Status") or "ENABLED",
        "Tags": dict(resource.tags),
        "LastModifiedTime": resource.changed,
    }


PART = ConnectPart(
    lambda site: Queues(site.store),
    quotas={KIND: 1000},
    told=(Quota("connect", "L-19A87C94", "Queues per instance", 100.0, "AWS::Connect::Instance"),),
)
"""Quotas as AWS's defaults, but increased for queues, flows and hours (100 each on a new account).

https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html
"""
