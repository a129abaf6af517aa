"""What Route 53 asks of one record set by itself. How record sets go together is in group_rules.

Where a message is known from AWS it is AWS's own; https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
has the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sbctl.sandbox.route53.names import fault, is_inside, normal
from sbctl.sandbox.route53.record_values import value_faults
from sbctl.sandbox.route53.store import Record, Zone

POLICIES = (
    "Weight", "Region", "Failover", "GeoLocation", "MultiValueAnswer", "CidrRoutingConfig", "GeoProximityLocation",
)  # fmt: skip
ROUTED = frozenset({"A", "AAAA", "CAA", "CNAME", "HTTPS", "MX", "NAPTR", "PTR", "SPF", "SRV", "SVCB", "TXT"})
"""Types that may have a routing policy."""
AWS_DOMAINS = (
    "amazonaws.com.", "amazonaws.com.cn.", "awsapprunner.com.", "awsglobalaccelerator.com.", "cloudfront.net.",
    "elasticbeanstalk.com.", "on.aws.", "api.aws.",
)  # fmt: skip
"""Below which the names lie that an alias may lead to outside its own zone."""
CLOUDFRONT = "Z2FDTNDATAQYW2"


def normalised(record: Record) -> dict[str, Any]:
    """A record set as Route 53 keeps it: names in its spelling, without members that say nothing."""
    found = {name: value for name, value in record.items() if value is not None}
    found["Name"] = normal(record["Name"])
    if "AliasTarget" in found:
        found["AliasTarget"] = {**found["AliasTarget"], "DNSName": normal(found["AliasTarget"]["DNSName"])}
    if found.get("MultiValueAnswer") is False:
        del found["MultiValueAnswer"]
    return found


def policy_of(record: Record) -> str:
    """The routing policy's member, "" for a simple record set."""
    return next((name for name in POLICIES if name in record), "")


def form_faults(action: str, record: Record) -> Iterator[str]:
    """What makes a change no change at all, so that AWS refuses the request as InvalidInput before it looks at the zone."""
    where = f"[Action={action}, Name={record['Name']}, Type={record['Type']}, " + (
        f"SetIdentifier={record.get('SetIdentifier', 'null')}]"
    )
    policies = [name for name in POLICIES if name in record]
    if policies and "SetIdentifier" not in record:
        yield f"Missing field 'SetIdentifier' in Change with {where}"
    if len(policies) != 1 and (policies or "SetIdentifier" in record):
        count = "more than one" if policies else "none"
        yield f"Expected exactly one of [{', '.join(POLICIES)}], but found {count} in Change with {where}"
    count = _miscounted_targets(record)
    if count:
        choice = "[AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]"
        yield f"Expected exactly one of {choice}, but found {count} in Change with {where}"


def _miscounted_targets(record: Record) -> str:
    """An alias has neither TTL nor values, every other record set has both."""
    parts = {"TTL", "ResourceRecords"} & record.keys()
    if "AliasTarget" in record:
        return "more than one" if parts else ""
    return "" if len(parts) == 2 else "none"


def record_faults(zone: Zone, record: Record) -> Iterator[str]:
    """What Route 53 has against creating a record set in a zone, whatever else is in it."""
    name, type_ = record["Name"], record["Type"]
    wrong_name = fault(name)
    if wrong_name:
        yield f"FATAL problem: {wrong_name} encountered with '{name}'"
    elif not is_inside(name, zone.name):
        yield f"RRSet with DNS name {name} is not permitted in zone {zone.name}"
    if type_ == "CNAME" and name == zone.name:
        yield f"RRSet of type CNAME with DNS name {name} is not permitted at apex in zone {zone.name}"
    if type_ == "SOA" and name != zone.name:
        yield f"RRSet of type SOA with DNS name {name} is not permitted in zone {zone.name}"
    yield from _policy_faults(record)
    if "AliasTarget" in record:
        yield from _alias_faults(zone, record)
    else:
        yield from value_faults(type_, [entry["Value"] for entry in record["ResourceRecords"]])


def _policy_faults(record: Record) -> Iterator[str]:
    type_, policy, is_alias = record["Type"], policy_of(record), "AliasTarget" in record
    if policy and type_ not in ROUTED:
        yield f"A resource record set of type {type_} cannot have a routing policy"
    if policy == "MultiValueAnswer" and (type_ == "CNAME" or is_alias):
        yield f"A multivalue answer record set cannot be {'an alias' if is_alias else 'of type CNAME'}"
    if is_alias and type_ in ("NS", "SOA"):
        yield f"A resource record set of type {type_} cannot be an alias"
    if record.get("Failover") == "PRIMARY" and not is_alias and "HealthCheckId" not in record:
        yield "A non-alias primary ResourceRecordSet must have an associated health check. No changes made."


def _alias_faults(zone: Zone, record: Record) -> Iterator[str]:
    target = record["AliasTarget"]
    name, where = target["DNSName"], target["HostedZoneId"]
    if fault(name):
        yield f"FATAL problem: {fault(name)} encountered with '{name}'"
        return
    inside = is_inside(name, zone.name) if where == zone.id else name.endswith(tuple(f".{one}" for one in AWS_DOMAINS))
    if not inside:
        yield f"{aliased(record)}, but the alias target name does not lie within the target zone"
    if where == CLOUDFRONT and target["EvaluateTargetHealth"]:
        yield f"{aliased(record)}, but EvaluateTargetHealth cannot be true for a CloudFront distribution"


def aliased(record: Record) -> str:
    """How AWS's messages about an alias begin."""
    target = record["AliasTarget"]
    return (
        f"Tried to create an alias that targets {target['DNSName']}, type {record['Type']} "
        f"in zone {target['HostedZoneId']}"
    )
