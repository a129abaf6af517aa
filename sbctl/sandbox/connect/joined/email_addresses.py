"""E-mail addresses of an instance. Their domains are not looked at, and no e-mail is sent.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateEmailAddress.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.idempotency import once
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.search import Terms, chosen
from sbctl.sandbox.connect.stamps import given
from sbctl.sandbox.connect.store import Codes, ConnectResource, Instance, ResourceStore
from sbctl.sandbox.quotas.quota import Quota
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "email-address"
CODES = Codes(full="ServiceQuotaExceededException")
SAID = ("DisplayName", "Description")


class EmailAddresses:
    """The operations on e-mail addresses."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateEmailAddress": self.create,
            "DescribeEmailAddress": self.describe,
            "UpdateEmailAddressMetadata": self.update,
            "DeleteEmailAddress": self.delete,
            "SearchEmailAddresses": self.search,
        }

    def create(self, call: Call) -> Answer:
        params = call.params

        def make(instance: Instance) -> ConnectResource:
            values = {"Name": params["EmailAddress"], **given(params, SAID), "Created": self._store.clock.now()}
            return self._store.add(instance, KIND, values, params.get("Tags") or {}, CODES)

        return _ids(once(self._store, call, KIND, make))

    def describe(self, call: Call) -> Answer:
        found = self._store.resource(call, KIND, "EmailAddressId")
        created, changed = found.values["Created"], found.changed or found.values["Created"]
        times = {"CreateTimestamp": created.isoformat(), "ModifiedTimestamp": changed.isoformat()}
        return {**_row(found), **times, "Tags": dict(found.tags)}

    def update(self, call: Call) -> Answer:
        found = self._store.resource(call, KIND, "EmailAddressId")
        self._store.change(found, **given(call.params, SAID))
        return _ids(found)

    def delete(self, call: Call) -> Answer:
        instance, found = self._store.active(call), self._store.resource(call, KIND, "EmailAddressId")
        if any(found.id in (queue.values.get("EmailAddressIds") or []) for queue in instance.all("queue").values()):
            raise ApiError("ResourceConflictException", "A queue has the e-mail address", 409)
        self._store.remove(instance, found)
        return {}

    def search(self, call: Call) -> Answer:
        every = chosen(self._store.searched(self._store.active(call), KIND), call.params, Terms(_texts))
        found, rest = page(every, call.params, 100)
        return {"EmailAddresses": [_row(one) for one in found], "ApproximateTotalCount": len(every), **rest}


def _texts(one: ConnectResource, field: str) -> tuple[str, ...]:
    known = {"displayname": "DisplayName", "description": "Description"}
    return (str(one.values.get(known.get(field.lower(), "Name")) or ""),)


def _ids(one: ConnectResource) -> dict[str, Any]:
    return {"EmailAddressId": one.id, "EmailAddressArn": one.arn}


def _row(one: ConnectResource) -> dict[str, Any]:
    return {**_ids(one), "EmailAddress": one.values["Name"], **given(one.values, SAID)}


PART = ConnectPart(
    lambda site: EmailAddresses(site.store),
    quotas={KIND: 100},
    told=(Quota("connect", "L-F4C86B27", "Email addresses per instance", 100.0, "AWS::Connect::Instance", KIND),),
)
