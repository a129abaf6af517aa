"""What Route 53 refuses of record sets together: each against its zone, and all that share a name.

Messages are worded as Route 53 words them, and all of a batch come at once.
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sbctl.sandbox.route53.names import canonical
from sbctl.sandbox.route53.record_shape import policy_of
from sbctl.sandbox.route53.store import RecordKey, RecordSet, Zone, bare

Records = dict[RecordKey, RecordSet]
CNAME_NEIGHBOURS = frozenset({"CNAME", "NSEC", "RRSIG"})


def shown(record: RecordSet) -> str:
    """A record set as messages name it."""
    found = f"name='{record['Name']}', type='{record['Type']}'"
    if record.get("SetIdentifier"):
        found += f", set-identifier='{record['SetIdentifier']}'"
    return f"[{found}]"


def problems(zone: Zone, after: Records, touched: list[RecordKey]) -> Iterator[str]:
    """Messages about the zone as a batch would leave it. Only names that the batch touches are looked at."""
    for key in dict.fromkeys(touched):
        record = after.get(key)
        if record is not None:
            yield from _alone(zone, after, record)
    for name, kind in dict.fromkeys((name, kind) for name, kind, _ in touched):
        group = [record for (n, k, _), record in after.items() if (n, k) == (name, kind)]
        yield from _group(name, kind, group)
    for name in dict.fromkeys(name for name, _, _ in touched):
        yield from _neighbours(zone, name, {kind for n, kind, _ in after if n == name})
    yield from _required(zone, after)


def _alone(zone: Zone, after: Records, record: RecordSet) -> Iterator[str]:
    target = record.get("AliasTarget")
    if target and bare(target["HostedZoneId"]) == zone.id:
        name = canonical(target["DNSName"])
        if name == record["Name"]:
            yield f"Tried to create an alias that targets {name}, type {record['Type']}, which is the alias itself"
        elif not any((n, kind) == (name, record["Type"]) for n, kind, _ in after):
            where = f"in zone {zone.id}, but that target was not found"
            yield f"Tried to create an alias that targets {name}, type {record['Type']} {where}"
    if record.get("Failover") == "PRIMARY" and not target and not record.get("HealthCheckId"):
        yield f"A non-alias primary resource record set must have an associated health check: {shown(record)}"


def _group(name: str, kind: str, group: list[RecordSet]) -> Iterator[str]:
    if len(group) < 2:
        return
    where = f"RRSet with DNS name {name}, type {kind}"
    policies = {policy_of(record) for record in group}
    if len(policies) > 1:
        yield f"{where} cannot be created as other RRSets exist with the same name and type but another routing policy"
        return
    policy = policies.pop()
    if policy in ("Failover", "Region"):
        doubled = [value for value, count in Counter(record[policy] for record in group).items() if count > 1]
        for value in doubled:
            yield f"{where} cannot be created as another RRSet of the group has {policy} {value}"
    if policy == "Weight" and len({record.get("TTL") for record in group}) > 1:
        yield f"{where} cannot be created as weighted sets must contain the same TTL."


def _neighbours(zone: Zone, name: str, kinds: set[str]) -> Iterator[str]:
    if "CNAME" not in kinds:
        return
    if name == zone.name:
        yield f"RRSet of type CNAME with DNS name {name} is not permitted at apex in zone {zone.name}"
    elif kinds - CNAME_NEIGHBOURS:
        where = f"conflicts with other records with the same DNS name in zone {zone.name}"
        yield f"RRSet of type CNAME with DNS name {name} is not permitted as it {where}"


def _required(zone: Zone, after: Records) -> Iterator[str]:
    if (zone.name, "SOA", "") not in after:
        yield "A HostedZone must contain exactly one SOA record."
    if (zone.name, "NS", "") not in after:
        yield "A HostedZone must contain at least one NS record for the zone itself."


def same(one: RecordSet, other: RecordSet) -> bool:
    """Whether a deletion repeats a record set exactly, as it must; the order of values means nothing."""
    return _comparable(one) == _comparable(other)


def _comparable(record: RecordSet) -> dict[str, Any]:
    found = {name: value for name, value in record.items() if value is not None and name != "Name"}
    if found.get("ResourceRecords"):
        found["ResourceRecords"] = sorted(str(entry["Value"]) for entry in found["ResourceRecords"])
    if found.get("AliasTarget"):
        target = found["AliasTarget"]
        names = {"HostedZoneId": bare(target["HostedZoneId"]), "DNSName": canonical(target["DNSName"])}
        found["AliasTarget"] = {**target, **names}
    return found
