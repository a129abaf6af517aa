"""Task templates: the fields of which tasks are made.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateTaskTemplate.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.sandbox.connect.idempotency import once
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.stamps import given
from sbctl.sandbox.connect.store import Codes, ConnectResource, Instance, ResourceStore, bare, missing
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "task-template"
CODES = Codes(taken="InvalidParameterException", full="ServiceQuotaExceededException")
SAID = (
    *("Name", "Description", "ContactFlowId", "SelfAssignFlowId", "ContactHooks", "Constraints", "Defaults"),
    *("Status", "Fields"),
)
FLOWS = ("ContactFlowId", "SelfAssignFlowId")


class TaskTemplates:
    """The operations on task templates."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateTaskTemplate": self.create,
            "GetTaskTemplate": self.get,
            "UpdateTaskTemplate": self.update,
            "DeleteTaskTemplate": self.delete,
            "ListTaskTemplates": self.list_all,
        }

    def create(self, call: Call) -> Answer:
        params = call.params

        def make(instance: Instance) -> ConnectResource:
            _check(instance, params)
            values = {"Status": "ACTIVE", **given(params, SAID), "Created": self._store.clock.now()}
            return self._store.add(instance, KIND, values, {}, CODES)

        return _ids(once(self._store, call, KIND, make))

    def get(self, call: Call) -> Answer:
        found = self._template(call)
        return {**_shown(found), "Tags": dict(found.tags)}

    def update(self, call: Call) -> Answer:
        """All of it at once: what is not said is no more."""
        instance, found = self._store.active(call), self._template(call)
        merged = {**given(found.values, ("Name", "Fields")), **given(call.params, SAID)}
        if not merged.get("Status"):
            raise _wrong([("Status", "REQUIRED_PROPERTY_MISSING", "Status is required")])
        _check(instance, merged)
        self._store.unique(instance, KIND, merged["Name"], found.id, CODES.taken)
        before = dict(found.values)
        found.values = {**merged, "Created": before["Created"]}
        self._store.touched(found, before)
        return _shown(found)

    def delete(self, call: Call) -> Answer:
        self._store.remove(self._store.active(call), self._template(call))
        return {}

    def list_all(self, call: Call) -> Answer:
        status, name = call.params.get("Status"), call.params.get("Name")
        every = [
            one
            for one in self._store.active(call).all(KIND).values()
            if status in (None, one.values["Status"]) and name in (None, one.values["Name"])
        ]
        found, rest = page(every, call.params, 100)
        rows = [{**_ids(one), **given(one.values, ("Name", "Description", "Status")), **_times(one)} for one in found]
        return {"TaskTemplates": rows, **rest}

    def _template(self, call: Call) -> ConnectResource:
        return self._store.resource(call, KIND, "TaskTemplateId")


def _check(instance: Instance, params: Mapping[str, Any]) -> None:
    """Raises ApiError with everything that is wrong with a template."""
    for member in FLOWS:
        if params.get(member) and bare(params[member]) not in instance.all("contact-flow"):
            raise missing("contact flow", params[member])
    found = list(_faults(params))
    if found:
        raise _wrong(found)


def _faults(params: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    fields: list[Mapping[str, Any]] = list(params["Fields"])
    named = [field["Id"].get("Name") for field in fields]
    types = [field.get("Type") for field in fields]
    required = [one["Id"].get("Name") for one in (params.get("Constraints") or {}).get("RequiredFields") or []]
    if len(named) != len(set(named)):
        yield "Fields", "UNIQUE_CONSTRAINT_VIOLATED", "A field is there twice"
    if types.count("NAME") != 1:
        yield "Fields", "REQUIRED_PROPERTY_MISSING", "Exactly one field of type NAME is required"
    elif named[types.index("NAME")] not in required:
        yield "Constraints.RequiredFields", "REQUIRED_PROPERTY_MISSING", "The field of type NAME must be required"
    if not params.get("ContactFlowId") and "QUICK_CONNECT" not in types:
        yield "ContactFlowId", "REQUIRED_PROPERTY_MISSING", "ContactFlowId or a field of type QUICK_CONNECT is required"
    lists = {**(params.get("Constraints") or {}), **(params.get("Defaults") or {})}
    for member, every in lists.items():
        for one in every or []:
            if (one.get("Id") or {}).get("Name") not in named:
                yield member, "REFERENCED_RESOURCE_NOT_FOUND", f"{member} names a field that is not there"


def _wrong(found: list[tuple[str, str, str]]) -> ApiError:
    rows = [{"PropertyPath": path, "Reason": reason, "Message": said} for path, reason, said in found]
    return ApiError("PropertyValidationException", found[0][2], 400, {"PropertyList": rows})


def _ids(one: ConnectResource) -> dict[str, Any]:
    return {"Id": one.id, "Arn": one.arn}


def _times(one: ConnectResource) -> dict[str, Any]:
    return {"LastModifiedTime": one.changed, "CreatedTime": one.values["Created"]}


def _shown(one: ConnectResource) -> dict[str, Any]:
    return {"InstanceId": one.arn.split("/")[1], **_ids(one), **given(one.values, SAID), **_times(one)}


PART = ConnectPart(lambda site: TaskTemplates(site.store), quotas={KIND: 50})
