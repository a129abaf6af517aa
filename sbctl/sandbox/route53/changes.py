"""Record sets: changed in batches of which all or nothing is done, and listed in Route 53's order.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sbctl.sandbox.route53.batch import Batch
from sbctl.sandbox.route53.names import normal, sort_key
from sbctl.sandbox.route53.paging import max_items
from sbctl.sandbox.route53.record_rules import form_faults, normalised
from sbctl.sandbox.route53.store import CHANGE_PREFIX, Record, ZoneStore, key_of
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

PAGE = 300


class Changes:
    """The operations on record sets and on changes."""

    def __init__(self, store: ZoneStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "ChangeResourceRecordSets": self.change,
            "ListResourceRecordSets": self.list_all,
            "GetChange": self.get,
        }

    def change(self, call: Call) -> Answer:
        zone, batch = self._store.zone(call.params["HostedZoneId"]), call.params["ChangeBatch"]
        changes = [(one["Action"], normalised(one["ResourceRecordSet"])) for one in batch["Changes"]]
        self._refuse_malformed(changes)
        tried = Batch(zone, self._store.zones)
        for action, record in changes:
            tried.apply(action, record)
        faults = tried.faults()
        if faults:
            raise ApiError("InvalidChangeBatch", f"[{', '.join(faults)}]", 400, {"messages": faults})
        zone.records = tried.after
        return {"ChangeInfo": self._store.changed(batch.get("Comment"))}

    def _refuse_malformed(self, changes: Sequence[tuple[str, Record]]) -> None:
        found = [fault for action, record in changes for fault in form_faults(action, record)]
        if found:
            raise ApiError("InvalidInput", f"Invalid request: {', '.join(found)}")
        for action, record in changes:
            if action != "DELETE" and "HealthCheckId" in record:
                self._store.check(record["HealthCheckId"])

    def list_all(self, call: Call) -> Answer:
        params, size = call.params, max_items(call.params, PAGE)
        zone, start = self._store.zone(params["HostedZoneId"]), _start(params)
        found = [record for record in zone.sorted_records() if key_of(record) >= start]
        answer: dict[str, Any] = {
            "ResourceRecordSets": [dict(record) for record in found[:size]],
            "IsTruncated": len(found) > size,
            "MaxItems": str(size),
        }
        if len(found) > size:
            following = found[size]
            answer |= {"NextRecordName": following["Name"], "NextRecordType": following["Type"]}
            answer |= {"NextRecordIdentifier": following.get("SetIdentifier")}
        return answer

    def get(self, call: Call) -> Answer:
        named = call.params["Id"].removeprefix(CHANGE_PREFIX)
        change = self._store.changes.get(named)
        if change is None:
            raise ApiError("NoSuchChange", f"Could not find resource with ID: {named}", 404)
        return {"ChangeInfo": self._store.change_info(change)}


def _start(params: Mapping[str, Any]) -> tuple[str, str, str]:
    """Where a list begins. A type needs a name, and an identifier a type."""
    name, type_ = params.get("StartRecordName") or "", params.get("StartRecordType") or ""
    identifier = params.get("StartRecordIdentifier") or ""
    if type_ and not name:
        raise ApiError("InvalidInput", "StartRecordType cannot be specified without StartRecordName")
    if identifier and not type_:
        raise ApiError("InvalidInput", "StartRecordIdentifier cannot be specified without StartRecordType")
    return (sort_key(normal(name)) if name else "", type_, identifier)
