"""Which sites may embed the agents' application. https://docs.aws.amazon.com/connect/latest/adminguide/app-integration.html"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.store import CONFLICT, ResourceStore, missing
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "approved-origin"
FORM = re.compile(r"https?://[^/?#\s]+/?")


class Origins:
    """The operations on approved origins."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "AssociateApprovedOrigin": self.associate,
            "DisassociateApprovedOrigin": self.disassociate,
            "ListApprovedOrigins": self.list_all,
        }

    def associate(self, call: Call) -> Answer:
        origin = str(call.params["Origin"])
        if not FORM.fullmatch(origin):
            raise ApiError("InvalidParameterException", f"{origin} is not the address of a site", 400)
        self._store.add(self._store.active(call), KIND, {"Name": origin}, {}, CONFLICT)
        return {}

    def disassociate(self, call: Call) -> Answer:
        instance, origin = self._store.active(call), call.params["Origin"]
        found = next((one for one in instance.all(KIND).values() if one.values["Name"] == origin), None)
        if found is None:
            raise missing("approved origin", str(origin))
        self._store.remove(instance, found)
        return {}

    def list_all(self, call: Call) -> Answer:
        every = [one.values["Name"] for one in self._store.active(call).all(KIND).values()]
        found, rest = page(every, call.params, 25)
        return {"Origins": found, **rest}


PART = ConnectPart(lambda site: Origins(site.store), quotas={KIND: 100})
