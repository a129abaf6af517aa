"""Record sets for tests."""

from __future__ import annotations

from typing import Any


def record(name: str = "a.example.com", kind: str = "A", *values: str, ttl: int = 60, **members: Any) -> dict[str, Any]:
    """A record set with values."""
    rows = [{"Value": value} for value in values or ("192.0.2.1",)]
    return {"Name": name, "Type": kind, "TTL": ttl, "ResourceRecords": rows, **members}


def alias(name: str, target: str, zone: str, kind: str = "A", **members: Any) -> dict[str, Any]:
    """An alias to another name of the zone, which looks at its health."""
    to = {"HostedZoneId": zone.rpartition("/")[2], "DNSName": target, "EvaluateTargetHealth": True}
    return {"Name": name, "Type": kind, "AliasTarget": to, **members}
