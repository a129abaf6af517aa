"""Routing profiles: ten queues a call, fifty in all.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateRoutingProfile.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.search import chosen
from sbctl.sandbox.connect.store import ConnectResource, Instance, ResourceStore, bare, missing
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "routing-profile"
PER_CALL = 10
IN_ALL = 50


class RoutingProfiles:
    """The operations on routing profiles."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateRoutingProfile": self.create,
            "DescribeRoutingProfile": self.describe,
            "UpdateRoutingProfileName": self.update_name,
            "UpdateRoutingProfileConcurrency": self.update_concurrency,
            "UpdateRoutingProfileDefaultOutboundQueue": self.update_outbound,
            "UpdateRoutingProfileAgentAvailabilityTimer": self.update_timer,
            "AssociateRoutingProfileQueues": self.associate,
            "UpdateRoutingProfileQueues": self.update_queues,
            "DisassociateRoutingProfileQueues": self.disassociate,
            "ListRoutingProfileQueues": self.list_queues,
            "ListRoutingProfiles": self.list_all,
            "SearchRoutingProfiles": self.search,
            "DeleteRoutingProfile": self.delete,
        }

    def create(self, call: Call) -> Answer:
        instance, params = self._store.active(call), call.params
        values: dict[str, Any] = {
            "Name": params["Name"],
            "Description": params["Description"],
            "DefaultOutboundQueueId": self._queue(instance, params["DefaultOutboundQueueId"]),
            "MediaConcurrencies": _concurrencies(params["MediaConcurrencies"]),
            "AgentAvailabilityTimer": params.get("AgentAvailabilityTimer") or "TIME_SINCE_LAST_ACTIVITY",
            "Queues": self._pairs(instance, params.get("QueueConfigs") or []),
        }
        resource = self._store.add(instance, KIND, values, params.get("Tags") or {})
        return {"RoutingProfileId": resource.id, "RoutingProfileArn": resource.arn}

    def _queue(self, instance: Instance, named: str) -> str:
        if bare(named) not in instance.all("queue"):
            raise missing("queue", named)
        return bare(named)

    def _pairs(self, instance: Instance, configs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        if len(configs) > PER_CALL:
            raise ApiError("InvalidParameterException", f"More than {PER_CALL} queues in one call", 400)
        return [
            {
                "QueueId": self._queue(instance, config["QueueReference"]["QueueId"]),
                "Channel": config["QueueReference"]["Channel"],
                "Priority": config["Priority"],
                "Delay": config["Delay"],
            }
            for config in configs
        ]

    def describe(self, call: Call) -> Answer:
        return {"RoutingProfile": self._shown(self._profile(call))}

    def _profile(self, call: Call) -> ConnectResource:
        return self._store.resource(call, KIND, "RoutingProfileId")

    def update_name(self, call: Call) -> Answer:
        resource = self._profile(call)
        if call.params.get("Name"):
            self._store.unique(self._store.active(call), KIND, call.params["Name"], resource.id)
        self._store.change(resource, Name=call.params.get("Name"), Description=call.params.get("Description"))
        return {}

    def update_concurrency(self, call: Call) -> Answer:
        self._store.change(self._profile(call), MediaConcurrencies=_concurrencies(call.params["MediaConcurrencies"]))
        return {}

    def update_outbound(self, call: Call) -> Answer:
        queue = self._queue(self._store.active(call), call.params["DefaultOutboundQueueId"])
        self._store.change(self._profile(call), DefaultOutboundQueueId=queue)
        return {}

    def update_timer(self, call: Call) -> Answer:
        self._store.change(self._profile(call), AgentAvailabilityTimer=call.params["AgentAvailabilityTimer"])
        return {}

    def associate(self, call: Call) -> Answer:
        resource = self._profile(call)
        new = self._pairs(self._store.active(call), call.params.get("QueueConfigs") or [])
        kept = [pair for pair in _queues(resource) if _pair(pair) not in {_pair(item) for item in new}]
        if len(kept) + len(new) > IN_ALL:
            raise ApiError("LimitExceededException", f"More than {IN_ALL} queues in one routing profile", 429)
        self._store.change(resource, Queues=kept + new)
        return {}

    def update_queues(self, call: Call) -> Answer:
        resource = self._profile(call)
        new = {_pair(pair): pair for pair in self._pairs(self._store.active(call), call.params["QueueConfigs"])}
        unknown = set(new) - {_pair(pair) for pair in _queues(resource)}
        if unknown:
            raise ApiError("InvalidRequestException", "A queue is not associated with the routing profile", 400)
        self._store.change(resource, Queues=[new.get(_pair(pair), pair) for pair in _queues(resource)])
        return {}

    def disassociate(self, call: Call) -> Answer:
        resource = self._profile(call)
        gone = {(bare(ref["QueueId"]), ref["Channel"]) for ref in call.params.get("QueueReferences") or []}
        if len(gone) > PER_CALL:
            raise ApiError("InvalidParameterException", f"More than {PER_CALL} queues in one call", 400)
        self._store.change(resource, Queues=[pair for pair in _queues(resource) if _pair(pair) not in gone])
        return {}

    def list_queues(self, call: Call) -> Answer:
        instance, resource = self._store.active(call), self._profile(call)
        found, rest = page(_queues(resource), call.params, 100)
        rows = [
            {
                **pair,
                "QueueArn": instance.all("queue")[pair["QueueId"]].arn,
                "QueueName": instance.all("queue")[pair["QueueId"]].values["Name"],
            }
            for pair in found
        ]
        return {"RoutingProfileQueueConfigSummaryList": rows, **rest}

    def list_all(self, call: Call) -> Answer:
        found, rest = page(list(self._store.active(call).all(KIND).values()), call.params, 1000, 100)
        return {
            "RoutingProfileSummaryList": [{"Id": t.id, "Arn": t.arn, "Name": t.values["Name"]} for t in found],
            **rest,
        }

    def search(self, call: Call) -> Answer:
        every = chosen(self._store.searched(self._store.active(call), KIND), call.params)
        found, rest = page(every, call.params, 500, 100)
        shown = [self._shown(t) | {"AssociatedQueueIds": [pair["QueueId"] for pair in _queues(t)]} for t in found]
        return {"RoutingProfiles": shown, "ApproximateTotalCount": len(every), **rest}

    def delete(self, call: Call) -> Answer:
        instance, resource = self._store.active(call), self._profile(call)
        for user in instance.all("agent").values():
            if user.values["RoutingProfileId"] == resource.id:
                members = {"ResourceType": "USER", "ResourceId": user.arn}
                raise ApiError("ResourceInUseException", "The routing profile has users", 409, members)
        self._store.remove(instance, resource)
        return {}

    def _shown(self, resource: ConnectResource) -> dict[str, Any]:
        queues = _queues(resource)
        return {
            "InstanceId": resource.arn.split("/")[1],
            "RoutingProfileId": resource.id,
            "RoutingProfileArn": resource.arn,
            "Name": resource.values["Name"],
            "Description": resource.values.get("Description") or "A simple routing profile",
            "MediaConcurrencies": resource.values.get("MediaConcurrencies") or [],
            "DefaultOutboundQueueId": resource.values.get("DefaultOutboundQueueId") or "",
            "AgentAvailabilityTimer": resource.values.get("AgentAvailabilityTimer") or "TIME_SINCE_LAST_ACTIVITY",
            "NumberOfAssociatedQueues": len(queues),
            "Tags": dict(resource.tags),
            "LastModifiedTime": resource.changed,
        }


def _queues(resource: ConnectResource) -> list[dict[str, Any]]:
    return list(resource.values.get("Queues") or [])


def _pair(pair: Mapping[str, Any]) -> tuple[str, str]:
    return pair["QueueId"], pair["Channel"]


def _concurrencies(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    if any(item["Channel"] == "VOICE" and item["Concurrency"] > 1 for item in found):
        raise ApiError("InvalidParameterException", "The concurrency of VOICE is at most 1", 400)
    return [dict(item) for item in found]


PART = ConnectPart(
    lambda site: RoutingProfiles(site.store),
    quotas={KIND: 500},
)
