"""A record set's spec, and between it and Route 53: its shape, its group, what may be replaced together with it.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any, Literal

from pydantic import Field

from sbctl.core.address import Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.resource import Live
from sbctl.core.kinds.spec import Spec
from sbctl.resources.calls.call import call_or_none
from sbctl.resources.dns.layout import LEAF_PREFIX
from sbctl.resources.dns.names import plain_name, record_sets

POLICIES = ("Failover", "Weight", "Region", "GeoLocation", "MultiValueAnswer", "CidrRoutingConfig")


class RecordSpec(Spec):
    """One record set. Either `values` with a `ttl` in seconds, or `alias`, a name in the same zone and of its type."""

    replace_on = frozenset({"zone", "name", "set_identifier"})
    as_sets = frozenset({"values"})
    as_is = frozenset({"weight", "ttl"})
    create_only = frozenset({"clears"})

    zone: Link
    name: str = Field(min_length=1, max_length=255)
    type: str
    set_identifier: str = Field(default="", max_length=128)
    failover: Literal["", "PRIMARY", "SECONDARY"] = ""
    weight: int | None = Field(default=None, ge=0, le=255)
    latency_region: str = ""
    ttl: int | None = Field(default=None, ge=0, le=2147483647)
    values: tuple[Link, ...] = ()
    alias: str = ""
    evaluate_target_health: bool = False
    health_check: Link = ""
    clears: tuple[str, ...] = Field(default=(), description="Records of others that go in the change that creates it.")


def in_sync(aws: AwsCalls, region: str, change: str) -> bool:
    answer = call_or_none(aws, ("NoSuchChange",), "route53", "GetChange", region, Id=change)
    return answer is None or answer["ChangeInfo"]["Status"] == "INSYNC"


def deletion(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {"Action": "DELETE", "ResourceRecordSet": dict(raw)}


def policy_of(raw: Mapping[str, Any]) -> str:
    return next((name for name in POLICIES if raw.get(name) is not None), "simple")


def _group(aws: AwsCalls, region: str, zone: str, name: str, type_: str) -> Iterable[Mapping[str, Any]]:
    """All record sets of one name and type."""
    found = record_sets(aws, region, zone, StartRecordName=name, StartRecordType=type_)
    wanted = (plain_name(name), type_)
    return takewhile(lambda record: (plain_name(record["Name"]), record["Type"]) == wanted, found)


def raw_record(aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Mapping[str, Any] | None:
    """The record set exactly as AWS has it: a deletion must repeat every value."""
    group = _group(aws, region, ids["zone"], ids["name"], ids["type"])
    return next((record for record in group if record.get("SetIdentifier", "") == ids["set"]), None)


def other_layout(aws: AwsCalls, region: str, spec: RecordSpec) -> list[Mapping[str, Any]] | None:
    """Our own aliases under this name from before a change of strategy: they must leave in the same change.

    Empty when nothing of another policy is there. None when a record set that is no alias to one of our names stands in
    the way: then nothing may be taken away.
    """
    policy = policy_of(shaped(spec))
    others = [
        record for record in _group(aws, region, str(spec.zone), spec.name, spec.type) if policy_of(record) != policy
    ]
    return others if all(_is_ours(record, str(spec.zone)) for record in others) else None


def strangers(aws: AwsCalls, region: str, wanted: Mapping[str, Any]) -> Iterable[str]:
    """Record sets of others under a name, beside which Route 53 takes none of ours: a CNAME is alone, and policies do not mix."""
    found = _in_the_way(aws, region, str(wanted["zone"]), plain_name(wanted["name"]), wanted["type"])
    return [text for text, _ in found]


def cleared(aws: AwsCalls, region: str, spec: RecordSpec) -> list[Mapping[str, Any]]:
    """The record sets of others that the user lets go for this one; those that are there still, and no others."""
    found = _in_the_way(aws, region, str(spec.zone), plain_name(spec.name), spec.type) if spec.clears else ()
    return [record for text, record in found if text in spec.clears]


def _in_the_way(aws: AwsCalls, region: str, zone: str, name: str, kind: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    found = record_sets(aws, region, zone, StartRecordName=name)
    for record in takewhile(lambda one: plain_name(one["Name"]) == name, found):
        mixed = record["Type"] != kind and "CNAME" in (record["Type"], kind)
        of_other_policy = record["Type"] == kind and not record.get("SetIdentifier")
        if (mixed or of_other_policy) and not _is_ours(record, zone) and not name.startswith(LEAF_PREFIX):
            values = ", ".join(str(entry["Value"]) for entry in record.get("ResourceRecords") or ())
            yield f"{record['Type']} {values or (record.get('AliasTarget') or {}).get('DNSName', '')}".strip(), record


def _is_ours(record: Mapping[str, Any], zone: str) -> bool:
    target = record.get("AliasTarget") or {}
    return target.get("HostedZoneId") == zone and plain_name(target["DNSName"]).startswith(LEAF_PREFIX)


def shaped(spec: RecordSpec) -> dict[str, Any]:
    """The record set as AWS takes it: only members that mean something."""
    members: dict[str, Any] = {
        "Name": spec.name,
        "Type": spec.type,
        "SetIdentifier": spec.set_identifier,
        "Failover": spec.failover,
        "Region": spec.latency_region,
        "HealthCheckId": spec.health_check,
    }
    record = {name: value for name, value in members.items() if value}
    if spec.weight is not None:
        record["Weight"] = spec.weight
    if spec.alias:
        target = {"HostedZoneId": spec.zone, "DNSName": spec.alias}
        record["AliasTarget"] = {**target, "EvaluateTargetHealth": spec.evaluate_target_health}
    else:
        record["TTL"] = spec.ttl
        record["ResourceRecords"] = [{"Value": value} for value in spec.values]
    return record


def ids_of(zone: str, raw: Mapping[str, Any]) -> dict[str, str]:
    return {"zone": zone, "name": plain_name(raw["Name"]), "type": raw["Type"], "set": raw.get("SetIdentifier", "")}


def live_record(zone: str, raw: Mapping[str, Any]) -> Live[RecordSpec]:
    target = raw.get("AliasTarget") or {}
    spec = RecordSpec.model_construct(
        zone=zone,
        name=plain_name(raw["Name"]),
        type=raw["Type"],
        set_identifier=raw.get("SetIdentifier", ""),
        failover=raw.get("Failover", ""),
        weight=raw.get("Weight"),
        latency_region=raw.get("Region", ""),
        ttl=raw.get("TTL"),
        values=tuple(entry["Value"] for entry in raw.get("ResourceRecords") or ()),
        alias=plain_name(target.get("DNSName", "")),
        evaluate_target_health=target.get("EvaluateTargetHealth", False),
        health_check=raw.get("HealthCheckId", ""),
    )
    return Live(spec=spec, ids=ids_of(zone, raw), outputs={"fqdn": spec.name})
