"""Contact flows: published content is validated as AWS validates it, drafts are not.

A flow holds two contents: what was published last, and its draft, which is at least as new. Both are read and written by the
flow's id: the draft behind `:$SAVED`, the published content plain or behind `:$LATEST`. Behind a number stands a version.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateContactFlow.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.flow_language.document import NO_JSON, Published, is_json, problems
from sbctl.sandbox.connect.flow_language.qualifier import named, sha, version, writable
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.search import chosen
from sbctl.sandbox.connect.store import ConnectResource, ResourceStore
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "contact-flow"
EMPTY = (
    '{"Version":"2019-10-30","StartAction":"end","Metadata":{},"Actions":'
    '[{"Identifier":"end","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}'
)


class Flows:
    """The operations on contact flows."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateContactFlow": self.create,
            "DescribeContactFlow": self.describe,
            "UpdateContactFlowContent": self.update_content,
            "UpdateContactFlowMetadata": self.update_metadata,
            "UpdateContactFlowName": self.update_metadata,
            "DeleteContactFlow": self.delete,
            "ListContactFlows": self.list_all,
            "SearchContactFlows": self.search,
        }

    def create(self, call: Call) -> Answer:
        instance, params = self._store.active(call), call.params
        status = params.get("Status") or "PUBLISHED"
        _check(params["Content"], Published(params["Name"], instance, params["Type"]), is_draft=status == "SAVED")
        values = {
            "Name": params["Name"],
            "Type": params["Type"],
            "Description": params.get("Description"),
            "State": "ACTIVE",
            "Draft": params["Content"],
            "Content": params["Content"] if status == "PUBLISHED" else None,
        }
        resource = self._store.add(instance, KIND, values, params.get("Tags") or {})
        return {
            "ContactFlowId": resource.id,
            "ContactFlowArn": resource.arn,
            "FlowContentSha256": sha(params["Content"]),
        }

    def describe(self, call: Call) -> Answer:
        found = named(self._store, call, KIND, "ContactFlowId")
        if not (found.is_draft or found.is_latest):
            return {"ContactFlow": _version(found.resource, version(found))}
        if found.is_latest and _content(found.resource) is None:
            raise ApiError("ContactFlowNotPublishedException", "The contact flow has not been published.", 404)
        return {"ContactFlow": _shown(found.resource, draft=found.is_draft)}

    def update_content(self, call: Call) -> Answer:
        instance, found = self._store.active(call), writable(self._store, call, KIND, "ContactFlowId")
        content = call.params["Content"]
        published = Published(found.resource.values["Name"], instance, _type(found.resource))
        _check(content, published, is_draft=found.is_draft)
        self._store.change(found.resource, Draft=content, Content=None if found.is_draft else content)
        return {}

    def update_metadata(self, call: Call) -> Answer:
        resource = writable(self._store, call, KIND, "ContactFlowId").resource
        if call.params.get("Name"):
            self._store.unique(self._store.active(call), KIND, call.params["Name"], resource.id)
        state = call.params.get("ContactFlowState")
        description = call.params.get("Description")
        self._store.change(resource, Name=call.params.get("Name"), Description=description, State=state)
        return {}

    def delete(self, call: Call) -> Answer:
        found = writable(self._store, call, KIND, "ContactFlowId")
        self._store.remove(self._store.active(call), found.resource)
        return {}

    def list_all(self, call: Call) -> Answer:
        types = call.params.get("ContactFlowTypes")
        every = [t for t in self._store.active(call).all(KIND).values() if not types or _type(t) in types]
        found, rest = page(every, call.params, 1000, 100)
        rows = [
            {
                "Id": resource.id,
                "Arn": resource.arn,
                "Name": resource.values["Name"],
                "ContactFlowType": _type(resource),
                "ContactFlowState": resource.values.get("State") or "ACTIVE",
                "ContactFlowStatus": _status(resource),
            }
            for resource in found
        ]
        return {"ContactFlowSummaryList": rows, **rest}

    def search(self, call: Call) -> Answer:
        every = chosen(self._store.searched(self._store.active(call), KIND), call.params)
        found, rest = page(every, call.params, 100)
        shown = [_shown(resource, draft=_content(resource) is None) for resource in found]
        return {"ContactFlows": shown, "ApproximateTotalCount": len(every), **rest}


def _check(content: str, published: Published, *, is_draft: bool) -> None:
    """Drafts need only be JSON."""
    drafted = [] if is_json(content) else [NO_JSON]
    found = drafted if is_draft else problems(content, published)
    if found:
        members = {"problems": [{"message": text[:256]} for text in found[:50]]}
        raise ApiError("InvalidContactFlowException", "", 400, members)


def _content(resource: ConnectResource) -> str | None:
    found = resource.values.get("Content")
    return str(found) if found is not None else None


def _type(resource: ConnectResource) -> str:
    return str(resource.values.get("Type") or "CONTACT_FLOW")


def _status(resource: ConnectResource) -> str:
    return "PUBLISHED" if _content(resource) is not None else "SAVED"


def _shown(resource: ConnectResource, *, draft: bool) -> dict[str, Any]:
    content = resource.values.get("Draft") if draft else _content(resource)
    return {
        "Id": resource.id,
        "Arn": resource.arn,
        "Name": resource.values["Name"],
        "Type": _type(resource),
        "State": resource.values.get("State") or "ACTIVE",
        "Status": "SAVED" if draft else "PUBLISHED",
        "Description": resource.values.get("Description") or None,
        "Content": content or EMPTY,
        "FlowContentSha256": sha(content or EMPTY),
        "Tags": dict(resource.tags),
        "LastModifiedTime": resource.changed,
    }


def _version(resource: ConnectResource, one: Mapping[str, Any]) -> dict[str, Any]:
    """A version as it is shown: what was published then, under what the flow is called today."""
    names = ("Version", "VersionDescription", "Content", "LastModifiedTime", "LastModifiedRegion")
    shown = _shown(resource, draft=False) | {name: one[name] for name in names}
    return shown | {"FlowContentSha256": sha(shown["Content"])}


PART = ConnectPart(
    lambda site: Flows(site.store),
    quotas={KIND: 1000},
)
"""Quotas as AWS's defaults, but increased for queues, flows and hours (100 each on a new account).

https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html
"""
