"""Rules: what is done when a contact meets a condition. Conditions are kept as they come; no rule ever runs here.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateRule.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sbctl.sandbox.connect.idempotency import once
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.stamps import given
from sbctl.sandbox.connect.store import CONFLICT, ConnectResource, Instance, ResourceStore, bare, missing
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "rule"
MEMBERS = {
    "CREATE_TASK": "TaskAction",
    "GENERATE_EVENTBRIDGE_EVENT": "EventBridgeAction",
    "ASSIGN_CONTACT_CATEGORY": "AssignContactCategoryAction",
    "SEND_NOTIFICATION": "SendNotificationAction",
    "CREATE_CASE": "CreateCaseAction",
    "UPDATE_CASE": "UpdateCaseAction",
    "ASSIGN_SLA": "AssignSlaAction",
    "END_ASSOCIATED_TASKS": "EndAssociatedTasksAction",
    "END_ASSOCIATED_EMAILS": "EndAssociatedEmailsAction",
    "SUBMIT_AUTO_EVALUATION": "SubmitAutoEvaluationAction",
}
"""Type of an action → the member that says how it is done."""
SAID = ("Name", "Function", "Actions", "PublishStatus", "PreEvaluationFilters")


class Rules:
    """The operations on rules."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateRule": self.create,
            "DescribeRule": self.describe,
            "UpdateRule": self.update,
            "DeleteRule": self.delete,
            "ListRules": self.list_all,
        }

    def create(self, call: Call) -> Answer:
        params = call.params

        def make(instance: Instance) -> ConnectResource:
            _check(instance, params["Actions"])
            values = {**given(params, (*SAID, "TriggerEventSource")), "Created": self._store.clock.now()}
            return self._store.add(instance, KIND, values, params.get("Tags") or {}, CONFLICT)

        made = once(self._store, call, KIND, make)
        return {"RuleArn": made.arn, "RuleId": made.id}

    def describe(self, call: Call) -> Answer:
        found = self._store.resource(call, KIND, "RuleId")
        said = given(found.values, (*SAID, "TriggerEventSource"))
        who = {"LastUpdatedBy": f"arn:aws:iam::{self._store.account}:root", "Tags": dict(found.tags)}
        return {"Rule": {"RuleId": found.id, "RuleArn": found.arn, **said, **_times(found), **who}}

    def update(self, call: Call) -> Answer:
        """All of it at once; what sets it off is never changed."""
        instance, found = self._store.active(call), self._store.resource(call, KIND, "RuleId")
        _check(instance, call.params["Actions"])
        self._store.unique(instance, KIND, call.params["Name"], found.id, CONFLICT.taken)
        self._store.change(found, **given(call.params, SAID))
        return {}

    def delete(self, call: Call) -> Answer:
        self._store.remove(self._store.active(call), self._store.resource(call, KIND, "RuleId"))
        return {}

    def list_all(self, call: Call) -> Answer:
        status, source = call.params.get("PublishStatus"), call.params.get("EventSourceName")
        every = [
            one
            for one in self._store.active(call).all(KIND).values()
            if status in (None, one.values["PublishStatus"]) and source in (None, _source(one))
        ]
        found, rest = page(every, call.params, 200)
        return {"RuleSummaryList": [_row(one) for one in found], **rest}


def _check(instance: Instance, actions: Sequence[Mapping[str, Any]]) -> None:
    for action in actions:
        member = MEMBERS.get(action["ActionType"])
        if member is not None and action.get(member) is None:
            raise ApiError("InvalidRequestException", f"{member} is required with {action['ActionType']}", 400)
        flow = (action.get("TaskAction") or {}).get("ContactFlowId")
        if flow and bare(flow) not in instance.all("contact-flow"):
            raise missing("contact flow", flow)


def _source(one: ConnectResource) -> str:
    return str(one.values["TriggerEventSource"]["EventSourceName"])


def _times(one: ConnectResource) -> dict[str, Any]:
    return {"CreatedTime": one.values["Created"], "LastUpdatedTime": one.changed}


def _row(one: ConnectResource) -> dict[str, Any]:
    return {
        "Name": one.values["Name"],
        "RuleId": one.id,
        "RuleArn": one.arn,
        "EventSourceName": _source(one),
        "PublishStatus": one.values["PublishStatus"],
        "ActionSummaries": [{"ActionType": action["ActionType"]} for action in one.values["Actions"]],
        **_times(one),
    }


PART = ConnectPart(lambda site: Rules(site.store), quotas={KIND: 200})
