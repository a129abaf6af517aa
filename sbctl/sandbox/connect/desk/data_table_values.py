"""The values of data tables, each of a record, which primary values tell apart, and an attribute.

https://docs.aws.amazon.com/connect/latest/APIReference/API_BatchCreateDataTableValue.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sbctl.sandbox.connect.desk.tables import Row, attributes, fault, locked, records, table
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.stamps import region_of
from sbctl.sandbox.connect.store import ConnectResource, ResourceStore
from sbctl.sandbox.service import Answer, Call, Operation


class DataTableValues:
    """The operations on values."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "BatchCreateDataTableValue": self.create,
            "ListDataTableValues": self.list_values,
            "ListDataTablePrimaryValues": self.list_primary,
        }

    def create(self, call: Call) -> Answer:
        """Each value by itself: those that cannot be kept are told beside those that are."""
        one = table(self._store, call)
        done: list[Row] = []
        failed: list[Row] = []
        for wanted in call.params["Values"]:
            primary = {pair["AttributeName"]: pair["Value"] for pair in wanted.get("PrimaryValues") or []}
            said = {"PrimaryValues": wanted.get("PrimaryValues") or [], "AttributeName": wanted["AttributeName"]}
            why = _why_not(one, primary, wanted)
            if why:
                failed.append({**said, "Message": why})
                continue
            identity, record = self._record(one, primary)
            record["Values"][wanted["AttributeName"]] = {
                "Value": wanted["Value"],
                "Lock": 1,
                "Changed": self._store.clock.now(),
            }
            done.append({**said, "RecordId": identity, "LockVersion": locked(one, record=record["Lock"], value=1)})
        return {"Successful": done, "Failed": failed}

    def _record(self, one: ConnectResource, primary: Mapping[str, str]) -> tuple[str, Row]:
        """The record of these primary values, made if it is not there."""
        found = _found(one, primary)
        identity = found or str(uuid4())
        record = records(one).setdefault(identity, {"Primary": dict(primary), "Values": {}, "Lock": 0})
        record["Lock"] += 1
        return identity, record

    def list_values(self, call: Call) -> Answer:
        one = table(self._store, call)
        every = [
            (identity, record, name)
            for identity, record in _wanted(one, call.params)
            for name in record["Values"]
            if name in attributes(one)
        ]
        found, rest = page(every, call.params, 1000, 100)
        return {"Values": [_value(one, *row) for row in found], **rest}

    def list_primary(self, call: Call) -> Answer:
        one = table(self._store, call)
        found, rest = page(_wanted(one, call.params), call.params, 100)
        rows = [{"RecordId": identity, "PrimaryValues": _primary(one, record)} for identity, record in found]
        return {"PrimaryValuesList": rows, **rest}


def _why_not(one: ConnectResource, primary: Mapping[str, str], wanted: Mapping[str, Any]) -> str:
    known, name = attributes(one), wanted["AttributeName"]
    needed = {key for key, row in known.items() if row["Primary"]}
    if name not in known or known[name]["Primary"]:
        return f"{name} is no attribute that has values"
    if primary and set(primary) != needed:
        return "Every primary attribute needs a value, and no other has one here"
    of = [(known[key], value) for key, value in primary.items()]
    for row, value in (*of, (known[name], wanted["Value"])):
        why = fault(row["ValueType"], row.get("Validation") or {}, value)
        if why:
            return why
    found = _found(one, primary)
    return "The value is there already" if found and name in records(one)[found]["Values"] else ""


def _found(one: ConnectResource, primary: Mapping[str, str]) -> str:
    return next((identity for identity, record in records(one).items() if record["Primary"] == primary), "")


def _wanted(one: ConnectResource, params: Mapping[str, Any]) -> list[tuple[str, Row]]:
    ids, narrowed = params.get("RecordIds"), params.get("PrimaryAttributeValues") or []
    return [
        (identity, record)
        for identity, record in records(one).items()
        if (not ids or identity in ids)
        and all(record["Primary"].get(pair["AttributeName"]) in pair["Values"] for pair in narrowed)
    ]


def _primary(one: ConnectResource, record: Row) -> list[Row]:
    known = attributes(one)
    return [
        {"AttributeName": name, "AttributeId": known[name]["AttributeId"], "Value": value}
        for name, value in record["Primary"].items()
    ]


def _value(one: ConnectResource, identity: str, record: Row, name: str) -> Row:
    attribute, value = attributes(one)[name], record["Values"][name]
    return {
        "RecordId": identity,
        "AttributeId": attribute["AttributeId"],
        "PrimaryValues": _primary(one, record),
        "AttributeName": name,
        "ValueType": attribute["ValueType"],
        "Value": value["Value"],
        "LockVersion": locked(one, attribute["Lock"], record["Lock"], value["Lock"]),
        "LastModifiedTime": value["Changed"],
        "LastModifiedRegion": region_of(one.arn),
    }


PART = ConnectPart(lambda site: DataTableValues(site.store), quotas={})
