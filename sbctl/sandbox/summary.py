"""The world at a glance: regions, health checks, what DNS answers now, replication and its backlog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.replication_control import replication_status
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.world import World

HOME = "us-east-1"
ANSWERED = ("A", "AAAA", "CNAME")


def summary(world: World) -> dict[str, Any]:
    """Everything that changes by itself or by faults, as the API would tell it."""
    return {
        "regions_down": sorted(
            {fault.region for fault in world.faults.all() if world.faults.region_is_down(fault.region)}
        ),
        "health_checks": _health(world),
        "dns_answers": _answers(world),
        "replication": replication_status(world.services),
    }


def _health(world: World) -> list[dict[str, Any]]:
    """Each check with its Name tag, as records see it."""
    configs = world.route53.check_configs()
    names = _names(world, list(configs))
    return [
        {
            "id": check,
            "name": names.get(check, ""),
            "type": config["Type"],
            "endpoint": config.get("FullyQualifiedDomainName") or config.get("IPAddress") or "",
            "healthy": world.route53.is_healthy(check),
        }
        for check, config in sorted(configs.items(), key=lambda item: names.get(item[0], item[0]))
    ]


def _names(world: World, checks: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(checks), 10):
        params = {"ResourceType": "healthcheck", "ResourceIds": checks[start : start + 10]}
        for tagged in world.ask("route53", "ListTagsForResources", HOME, params)["ResourceTagSets"]:
            for tag in tagged["Tags"]:
                if tag["Key"] == "Name":
                    found[tagged["ResourceId"]] = tag["Value"]
    return found


def _answers(world: World) -> list[dict[str, Any]]:
    """Every name with more than one possible answer, and the one that a query gets now."""
    rows = []
    for zone in world.ask("route53", "ListHostedZones", HOME, {})["HostedZones"]:
        records = _records(world, str(zone["Id"]))
        routed = {(row["Name"], row["Type"]) for row in records if row.get("SetIdentifier") and row["Type"] in ANSWERED}
        rows += [_answer(world, name, kind) for name, kind in sorted(routed)]
    return rows


def _records(world: World, zone: str) -> list[Mapping[str, Any]]:
    try:
        found = world.ask("route53", "ListResourceRecordSets", HOME, {"HostedZoneId": zone.rpartition("/")[2]})
    except ApiError:  # deleted meanwhile
        return []
    records: list[Mapping[str, Any]] = found["ResourceRecordSets"]
    return records


def _answer(world: World, name: str, kind: str) -> dict[str, Any]:
    found = world.route53.resolve(name, kind, HOME)
    first = found.records[0] if found and found.records else None
    return {
        "name": name,
        "type": kind,
        "values": list(first.values) if first else [],
        "ttl_seconds": first.ttl if first else None,
    }
