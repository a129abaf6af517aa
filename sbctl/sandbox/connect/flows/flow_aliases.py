"""Aliases of flows and modules: names that each point to one version, and can be pointed to another.

An alias answers behind the colon of an id as its version does. The service's pages tell of no quota: one is chosen here.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateContactFlowAlias.html
https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateContactFlowModuleAlias.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sbctl.sandbox.connect.flow_language.qualifier import aliases, named, numbered
from sbctl.sandbox.connect.flows.flow_versions import FLOWS, MODULES, Subject
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.store import ConnectResource, ResourceStore, bare, missing
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

MOST = 100
"""Aliases of one flow or module."""


class Aliases:
    """The operations on aliases of flows, or on those of modules."""

    def __init__(self, store: ResourceStore, subject: Subject) -> None:
        self._store = store
        self._subject = subject
        self._parameter = f"{subject.word}Id"
        self._version = f"{subject.word}Version"

    def operations(self) -> Mapping[str, Operation]:
        word = self._subject.word
        return {
            f"Create{word}Alias": self.create,
            f"Describe{word}Alias": self.describe,
            f"Update{word}Alias": self.update,
            f"Delete{word}Alias": self.delete,
            f"List{word}Aliases": self.list_all,
        }

    def create(self, call: Call) -> Answer:
        resource, params = self._resource(call), call.params
        numbered(resource, params[self._version])
        _unique(resource, params["AliasName"])
        if len(aliases(resource)) >= MOST:
            raise ApiError("LimitExceededException", f"The quota of {MOST} aliases is reached", 429)
        identity = str(uuid4())
        aliases(resource)[identity] = {
            "Id": identity,
            "Name": params["AliasName"],
            "Description": params.get("Description") or None,
            "Version": int(params[self._version]),
            **self._now(call),
        }
        return {f"{self._subject.word}Arn": resource.arn, "Id": identity}

    def describe(self, call: Call) -> Answer:
        resource, alias = self._named(call)
        word = self._subject.word
        shown = {f"{word}Id": resource.id, f"{word}Arn": resource.arn, "AliasId": alias["Id"], **alias}
        del shown["Id"]
        return {f"{word}Alias": shown}

    def update(self, call: Call) -> Answer:
        resource, alias = self._named(call)
        params = call.params
        if params.get(self._version):
            numbered(resource, params[self._version])
        if params.get("Name"):
            _unique(resource, params["Name"], alias["Id"])
        given = {
            "Name": params.get("Name"),
            "Description": params.get("Description"),
            "Version": params.get(self._version),
        }
        alias.update({name: value for name, value in given.items() if value is not None} | self._now(call))
        return {}

    def delete(self, call: Call) -> Answer:
        resource, alias = self._named(call)
        del aliases(resource)[alias["Id"]]
        return {}

    def list_all(self, call: Call) -> Answer:
        resource = self._resource(call)
        found, rest = page(list(aliases(resource).values()), call.params, 1000, 100)
        return {f"{self._subject.word}AliasSummaryList": [self._row(resource, one) for one in found], **rest}

    def _row(self, resource: ConnectResource, alias: Mapping[str, Any]) -> dict[str, Any]:
        region = {"LastModifiedRegion": alias["LastModifiedRegion"]} if self._subject is FLOWS else {}
        return {
            "Arn": f"{resource.arn}:{alias['Id']}",
            "AliasId": alias["Id"],
            "Version": alias["Version"],
            "AliasName": alias["Name"],
            "AliasDescription": alias["Description"] or None,
            "LastModifiedTime": alias["LastModifiedTime"],
            **region,
        }

    def _resource(self, call: Call) -> ConnectResource:
        return named(self._store, call, self._subject.kind, self._parameter).resource

    def _named(self, call: Call) -> tuple[ConnectResource, dict[str, Any]]:
        """The flow or module and the alias that a call names, by the alias's id or ARN."""
        resource = self._resource(call)
        identity = bare(str(call.params["AliasId"])).rpartition(":")[2]
        found = aliases(resource).get(identity)
        if found is None:
            raise missing("alias", identity)
        return resource, found

    def _now(self, call: Call) -> dict[str, Any]:
        return {"LastModifiedTime": self._store.clock.now(), "LastModifiedRegion": call.region}


def _unique(resource: ConnectResource, name: str, but: str = "") -> None:
    if any(alias["Name"] == name and alias["Id"] != but for alias in aliases(resource).values()):
        raise ApiError("DuplicateResourceException", f"An alias with the name {name} exists already", 409)


class _Both:
    """Flows and modules alike."""

    def __init__(self, store: ResourceStore) -> None:
        self._each = [Aliases(store, subject) for subject in (FLOWS, MODULES)]

    def operations(self) -> Mapping[str, Operation]:
        return {name: does for one in self._each for name, does in one.operations().items()}


PART = ConnectPart(lambda site: _Both(site.store), quotas={})
