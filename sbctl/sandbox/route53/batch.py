"""One batch of changes, tried on a copy of a zone's record sets: what the zone would become, and all that is wrong with it.

Changes are done in their order, so that the target of an alias must be there or come first. What record sets must be to
each other is looked at in the end, so that a batch may pass through states in which the zone could not stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.sandbox.route53.group_rules import group_faults
from sbctl.sandbox.route53.names import sort_key
from sbctl.sandbox.route53.record_rules import aliased, record_faults
from sbctl.sandbox.route53.store import Record, RecordKey, Zone, key_of

VALUES = 1000
CHARACTERS = 32_000


class Batch:
    """A zone as a batch leaves it: `after`. The zone itself is not touched."""

    def __init__(self, zone: Zone, zones: Mapping[str, Zone]) -> None:
        self.after: dict[RecordKey, Record] = dict(zone.records)
        self._zone = zone
        self._zones = zones
        self._faults: list[str] = []
        self._done: dict[RecordKey, list[str]] = {}
        self._values = 0
        self._characters = 0

    def apply(self, action: str, record: Record) -> None:
        """Do one more change."""
        key = key_of(record)
        self._done.setdefault(key, []).append(action)
        self._count(action, record)
        if action == "DELETE":
            self._delete(key, record)
            return
        if action == "CREATE" and key in self.after:
            self._faults.append(f"Tried to create resource record set {_named(record)} but it already exists")
        self._faults += [*record_faults(self._zone, record), *self._missing_target(record)]
        self.after[key] = record

    def faults(self) -> list[str]:
        """Everything that AWS has against the batch; empty when it may be done."""
        written = [self.after[key] for key, actions in self._done.items() if actions[-1] != "DELETE"]
        return [*self._faults, *self._limits(), *self._twice(), *group_faults(self._zone, self.after, written)]

    def _delete(self, key: RecordKey, record: Record) -> None:
        found = self.after.get(key)
        if found is None:
            self._faults.append(f"Tried to delete resource record set {_named(record)} but it was not found")
        elif _comparable(found) != _comparable(record):
            told = "but the values provided do not match the current values"
            self._faults.append(f"Tried to delete resource record set {_named(record)} {told}")
        else:
            del self.after[key]

    def _missing_target(self, record: Record) -> Iterator[str]:
        target = record.get("AliasTarget")
        if target is None or (target["HostedZoneId"] != self._zone.id and target["HostedZoneId"] not in self._zones):
            return
        wanted = (sort_key(target["DNSName"]), record["Type"])
        here = target["HostedZoneId"] == self._zone.id
        if not here or not any((key.reversed_name, key.type) == wanted for key in self.after):
            yield f"{aliased(record)}, but that target was not found"

    def _count(self, action: str, record: Record) -> None:
        times = 2 if action == "UPSERT" else 1  # AWS counts an UPSERT as a deletion and a creation
        values = [entry["Value"] for entry in record.get("ResourceRecords") or ()]
        self._values += times * len(values)
        self._characters += times * sum(map(len, values))

    def _limits(self) -> Iterator[str]:
        if self._values > VALUES:
            yield f"Number of records limit of {VALUES} exceeded."
        if self._characters > CHARACTERS:
            yield f"Number of characters limit of {CHARACTERS} exceeded."

    def _twice(self) -> Iterator[str]:
        for key, actions in self._done.items():
            name = ".".join(reversed(key.reversed_name.removesuffix(".").split("."))) + "."
            if len(actions) > 1 and (actions[0] != "DELETE" or "DELETE" in actions[1:] or len(actions) > 2):
                told = "The request contains an invalid set of changes for a resource record set"
                yield f"{told} '{key.type} {name}'"
            gone = actions[-1] == "DELETE" and name == self._zone.name
            if gone and key.type == "SOA":
                yield "A HostedZone must contain exactly one SOA record."
            if gone and key.type == "NS":
                yield "A HostedZone must contain at least one NS record for the zone itself."


def _named(record: Record) -> str:
    identifier = f", set-identifier='{record['SetIdentifier']}'" if "SetIdentifier" in record else ""
    return f"[name='{record['Name']}', type='{record['Type']}'{identifier}]"


def _comparable(record: Record) -> dict[str, Any]:
    """A record set whose values have no order."""
    values = sorted(entry["Value"] for entry in record.get("ResourceRecords") or ())
    return {**record, "ResourceRecords": values}
