"""Which resources of other services an instance works with. Whether one exists is not looked at.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateIntegrationAssociation.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.stamps import given, stamps
from sbctl.sandbox.connect.store import Codes, ConnectResource, ResourceStore
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "integration-association"
CODES = Codes(full="InvalidRequestException")
"""AWS models no other error for one too many."""
OF_EVENTS = ("SourceApplicationUrl", "SourceApplicationName", "SourceType")
SAID = ("IntegrationType", "IntegrationArn", *OF_EVENTS)


class Integrations:
    """The operations on integration associations."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateIntegrationAssociation": self.create,
            "DeleteIntegrationAssociation": self.delete,
            "ListIntegrationAssociations": self.list_all,
        }

    def create(self, call: Call) -> Answer:
        params = call.params
        lacks = [name for name in OF_EVENTS if not params.get(name)]
        if params["IntegrationType"] == "EVENT" and lacks:
            raise ApiError("InvalidRequestException", f"{lacks[0]} is required with the integration type EVENT", 400)
        if not str(params["IntegrationArn"]).startswith("arn:"):
            raise ApiError("InvalidRequestException", f"{params['IntegrationArn']} is not an ARN", 400)
        values = {"Name": f"{params['IntegrationType']} {params['IntegrationArn']}", **given(params, SAID)}
        made = self._store.add(self._store.active(call), KIND, values, params.get("Tags") or {}, CODES)
        return {"IntegrationAssociationId": made.id, "IntegrationAssociationArn": made.arn}

    def delete(self, call: Call) -> Answer:
        found = self._store.resource(call, KIND, "IntegrationAssociationId")
        self._store.remove(self._store.active(call), found)
        return {}

    def list_all(self, call: Call) -> Answer:
        wanted = given(call.params, ("IntegrationType", "IntegrationArn"))
        every = self._store.active(call).all(KIND).values()
        fitting = [one for one in every if all(one.values[name] == value for name, value in wanted.items())]
        found, rest = page(fitting, call.params, 100)
        return {"IntegrationAssociationSummaryList": [_row(one) for one in found], **rest}


def _row(one: ConnectResource) -> dict[str, Any]:
    return {
        "IntegrationAssociationId": one.id,
        "IntegrationAssociationArn": one.arn,
        "InstanceId": one.arn.split("/")[1],
        **given(one.values, SAID),
        **stamps(one),
    }


PART = ConnectPart(lambda site: Integrations(site.store), quotas={KIND: 100})
