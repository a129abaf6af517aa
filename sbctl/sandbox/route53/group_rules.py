"""What Route 53 asks of the record sets that share a name: one routing policy for a type, and nothing beside a CNAME."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sbctl.sandbox.route53.record_rules import policy_of
from sbctl.sandbox.route53.store import Record, RecordKey, Zone, key_of

KINDS: Mapping[str, str] = {
    "Weight": "weighted",
    "Region": "latency",
    "Failover": "failover",
    "GeoLocation": "GEO",
    "MultiValueAnswer": "multivalue answer",
    "CidrRoutingConfig": "CIDR",
    "GeoProximityLocation": "geoproximity",
}
UNIQUE = ("Region", "Failover", "GeoLocation", "CidrRoutingConfig", "GeoProximityLocation")
"""Policies of which no two record sets of a group may say the same."""


def group_faults(zone: Zone, after: Mapping[RecordKey, Record], written: Sequence[Record]) -> Iterator[str]:
    """What is wrong with the zone as a batch would leave it, for each record set that the batch writes."""
    for record in written:
        key = key_of(record)
        others = [one for other, one in after.items() if other.reversed_name == key.reversed_name and other != key]
        yield from _beside_cname(zone, record, others)
        yield from _in_group(record, [one for one in others if one["Type"] == record["Type"]])


def _beside_cname(zone: Zone, record: Record, others: Sequence[Record]) -> Iterator[str]:
    name, type_ = record["Name"], record["Type"]
    if any("CNAME" in (type_, other["Type"]) and other["Type"] != type_ for other in others):
        conflict = "conflicts with other records with the same DNS name"
        yield f"RRSet of type {type_} with DNS name {name} is not permitted as it {conflict} in zone {zone.name}"


def _in_group(record: Record, group: Sequence[Record]) -> Iterator[str]:
    policy, refused = policy_of(record), f"{_named(record)} cannot be created"
    if not group:
        return
    if any(policy_of(other) != policy for other in group):
        yield _mixed(record, policy)
        return
    if policy in UNIQUE and any(other[policy] == record[policy] for other in group):
        yield f"{refused} because a {KINDS[policy]} RRSet with the same name, type and {policy} already exists."
    ttls = {one.get("TTL") for one in (record, *group) if "AliasTarget" not in one}
    if policy == "Weight" and "AliasTarget" not in record and len(ttls) > 1:
        yield f"{refused} as weighted sets must contain the same TTL."


def _mixed(record: Record, policy: str) -> str:
    if not policy:
        return f"{_named(record)} cannot be created as other RRSets exist with the same name and type."
    if policy == "Weight":
        return f"{_named(record)} cannot be created as a non-weighted set exists with the same name and type."
    kind = KINDS[policy]
    return f"{_named(record)} cannot be created because a non-{kind} RRSet with the same name and type already exists."


def _named(record: Record) -> str:
    """How AWS names a record set in these messages."""
    identifier = f", SetIdentifier {record['SetIdentifier']}" if "SetIdentifier" in record else ""
    region = f", and Region Name={record['Region']}" if "Region" in record else ""
    return f"RRSet with DNS name {record['Name']}, type {record['Type']}{identifier}{region}"
