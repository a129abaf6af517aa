"""Agent statuses: two that are always there, and those of one's own, which are disabled but never deleted.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateAgentStatus.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.search import chosen
from sbctl.sandbox.connect.stamps import given, stamps, summary
from sbctl.sandbox.connect.store import ConnectResource, ResourceStore
from sbctl.sandbox.quotas.quota import Quota
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "agent-state"
"""As ARNs of agent statuses have it."""
SAID = ("Name", "Description", "State", "DisplayOrder")


class AgentStatuses:
    """The operations on agent statuses."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateAgentStatus": self.create,
            "DescribeAgentStatus": self.describe,
            "UpdateAgentStatus": self.update,
            "ListAgentStatuses": self.list_all,
            "SearchAgentStatuses": self.search,
        }

    def create(self, call: Call) -> Answer:
        values = {**given(call.params, SAID), "Type": "CUSTOM"}
        made = self._store.add(self._store.active(call), KIND, values, call.params.get("Tags") or {})
        return {"AgentStatusId": made.id, "AgentStatusARN": made.arn}

    def describe(self, call: Call) -> Answer:
        return {"AgentStatus": _shown(self._store.resource(call, KIND, "AgentStatusId"))}

    def update(self, call: Call) -> Answer:
        found, params = self._store.resource(call, KIND, "AgentStatusId"), call.params
        if found.values["Type"] != "CUSTOM" and params.get("State") == "DISABLED":
            raise ApiError("InvalidRequestException", f"The status {found.values['Name']} cannot be disabled", 400)
        if params.get("ResetOrderNumber") and params.get("DisplayOrder") is not None:
            raise ApiError("InvalidParameterException", "DisplayOrder and ResetOrderNumber cannot both be set", 400)
        if params.get("Name"):
            self._store.unique(self._store.active(call), KIND, params["Name"], found.id)
        self._store.change(found, **given(params, SAID))
        if params.get("ResetOrderNumber"):
            found.values.pop("DisplayOrder", None)
        return {}

    def list_all(self, call: Call) -> Answer:
        types = call.params.get("AgentStatusTypes") or ("ROUTABLE", "CUSTOM", "OFFLINE")
        every = [one for one in self._store.active(call).all(KIND).values() if one.values["Type"] in types]
        found, rest = page(every, call.params, 1000, 100)
        return {"AgentStatusSummaryList": [{**summary(one), "Type": one.values["Type"]} for one in found], **rest}

    def search(self, call: Call) -> Answer:
        every = chosen(self._store.searched(self._store.active(call), KIND), call.params)
        found, rest = page(every, call.params, 100)
        return {"AgentStatuses": [_shown(one) for one in found], "ApproximateTotalCount": len(every), **rest}


def _shown(one: ConnectResource) -> dict[str, Any]:
    values = {**given(one.values, SAID), "Description": one.values.get("Description") or None}
    named = {"AgentStatusId": one.id, "AgentStatusARN": one.arn}
    return {**named, **values, "Type": one.values["Type"], "Tags": dict(one.tags), **stamps(one)}


PART = ConnectPart(
    lambda site: AgentStatuses(site.store),
    quotas={KIND: 50},
    told=(Quota("connect", "L-D945C9A8", "Agent status per instance", 50.0, "AWS::Connect::Instance", KIND),),
)
