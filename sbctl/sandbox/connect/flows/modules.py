"""Flow modules: parts of inbound flows. They have no type, must have settings, and are validated as flows are.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateContactFlowModule.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.flow_language.contract import MOST_BRANCHES, Contract, contract
from sbctl.sandbox.connect.flow_language.document import NO_JSON, Published, is_json, problems
from sbctl.sandbox.connect.flow_language.qualifier import named, sha, version, writable
from sbctl.sandbox.connect.flow_language.saying import NO_SETTINGS
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.search import chosen
from sbctl.sandbox.connect.store import ConnectResource, Instance, ResourceStore
from sbctl.sandbox.documents import read_document
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "flow-module"


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
        _check(instance, params["Name"], content, settings)
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
        found = named(self._store, call, KIND, "ContactFlowModuleId")
        if found.is_draft or found.is_latest:
            return {"ContactFlowModule": _shown(found.resource, "Draft" if found.is_draft else "Content")}
        return {"ContactFlowModule": _version(found.resource, version(found))}

    def update_content(self, call: Call) -> Answer:
        instance, found = self._store.active(call), writable(self._store, call, KIND, "ContactFlowModuleId")
        resource, form = found.resource, "Draft" if found.is_draft else "Content"
        content = call.params.get("Content") or resource.values[form]
        settings = call.params.get("Settings") or _settings_of(resource, form)
        if found.is_draft:
            _refuse([] if is_json(content) else [NO_JSON])
            self._store.change(resource, Draft=content, DraftSettings=settings)
            return {}
        _check(instance, resource.values["Name"], content, settings)
        self._store.change(resource, Draft=content, Content=content, Settings=settings, DraftSettings=settings)
        return {}

    def update_metadata(self, call: Call) -> Answer:
        resource, params = writable(self._store, call, KIND, "ContactFlowModuleId").resource, call.params
        if params.get("Name"):
            self._store.unique(self._store.active(call), KIND, params["Name"], resource.id)
        names = ("Name", "Description", "State")
        self._store.change(resource, **{name: params.get(name) for name in names})
        return {}

    def delete(self, call: Call) -> Answer:
        """AWS models no ResourceInUseException here: flows that invoke the module take their error branch then."""
        found = writable(self._store, call, KIND, "ContactFlowModuleId")
        self._store.remove(self._store.active(call), found.resource)
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


def _check(instance: Instance, name: str, content: str, settings: str | None) -> None:
    """What cannot be published is refused, with AWS's words."""
    own = _contract(settings)
    if _lacks_settings(content):
        raise ApiError("InvalidRequestException", NO_SETTINGS, 400)
    many = [f"A module has at most {MOST_BRANCHES} branches"] if len(own.branches) > MOST_BRANCHES else []
    _refuse([*many, *problems(content, Published(name, instance, own=own))])


def _refuse(found: list[str]) -> None:
    if found:
        members = {"Problems": [{"message": text[:256]} for text in found[:50]]}
        raise ApiError("InvalidContactFlowModuleException", "", 400, members)


def _contract(settings: str | None) -> Contract:
    try:
        return contract(settings)
    except ValueError as error:
        raise ApiError("InvalidRequestException", "Settings is not a JSON object", 400) from error


def _lacks_settings(content: str) -> bool:
    """Whether the content has no object of settings, which says nothing and must be there all the same."""
    try:
        tree = read_document(content)
    except ValueError:
        return False
    return isinstance(tree, dict) and tree.get("Settings") is None


def _settings_of(resource: ConnectResource, form: str) -> str | None:
    """The settings of the published content or of the draft, which has its own once somebody saved one."""
    published, values = resource.values.get("Settings"), resource.values
    return values.get("DraftSettings") or published if form == "Draft" else published


def _shown(resource: ConnectResource, form: str) -> dict[str, Any]:
    content = str(resource.values[form])
    names = ("Name", "Description", "State", "ExternalInvocationConfiguration")
    return {
        "Id": resource.id,
        "Arn": resource.arn,
        **{name: resource.values.get(name) for name in names},
        "Settings": _settings_of(resource, form),
        "Status": "PUBLISHED" if form == "Content" else "SAVED",
        "Content": content,
        "FlowModuleContentSha256": sha(content),
        "Tags": dict(resource.tags),
    }


def _version(resource: ConnectResource, one: Mapping[str, Any]) -> dict[str, Any]:
    """A version as it is shown: what was published then, under what the module is called today."""
    names = ("Version", "VersionDescription", "Content", "Settings")
    shown = _shown(resource, "Content") | {name: one[name] for name in names}
    return shown | {"FlowModuleContentSha256": sha(shown["Content"])}


PART = ConnectPart(
    lambda site: Modules(site.store),
    quotas={KIND: 200},
)
