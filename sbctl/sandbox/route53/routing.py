"""Which record sets of one name and type a query gets, by their routing policy: pure choices, health already known.

When none is healthy, Route 53 treats all as healthy; for a failover pair that means the primary.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

from sbctl.sandbox.route53.distances import distance
from sbctl.sandbox.route53.record_rules import policy_of
from sbctl.sandbox.route53.store import Record

MULTIVALUE = 8
"""How many record sets a multivalue answer holds at most."""
Chooser = Callable[[Sequence[Record], str, Random], list[Record]]


def choose(group: Sequence[Record], healthy: Sequence[Record], region: str, chance: Random) -> list[Record]:
    """The record sets that answer, out of a group and those of it that are healthy, for a resolver near `region`.

    Several only for multivalue answers; none where a location policy has no default.
    """
    return CHOOSERS[policy_of(group[0])](healthy or group, region, chance)


def _simple(usable: Sequence[Record], region: str, chance: Random) -> list[Record]:  # noqa: ARG001
    return [usable[0]]


def _failover(usable: Sequence[Record], region: str, chance: Random) -> list[Record]:  # noqa: ARG001
    return [min(usable, key=lambda record: ("PRIMARY", "SECONDARY").index(record["Failover"]))]


def _weighted(usable: Sequence[Record], region: str, chance: Random) -> list[Record]:  # noqa: ARG001
    """By weight; those of weight 0 only where no other is usable, and then all alike."""
    weights = [int(record["Weight"]) for record in usable]
    return chance.choices(usable, weights) if any(weights) else [chance.choice(usable)]


def _latency(usable: Sequence[Record], region: str, chance: Random) -> list[Record]:  # noqa: ARG001
    return [min(usable, key=lambda record: distance(region, record["Region"]))]


def _multivalue(usable: Sequence[Record], region: str, chance: Random) -> list[Record]:  # noqa: ARG001
    return chance.sample(usable, min(MULTIVALUE, len(usable)))


def _by_location(usable: Sequence[Record], region: str, chance: Random) -> list[Record]:  # noqa: ARG001
    """The default location's: the sandbox does not know where a resolver is, nor in which CIDR block."""
    return [record for record in usable if _is_default(record)][:1]


def _is_default(record: Record) -> bool:
    location, block = record.get("GeoLocation") or {}, record.get("CidrRoutingConfig") or {}
    return "*" in (location.get("CountryCode"), block.get("LocationName"))


def _proximity(usable: Sequence[Record], region: str, chance: Random) -> list[Record]:  # noqa: ARG001
    """The nearest region's; biases and bare coordinates are not weighed."""
    return [min(usable, key=lambda record: distance(region, record["GeoProximityLocation"].get("AWSRegion") or ""))]


CHOOSERS: Mapping[str, Chooser] = {
    "": _simple,
    "Failover": _failover,
    "Weight": _weighted,
    "Region": _latency,
    "MultiValueAnswer": _multivalue,
    "GeoLocation": _by_location,
    "CidrRoutingConfig": _by_location,
    "GeoProximityLocation": _proximity,
}
