"""Data tables: made without attributes, which are added. What AWS evaluates when a flow reads a value is not evaluated here.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateDataTable.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sbctl.sandbox.connect.desk.tables import KIND, attributes, check_name, locked, table
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.stamps import given, stamps, summary
from sbctl.sandbox.connect.store import Codes, ConnectResource, ResourceStore
from sbctl.sandbox.quotas.quota import Quota
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

SAID = ("Description", "TimeZone", "ValueLockLevel", "Status")
CODES = Codes(full="ServiceQuotaExceededException")
OF_ONE = 20
"""Attributes of one table. Chosen here: AWS's pages do not say."""


class DataTables:
    """The operations on data tables and their attributes."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateDataTable": self.create,
            "DescribeDataTable": self.describe,
            "DeleteDataTable": self.delete,
            "ListDataTables": self.list_all,
            "CreateDataTableAttribute": self.add_attribute,
            "ListDataTableAttributes": self.list_attributes,
        }

    def create(self, call: Call) -> Answer:
        instance, params = self._store.active(call), call.params
        _check_zone(params["TimeZone"])
        check_name(params["Name"], [str(one.values["Name"]) for one in instance.all(KIND).values()])
        own = {"Lock": 1, "Attributes": {}, "Records": {}, "Created": self._store.clock.now()}
        values = {"Name": params["Name"].strip(), **given(params, SAID), **own}
        made = self._store.add(instance, KIND, values, params.get("Tags") or {}, CODES)
        return {"Id": made.id, "Arn": made.arn, "LockVersion": locked(made)}

    def describe(self, call: Call) -> Answer:
        one = table(self._store, call)
        times = {"CreatedTime": one.values["Created"], "Tags": dict(one.tags), "LockVersion": locked(one)}
        return {"DataTable": {**summary(one), **given(one.values, SAID), **times}}

    def delete(self, call: Call) -> Answer:
        self._store.remove(self._store.active(call), table(self._store, call))
        return {}

    def list_all(self, call: Call) -> Answer:
        found, rest = page(list(self._store.active(call).all(KIND).values()), call.params, 1000, 100)
        return {"DataTableSummaryList": [summary(one) for one in found], **rest}

    def add_attribute(self, call: Call) -> Answer:
        one, params = table(self._store, call), call.params
        known = attributes(one)
        check_name(params["Name"], [*known])
        if len(known) >= OF_ONE:
            raise ApiError("ServiceQuotaExceededException", f"A data table has at most {OF_ONE} attributes", 402)
        name, identity = params["Name"].strip(), str(uuid4())
        said = given(params, ("ValueType", "Description", "Validation"))
        made = {**said, "Name": name, "AttributeId": identity, "Primary": bool(params.get("Primary")), "Lock": 1}
        self._store.change(one, Attributes={**known, name: made}, Lock=one.values["Lock"] + 1)
        return {"Name": name, "AttributeId": identity, "LockVersion": locked(one, attribute=1)}

    def list_attributes(self, call: Call) -> Answer:
        one, wanted = table(self._store, call), call.params.get("AttributeIds")
        every = [row for row in attributes(one).values() if not wanted or row["AttributeId"] in wanted]
        found, rest = page(every, call.params, 1000, 100)
        return {"Attributes": [_attribute(one, row) for row in found], **rest}


def _attribute(one: ConnectResource, row: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in row.items() if name != "Lock"}
    place = {"DataTableId": one.id, "DataTableArn": one.arn, "LockVersion": locked(one, attribute=row["Lock"])}
    return {**said, **place, **stamps(one)}


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise ApiError("InvalidParameterException", f"{name} is not a time zone", 400) from error


PART = ConnectPart(
    lambda site: DataTables(site.store),
    quotas={KIND: 100},
    told=(Quota("connect", "L-D492D362", "Data tables per instance", 100.0, "AWS::Connect::Instance", KIND),),
)
