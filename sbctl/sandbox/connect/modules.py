"""Flow modules: parts of inbound flows. They have no type, must have settings, and are validated as flows are.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateContactFlowModule.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.flow_validation import MODULE, problems
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.search import chosen
from sbctl.sandbox.connect.store import ConnectResource, Instance, ResourceStore
from sbctl.sandbox.documents import read_document
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "flow-module"
DRAFT = ":$SAVED"
NO_SETTINGS = "JSON field is missing or null for field name: settings"


class Modules:
    """The operations on flow modules."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateContactFlowModule": self.create,
            "DescribeContactFlowModule": self.describe,
            "UpdateContactFlowModuleContent": self.update_content,
            "UpdateContactFlowModuleMetadata": self.update_metadata,
            "DeleteContactFlowModule": self.delete,
            "ListContactFlowModules": self.list_all,
            "SearchContactFlowModules": self.search,
        }

    def create(self, call: Call) -> Answer:
        instance, params = self._store.active(call), dict(call.params)
        token = params.pop("ClientToken", None)
        place = f"{instance.id}:{KIND}:{token}"
        known = self._store.tokens.get(place) if token else None
        if known is not None and known[1] in instance.all(KIND):
            if known[0] != params:
                raise ApiError("IdempotencyException", "The ClientToken was used with other parameters", 409)
            made = instance.all(KIND)[known[1]]
            return {"Id": made.id, "Arn": made.arn}
        resource = self._make(instance, params)
        if token:
            self._store.tokens[place] = (params, resource.id)
        return {"Id": resource.id, "Arn": resource.arn}

    def _make(self, instance: Instance, params: Mapping[str, Any]) -> ConnectResource:
        content, settings = params["Content"], params.get("Settings")
        _validate(instance, content, settings)
        values = {
            "Name": params["Name"],
            "Description": params.get("Description"),
            "State": "ACTIVE",
            "Content": content,
            "Draft": content,
            "Settings": settings,
            "ExternalInvocationConfiguration": params.get("ExternalInvocationConfiguration"),
        }
        return self._store.add(instance, KIND, values, params.get("Tags") or {})

    def describe(self, call: Call) -> Answer:
        resource = self._store.resource(call, KIND, "ContactFlowModuleId")
        draft = str(call.params["ContactFlowModuleId"]).endswith(DRAFT)
        return {"ContactFlowModule": _shown(resource, "Draft" if draft else "Content")}

    def update_content(self, call: Call) -> Answer:
        instance, resource = self._store.active(call), self._store.resource(call, KIND, "ContactFlowModuleId")
        content = call.params.get("Content") or resource.values["Content"]
        settings = call.params.get("Settings") or resource.values.get("Settings")
        if str(call.params["ContactFlowModuleId"]).endswith(DRAFT):
            self._store.change(resource, Draft=content)
            return {}
        _validate(instance, content, settings)
        self._store.change(resource, Draft=content, Content=content, Settings=settings)
        return {}

    def update_metadata(self, call: Call) -> Answer:
        resource, params = self._store.resource(call, KIND, "ContactFlowModuleId"), call.params
        if params.get("Name"):
            self._store.unique(self._store.active(call), KIND, params["Name"], resource.id)
        names = ("Name", "Description", "State")
        self._store.change(resource, **{name: params.get(name) for name in names})
        return {}

    def delete(self, call: Call) -> Answer:
        """AWS models no ResourceInUseException here: flows that invoke the module take their error branch then."""
        self._store.remove(self._store.active(call), self._store.resource(call, KIND, "ContactFlowModuleId"))
        return {}

    def list_all(self, call: Call) -> Answer:
        wanted = call.params.get("ContactFlowModuleState")
        every = [t for t in self._store.active(call).all(KIND).values() if wanted in (None, t.values["State"])]
        found, rest = page(every, call.params, 1000, 100)
        rows = [{"Id": t.id, "Arn": t.arn, "Name": t.values["Name"], "State": t.values["State"]} for t in found]
        return {"ContactFlowModulesSummaryList": rows, **rest}

    def search(self, call: Call) -> Answer:
        every = chosen(self._store.searched(self._store.active(call), KIND), call.params)
        found, rest = page(every, call.params, 100)
        shown = [_shown(resource, "Content") for resource in found]
        return {"ContactFlowModules": shown, "ApproximateTotalCount": len(every), **rest}


def _validate(instance: Instance, content: str, settings: str | None) -> None:
    found = [*_settings(content, settings), *problems(content, instance, MODULE)]
    if found:
        members = {"Problems": [{"message": text[:256]} for text in found[:50]]}
        raise ApiError("InvalidContactFlowModuleException", "", 400, members)


def _settings(content: str, settings: str | None) -> list[str]:
    """Settings were seen demanded of the content, and the API has a member for them: either will do here."""
    try:
        given = read_document(settings) if settings else None
        tree = read_document(content)
    except ValueError:
        return ["Invalid JSON"]
    inside = tree.get("Settings") if isinstance(tree, dict) else None
    return [] if isinstance(given, dict) or isinstance(inside, dict) else [NO_SETTINGS]


def _shown(resource: ConnectResource, form: str) -> dict[str, Any]:
    content = str(resource.values[form])
    names = ("Name", "Description", "State", "Settings", "ExternalInvocationConfiguration")
    return {
        "Id": resource.id,
        "Arn": resource.arn,
        **{name: resource.values.get(name) for name in names},
        "Status": "PUBLISHED" if form == "Content" else "SAVED",
        "Content": content,
        "FlowModuleContentSha256": hashlib.sha256(content.encode()).hexdigest(),
        "Tags": dict(resource.tags),
    }


PART = ConnectPart(
    lambda site: Modules(site.store),
    quotas={KIND: 200},
)
