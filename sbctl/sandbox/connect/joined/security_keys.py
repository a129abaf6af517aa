"""Keys with which flows encrypt what customers enter: two, so that one can be put in the place of the other.

https://docs.aws.amazon.com/connect/latest/adminguide/encrypt-data.html
"""

from __future__ import annotations

from collections.abc import Mapping

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.store import CONFLICT, ResourceStore
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "security-key"
PEM = "-----BEGIN "


class SecurityKeys:
    """The operations on security keys."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "AssociateSecurityKey": self.associate,
            "DisassociateSecurityKey": self.disassociate,
            "ListSecurityKeys": self.list_all,
        }

    def associate(self, call: Call) -> Answer:
        key = str(call.params["Key"])
        if not key.strip().startswith(PEM):
            raise ApiError("InvalidParameterException", "The key is not in PEM format", 400)
        values = {"Name": key, "CreationTime": self._store.clock.now()}
        return {"AssociationId": self._store.add(self._store.active(call), KIND, values, {}, CONFLICT).id}

    def disassociate(self, call: Call) -> Answer:
        self._store.remove(self._store.active(call), self._store.resource(call, KIND, "AssociationId"))
        return {}

    def list_all(self, call: Call) -> Answer:
        found, rest = page(list(self._store.active(call).all(KIND).values()), call.params, 2)
        rows = [
            {"AssociationId": one.id, "Key": one.values["Name"], "CreationTime": one.values["CreationTime"]}
            for one in found
        ]
        return {"SecurityKeys": rows, **rest}


PART = ConnectPart(lambda site: SecurityKeys(site.store), quotas={KIND: 2})
