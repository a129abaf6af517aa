"""What Route 53 refuses in one record set by itself: members that exclude each other, values that fit no type.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Any

from sbctl.sandbox.service import ApiError

Record = Mapping[str, Any]
POLICIES = (
    "Weight",
    "Region",
    "Failover",
    "MultiValueAnswer",
    "GeoLocation",
    "GeoProximityLocation",
    "CidrRoutingConfig",
)
NOT_MODELLED = frozenset({"GeoLocation", "GeoProximityLocation", "CidrRoutingConfig"})
LARGEST_TTL = 2_147_483_647
HOST = re.compile(r"([a-z0-9_*-]{1,63}\.)*[a-z0-9_-]{1,63}\.?", re.IGNORECASE)


def policy_of(record: Record) -> str:
    """The member that makes its routing policy, "" for a simple record."""
    return next((name for name in POLICIES if record.get(name) is not None), "")


def check_shape(action: str, record: Record) -> None:
    """Raises ApiError for a record set that no zone could hold."""
    unknown = NOT_MODELLED & record.keys()
    if unknown:
        raise ApiError("NotModelled", f"The sandbox does not model {', '.join(sorted(unknown))}.", 501)
    problem = next(_of_members(record), None)
    if problem:
        raise ApiError("InvalidInput", f"Invalid request: {problem} in Change with {_named(action, record)}", 400)


def wrong_values(record: Record) -> Iterator[str]:
    """Messages about values that the record's type cannot have."""
    rule = VALUES.get(record["Type"])
    for entry in record.get("ResourceRecords") or ():
        value = str(entry["Value"])
        if rule is not None and not rule(value):
            text = f"Invalid Resource Record: 'FATAL problem: {PROBLEMS[record['Type']]} encountered with '{value}''"
            yield text


def _of_members(record: Record) -> Iterator[str]:
    plain = record.get("TTL") is not None or bool(record.get("ResourceRecords"))
    whole = record.get("TTL") is not None and bool(record.get("ResourceRecords"))
    one_of = "Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]"
    if record.get("AliasTarget") and plain:
        yield f"{one_of}, but found more than one"
    if not record.get("AliasTarget") and not whole:
        yield f"{one_of}, but found none"
    given = [name for name in POLICIES if record.get(name) is not None]
    if len(given) > 1:
        yield f"Expected exactly one of [{', '.join(POLICIES)}], but found more than one"
    if given and not record.get("SetIdentifier"):
        yield "Missing field 'SetIdentifier'"
    if record.get("SetIdentifier") and not given:
        yield f"Expected exactly one of [{', '.join(POLICIES)}], but found none"
    if given == ["MultiValueAnswer"] and record.get("AliasTarget"):
        yield "MultiValueAnswer and AliasTarget exclude each other"
    if not 0 <= int(record.get("TTL") or 0) <= LARGEST_TTL:
        yield f"TTL must be from 0 to {LARGEST_TTL}"


def _named(action: str, record: Record) -> str:
    found = f"Action={action}, Name={record['Name']}, Type={record['Type']}"
    return f"[{found}, SetIdentifier={record.get('SetIdentifier') or 'null'}]"


def _is_ipv4(value: str) -> bool:
    try:
        IPv4Address(value)
    except AddressValueError:
        return False
    return True


def _is_ipv6(value: str) -> bool:
    try:
        IPv6Address(value)
    except AddressValueError:
        return False
    return True


def _is_host(value: str) -> bool:
    return bool(HOST.fullmatch(value))


def _is_mx(value: str) -> bool:
    number, _, host = value.partition(" ")
    return number.isdigit() and int(number) < 65_536 and _is_host(host)


def _is_text(value: str) -> bool:
    return bool(re.fullmatch(r'("([^"\\]|\\.){0,255}"\s*)+', value))


VALUES: Mapping[str, Callable[[str], bool]] = {
    "A": _is_ipv4,
    "AAAA": _is_ipv6,
    "CNAME": _is_host,
    "NS": _is_host,
    "MX": _is_mx,
    "TXT": _is_text,
    "SPF": _is_text,
}
PROBLEMS: Mapping[str, str] = {
    "A": "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)",
    "AAAA": "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)",
    "CNAME": "DomainLabelInvalid (Value is not a valid domain name)",
    "NS": "DomainLabelInvalid (Value is not a valid domain name)",
    "MX": "MXRRDATANotTwoFields (Value must be a priority and a host name)",
    "TXT": "InvalidCharacterString (Value should be enclosed in quotation marks)",
    "SPF": "InvalidCharacterString (Value should be enclosed in quotation marks)",
}
