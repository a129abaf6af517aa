"""Operations on record sets: change a batch of them, all or none, and list them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.route53.names import canonical, lies_in, sort_key
from sbctl.sandbox.route53.record_rules import Records, problems, same, shown
from sbctl.sandbox.route53.record_shape import check_shape, wrong_values
from sbctl.sandbox.route53.store import Book, RecordKey, RecordSet, Zone, bare, page
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

MOST_RECORDS = 1000
MOST_CHARACTERS = 32_000
ROWS_A_PAGE = 300


class RecordSets:
    """Record sets of an account's zones."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def operations(self) -> Mapping[str, Operation]:
        return {
            "ChangeResourceRecordSets": self.change,
            "ListResourceRecordSets": self.list,
            "GetChange": self.get_change,
        }

    def change(self, call: Call) -> Answer:
        zone, batch = self._book.zone(str(call.params["HostedZoneId"])), call.params["ChangeBatch"]
        changes = [(str(change["Action"]), _kept(change["ResourceRecordSet"])) for change in batch["Changes"]]
        _check_size(changes)
        for action, record in changes:
            check_shape(action, record)
            if record.get("HealthCheckId") and action != "DELETE":
                self._book.check(str(record["HealthCheckId"]))
        after, touched, messages = _applied(zone, changes)
        messages += problems(zone, after, touched)
        if messages:
            raise ApiError("InvalidChangeBatch", f"[{', '.join(messages)}]", 400, {"messages": messages})
        zone.records = after
        return {"ChangeInfo": self._book.change(str(batch.get("Comment") or ""))}

    def list(self, call: Call) -> Answer:
        params = call.params
        zone = self._book.zone(str(params["HostedZoneId"]))
        if params.get("StartRecordType") and not params.get("StartRecordName"):
            raise ApiError("InvalidInput", "StartRecordType needs StartRecordName", 400)
        if params.get("StartRecordIdentifier") and not params.get("StartRecordType"):
            raise ApiError("InvalidInput", "StartRecordIdentifier needs StartRecordName and StartRecordType", 400)
        name = params.get("StartRecordName")
        start = (
            sort_key(str(name)) if name else (),
            str(params.get("StartRecordType") or ""),
            str(params.get("StartRecordIdentifier") or ""),
        )
        rows = [record for record in zone.ordered() if _place(record) >= start]
        found, after = page(rows, params.get("MaxItems"), ROWS_A_PAGE)
        answer: Answer = {
            "ResourceRecordSets": found,
            "IsTruncated": after is not None,
            "MaxItems": str(params.get("MaxItems") or ROWS_A_PAGE),
        }
        if after is not None:
            answer |= {"NextRecordName": after["Name"], "NextRecordType": after["Type"]}
            if after.get("SetIdentifier"):
                answer["NextRecordIdentifier"] = after["SetIdentifier"]
        return answer

    def get_change(self, call: Call) -> Answer:
        named = bare(str(call.params["Id"]))
        change = self._book.changes.get(named)
        if change is None:
            raise ApiError("NoSuchChange", f"Could not find resource with ID: {named}", 404)
        return {"ChangeInfo": self._book.info(change)}


def _kept(given: Mapping[str, Any]) -> RecordSet:
    """A record set as it is kept: names canonical, ids bare, nothing that is empty."""
    record = {name: value for name, value in given.items() if value is not None and value != []}
    record["Name"] = canonical(str(given["Name"]))
    target = record.get("AliasTarget")
    if target:
        names = {"HostedZoneId": bare(str(target["HostedZoneId"])), "DNSName": canonical(str(target["DNSName"]))}
        record["AliasTarget"] = {**target, **names}
    return record


def _check_size(changes: list[tuple[str, RecordSet]]) -> None:
    """UPSERT counts double, since it may delete and create."""
    records = characters = 0
    for action, record in changes:
        times = 2 if action == "UPSERT" else 1
        values = [str(entry["Value"]) for entry in record.get("ResourceRecords") or ()]
        records += times * max(1, len(values))
        characters += times * sum(map(len, values))
    if records > MOST_RECORDS:
        raise _too_large(f"Number of records limit of {MOST_RECORDS} exceeded.")
    if characters > MOST_CHARACTERS:
        raise _too_large(f"Number of characters limit of {MOST_CHARACTERS} exceeded.")


def _too_large(text: str) -> ApiError:
    return ApiError("InvalidChangeBatch", text, 400, {"messages": [text]})


def _applied(zone: Zone, changes: list[tuple[str, RecordSet]]) -> tuple[Records, list[RecordKey], list[str]]:
    """The zone's records after the changes one by one, the keys they touched, and what cannot be done."""
    after, touched, messages = dict(zone.records), [], []
    for action, record in changes:
        key = (record["Name"], record["Type"], record.get("SetIdentifier", ""))
        touched.append(key)
        if not lies_in(record["Name"], zone.name):
            messages.append(f"RRSet with DNS name {record['Name']} is not permitted in zone {zone.name}")
            continue
        if action == "DELETE":
            messages += _deleted(after, key, record)
            continue
        messages += wrong_values(record)
        if action == "CREATE" and key in after:
            messages.append(f"Tried to create resource record set {shown(record)} but it already exists")
        after[key] = record
    return after, touched, messages


def _deleted(after: Records, key: RecordKey, record: RecordSet) -> list[str]:
    if key not in after:
        return [f"Tried to delete resource record set {shown(record)} but it was not found"]
    if not same(after[key], record):
        text = "but the values provided do not match the current values"
        return [f"Tried to delete resource record set {shown(record)} {text}"]
    del after[key]
    return []


def _place(record: RecordSet) -> tuple[tuple[str, ...], str, str]:
    return (sort_key(record["Name"]), str(record["Type"]), str(record.get("SetIdentifier") or ""))
