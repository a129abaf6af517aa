"""Which flow answers what: telephone numbers, and by AssociateFlow what other services have (texts, e-mail, WhatsApp).

https://docs.aws.amazon.com/connect/latest/APIReference/API_ListFlowAssociations.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.numbers.book import flow_of, is_ready, numbers
from sbctl.sandbox.connect.numbers.targets import named
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.store import ConnectResource, Instance, ResourceStore, bare, missing
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "flow-association"
VOICE = "VOICE_PHONE_NUMBER"
FLOW = "contact-flow"


class FlowAssociations:
    """The operations that join flows to what they answer. What other services have is taken as it is named."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "AssociatePhoneNumberContactFlow": self.associate_number,
            "DisassociatePhoneNumberContactFlow": self.disassociate_number,
            "AssociateFlow": self.associate,
            "DisassociateFlow": self.disassociate,
            "GetFlowAssociation": self.get,
            "ListFlowAssociations": self.list_all,
            "BatchGetFlowAssociation": self.get_many,
        }

    def associate_number(self, call: Call) -> Answer:
        """A number that has a flow gets the new one."""
        instance, one = self._store.active(call), named(self._store, call)
        if one.target != instance.arn:
            raise missing("phone number of the instance", one.id)
        if not is_ready(self._store, one):
            raise ApiError("InvalidParameterException", f"The phone number {one.number} is not claimed yet", 400)
        one.flows[instance.id] = self._flow(instance, call.params["ContactFlowId"])
        return {}

    def disassociate_number(self, call: Call) -> Answer:
        instance, one = self._store.active(call), named(self._store, call)
        if one.target != instance.arn:
            raise missing("phone number of the instance", one.id)
        one.flows.pop(instance.id, None)
        return {}

    def associate(self, call: Call) -> Answer:
        instance, params = self._store.active(call), call.params
        flow = self._flow(instance, params["FlowId"])
        known = self._found(instance, params["ResourceId"], params["ResourceType"])
        if known is not None:
            self._store.change(known, FlowId=flow)
            return {}
        values = {"Name": params["ResourceId"], "ResourceType": params["ResourceType"], "FlowId": flow}
        self._store.put(instance, KIND, values, {})
        return {}

    def disassociate(self, call: Call) -> Answer:
        self._store.remove(self._store.active(call), self._association(call))
        return {}

    def get(self, call: Call) -> Answer:
        return _row(self._store.active(call), self._association(call))

    def list_all(self, call: Call) -> Answer:
        found, rest = page(self._all(self._store.active(call), call.params), call.params, 1000, 100)
        return {"FlowAssociationSummaryList": found, **rest}

    def get_many(self, call: Call) -> Answer:
        """What has no flow is left out."""
        wanted = set(call.params["ResourceIds"])
        every = self._all(self._store.active(call), call.params)
        return {"FlowAssociationSummaryList": [one for one in every if one["ResourceId"] in wanted]}

    def _all(self, instance: Instance, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        flows = instance.all(FLOW)
        answered = ((one, flow_of(self._store, one, instance)) for one in numbers(self._store))
        voice = [_said(one.arn, flows[flow].arn, VOICE) for one, flow in answered if flow]
        every = [*voice, *(_row(instance, one) for one in instance.all(KIND).values() if one.values["FlowId"] in flows)]
        return [one for one in every if params.get("ResourceType") in (None, one["ResourceType"])]

    def _flow(self, instance: Instance, flow: str) -> str:
        found = bare(flow).partition(":")[0]
        if found not in instance.all(FLOW):
            raise missing(FLOW, found)
        return found

    def _association(self, call: Call) -> ConnectResource:
        instance, params = self._store.active(call), call.params
        found = self._found(instance, params["ResourceId"], params["ResourceType"])
        if found is None or found.values["FlowId"] not in instance.all(FLOW):
            raise missing("flow association", str(params["ResourceId"]))
        return found

    def _found(self, instance: Instance, resource: str, kind: str) -> ConnectResource | None:
        every = instance.all(KIND).values()
        same = (one for one in every if (one.values["Name"], one.values["ResourceType"]) == (resource, kind))
        return next(same, None)


def _row(instance: Instance, one: ConnectResource) -> dict[str, Any]:
    return _said(one.values["Name"], instance.all(FLOW)[one.values["FlowId"]].arn, one.values["ResourceType"])


def _said(resource: str, flow: str, kind: str) -> dict[str, Any]:
    return {"ResourceId": resource, "FlowId": flow, "ResourceType": kind}


PART = ConnectPart(lambda site: FlowAssociations(site.store), quotas={KIND: 1000})
