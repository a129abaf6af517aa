"""Contact flows: published content is validated as AWS validates it, drafts are not.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateContactFlow.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.flow_validation import problems
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.search import chosen
from sbctl.sandbox.connect.store import Estate, Instance, Thing
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "contact-flow"
DRAFT = ":$SAVED"
EMPTY = (
    '{"Version":"2019-10-30","StartAction":"end","Metadata":{},"Actions":'
    '[{"Identifier":"end","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}'
)


class Flows:
    """The operations on contact flows."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate

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
        instance, params = self._estate.active(call), call.params
        status = params.get("Status") or "PUBLISHED"
        if status == "PUBLISHED":
            _validate(instance, params["Content"], params["Type"])
        values = {
            "Name": params["Name"],
            "Type": params["Type"],
            "Description": params.get("Description"),
            "State": "ACTIVE",
            "Draft": params["Content"],
            "Content": params["Content"] if status == "PUBLISHED" else None,
        }
        thing = self._estate.add(instance, KIND, values, params.get("Tags") or {})
        return {"ContactFlowId": thing.id, "ContactFlowArn": thing.arn, "FlowContentSha256": _sha(params["Content"])}

    def describe(self, call: Call) -> Answer:
        thing = self._estate.thing(call, KIND, "ContactFlowId")
        draft = str(call.params["ContactFlowId"]).endswith(DRAFT)
        if not draft and _content(thing) is None:
            raise ApiError("ContactFlowNotPublishedException", "The contact flow has not been published.", 404)
        return {"ContactFlow": _shown(thing, draft=draft)}

    def update_content(self, call: Call) -> Answer:
        instance, thing = self._estate.active(call), self._estate.thing(call, KIND, "ContactFlowId")
        content = call.params["Content"]
        if str(call.params["ContactFlowId"]).endswith(DRAFT):
            self._estate.change(thing, Draft=content)
        else:
            _validate(instance, content, _type(thing))
            self._estate.change(thing, Draft=content, Content=content)
        return {}

    def update_metadata(self, call: Call) -> Answer:
        thing = self._estate.thing(call, KIND, "ContactFlowId")
        if call.params.get("Name"):
            self._estate.unique(self._estate.active(call), KIND, call.params["Name"], thing.id)
        state = call.params.get("ContactFlowState")
        description = call.params.get("Description")
        self._estate.change(thing, Name=call.params.get("Name"), Description=description, State=state)
        return {}

    def delete(self, call: Call) -> Answer:
        self._estate.remove(self._estate.active(call), self._estate.thing(call, KIND, "ContactFlowId"))
        return {}

    def list_all(self, call: Call) -> Answer:
        types = call.params.get("ContactFlowTypes")
        every = [t for t in self._estate.active(call).all(KIND).values() if not types or _type(t) in types]
        found, rest = page(every, call.params, 1000, 100)
        rows = [
            {
                "Id": thing.id,
                "Arn": thing.arn,
                "Name": thing.values["Name"],
                "ContactFlowType": _type(thing),
                "ContactFlowState": thing.values.get("State") or "ACTIVE",
                "ContactFlowStatus": _status(thing),
            }
            for thing in found
        ]
        return {"ContactFlowSummaryList": rows, **rest}

    def search(self, call: Call) -> Answer:
        every = chosen(self._estate.searched(self._estate.active(call), KIND), call.params)
        found, rest = page(every, call.params, 100)
        shown = [_shown(thing, draft=_content(thing) is None) for thing in found]
        return {"ContactFlows": shown, "ApproximateTotalCount": len(every), **rest}


def _validate(instance: Instance, content: str, flow_type: str) -> None:
    found = problems(content, instance, flow_type)
    if found:
        members = {"problems": [{"message": text[:256]} for text in found[:50]]}
        raise ApiError("InvalidContactFlowException", "", 400, members)


def _content(thing: Thing) -> str | None:
    found = thing.values.get("Content")
    return str(found) if found is not None else None


def _type(thing: Thing) -> str:
    return str(thing.values.get("Type") or "CONTACT_FLOW")


def _status(thing: Thing) -> str:
    return "PUBLISHED" if _content(thing) is not None else "SAVED"


def _shown(thing: Thing, *, draft: bool) -> dict[str, Any]:
    content = thing.values.get("Draft") if draft else _content(thing)
    return {
        "Id": thing.id,
        "Arn": thing.arn,
        "Name": thing.values["Name"],
        "Type": _type(thing),
        "State": thing.values.get("State") or "ACTIVE",
        "Status": _status(thing),
        "Description": thing.values.get("Description") or None,
        "Content": content or EMPTY,
        "FlowContentSha256": _sha(content or EMPTY),
        "Tags": dict(thing.tags),
        "LastModifiedTime": thing.changed,
    }


def _sha(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


PART = ConnectPart(
    lambda site: Flows(site.estate),
    quotas={KIND: 1000},
)
"""Quotas as AWS's defaults, but increased for queues, flows and hours (100 each on a new account).

https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html
"""
