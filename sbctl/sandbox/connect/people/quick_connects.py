"""Quick connects: whereto agents transfer with one click. What one names must be there when it is made, not later.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateQuickConnect.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.search import chosen
from sbctl.sandbox.connect.stamps import given, stamps, summary
from sbctl.sandbox.connect.store import ConnectResource, Instance, ResourceStore, bare, missing
from sbctl.sandbox.quotas.quota import Quota
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "transfer-destination"
"""As ARNs of quick connects have it."""
SETTINGS = {"USER": "UserConfig", "QUEUE": "QueueConfig", "PHONE_NUMBER": "PhoneConfig", "FLOW": "FlowConfig"}
"""Type → the one member that goes with it."""
NAMED = {"UserId": "agent", "QueueId": "queue", "ContactFlowId": "contact-flow"}


class QuickConnects:
    """The operations on quick connects."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateQuickConnect": self.create,
            "DescribeQuickConnect": self.describe,
            "UpdateQuickConnectConfig": self.update_config,
            "UpdateQuickConnectName": self.update_name,
            "DeleteQuickConnect": self.delete,
            "ListQuickConnects": self.list_all,
            "SearchQuickConnects": self.search,
        }

    def create(self, call: Call) -> Answer:
        instance, params = self._store.active(call), call.params
        config = _checked(instance, params["QuickConnectConfig"])
        values = {**given(params, ("Name", "Description")), "QuickConnectConfig": config}
        made = self._store.add(instance, KIND, values, params.get("Tags") or {})
        return {"QuickConnectId": made.id, "QuickConnectARN": made.arn}

    def describe(self, call: Call) -> Answer:
        return {"QuickConnect": _shown(self._quick_connect(call))}

    def update_config(self, call: Call) -> Answer:
        found = self._quick_connect(call)
        config = _checked(self._store.active(call), call.params["QuickConnectConfig"])
        self._store.change(found, QuickConnectConfig=config)
        return {}

    def update_name(self, call: Call) -> Answer:
        """No DuplicateResourceException is modelled here: a taken name is an invalid request."""
        instance, found, name = self._store.active(call), self._quick_connect(call), call.params.get("Name")
        if any(one.values["Name"] == name and one.id != found.id for one in instance.all(KIND).values()):
            raise ApiError("InvalidRequestException", f"A quick connect with the name {name} exists already", 400)
        self._store.change(found, **given(call.params, ("Name", "Description")))
        return {}

    def delete(self, call: Call) -> Answer:
        """Queues that had it have it no more."""
        instance, found = self._store.active(call), self._quick_connect(call)
        for queue in instance.all("queue").values():
            known = queue.values.get("QuickConnectIds") or []
            if found.id in known:
                queue.values["QuickConnectIds"] = [one for one in known if one != found.id]
        self._store.remove(instance, found)
        return {}

    def list_all(self, call: Call) -> Answer:
        types = call.params.get("QuickConnectTypes") or [*SETTINGS]
        every = [one for one in self._store.active(call).all(KIND).values() if kind_of(one) in types]
        found, rest = page(every, call.params, 1000, 100)
        return {"QuickConnectSummaryList": [row(one) for one in found], **rest}

    def search(self, call: Call) -> Answer:
        every = chosen(self._store.searched(self._store.active(call), KIND), call.params)
        found, rest = page(every, call.params, 100)
        return {"QuickConnects": [_shown(one) for one in found], "ApproximateTotalCount": len(every), **rest}

    def _quick_connect(self, call: Call) -> ConnectResource:
        return self._store.resource(call, KIND, "QuickConnectId")


def kind_of(one: ConnectResource) -> str:
    """USER, QUEUE, PHONE_NUMBER or FLOW."""
    return str(one.values["QuickConnectConfig"]["QuickConnectType"])


def row(one: ConnectResource) -> dict[str, Any]:
    """As lists show it."""
    return {**summary(one), "QuickConnectType": kind_of(one)}


def _checked(instance: Instance, config: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with ids only. Raises ApiError for those of another type, and for what is not there."""
    wanted = SETTINGS[config["QuickConnectType"]]
    said = [name for name in SETTINGS.values() if config.get(name) is not None]
    if said != [wanted]:
        why = f"A quick connect of type {config['QuickConnectType']} has {wanted} and no other settings"
        raise ApiError("InvalidParameterException", why, 400)
    settings = dict(config[wanted])
    for member, kind in NAMED.items():
        if member in settings:
            settings[member] = bare(str(settings[member])).partition(":")[0]
            if settings[member] not in instance.all(kind):
                raise missing(kind, settings[member])
    return {"QuickConnectType": config["QuickConnectType"], wanted: settings}


def _shown(one: ConnectResource) -> dict[str, Any]:
    return {
        "QuickConnectId": one.id,
        "QuickConnectARN": one.arn,
        "Name": one.values["Name"],
        "Description": one.values.get("Description") or None,
        "QuickConnectConfig": one.values["QuickConnectConfig"],
        "Tags": dict(one.tags),
        **stamps(one),
    }


PART = ConnectPart(
    lambda site: QuickConnects(site.store),
    quotas={KIND: 100},
    told=(Quota("connect", "L-68BBE2E8", "Quick connects per instance", 100.0, "AWS::Connect::Instance", KIND),),
)
