"""What a zone answers to a query now: routing policies, health, aliases, by pure functions.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sbctl.sandbox.route53.names import canonical, lies_in
from sbctl.sandbox.route53.record_shape import policy_of
from sbctl.sandbox.route53.store import RecordSet, Zone, bare

Healthy = Callable[[str], bool]
MOST_VALUES = 8
"""Of a multivalue answer."""
DEEPEST = 20
DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True)
class Answered:
    """The records of one name and type. `ttl` in seconds; `record` is the set identifier that was chosen."""

    name: str
    type: str
    ttl: int
    values: tuple[str, ...]
    record: str = ""


@dataclass(frozen=True)
class Asker:
    """Who asks, as far as it matters: the AWS region nearest to the resolver, and the dice of weighted answers."""

    region: str = DEFAULT_REGION
    dice: random.Random = field(default_factory=random.Random)


def answer(zone: Zone, name: str, kind: str, healthy: Healthy, asker: Asker | None = None) -> list[Answered] | None:
    """The answer to a query: CNAMEs of the zone followed, empty for a name without that type, None for no such name."""
    return _Lookup(zone, healthy, asker or Asker()).answer(canonical(name), kind)


def is_up(zone: Zone, name: str, kind: str, healthy: Healthy) -> bool:
    """Whether a record under a name is healthy, as an alias with EvaluateTargetHealth sees it."""
    return _Lookup(zone, healthy, Asker()).any_healthy(canonical(name), kind, 0)


class _Lookup:
    def __init__(self, zone: Zone, healthy: Healthy, asker: Asker) -> None:
        self._zone = zone
        self._healthy = healthy
        self._asker = asker

    def answer(self, name: str, kind: str) -> list[Answered] | None:
        found: list[Answered] = []
        for _ in range(DEEPEST):
            chosen = self._resolved(name, kind, 0)
            if chosen:
                return [*found, *chosen]
            cname = self._resolved(name, "CNAME", 0) if kind != "CNAME" else []
            if not cname:
                exists = found or any(lies_in(other, name) for other, _, _ in self._zone.records)
                return found if exists else None
            found += cname
            name = canonical(cname[0].values[0])
            if not lies_in(name, self._zone.name):
                return found
        return found

    def _resolved(self, name: str, kind: str, depth: int) -> list[Answered]:
        """What a name and type answer, aliases looked through: they answer under their own name with the target's TTL."""
        group = self._zone.group(name, kind)
        if not group or depth > DEEPEST:
            return []
        answers: list[Answered] = []
        for record in self._chosen(group, depth):
            answers += self._answered(name, kind, record, depth)
        if len(answers) < 2:
            return answers
        values = tuple(value for one in answers for value in one.values)
        return [Answered(name, kind, min(one.ttl for one in answers), values)]

    def _answered(self, name: str, kind: str, record: RecordSet, depth: int) -> list[Answered]:
        identifier = str(record.get("SetIdentifier") or "")
        target = record.get("AliasTarget")
        if not target:
            values = tuple(str(entry["Value"]) for entry in record["ResourceRecords"])
            return [Answered(name, kind, int(record["TTL"]), values, identifier)]
        if bare(target["HostedZoneId"]) != self._zone.id:
            return []
        inner = self._resolved(canonical(target["DNSName"]), kind, depth + 1)
        return [Answered(name, kind, one.ttl, one.values, identifier or one.record) for one in inner]

    def _chosen(self, group: list[RecordSet], depth: int) -> list[RecordSet]:
        up = [record for record in group if self._is_up(record, depth)]
        match policy_of(group[0]):
            case "Failover":
                return [_primary_or_secondary(group, up)]
            case "Weight":
                return [self._weighted(group, up)]
            case "Region":
                return [min(up or group, key=lambda record: _distance(self._asker.region, str(record["Region"])))]
            case "MultiValueAnswer":
                answers = list(up or group)
                self._asker.dice.shuffle(answers)
                return answers[:MOST_VALUES]
            case _:
                return group[:1]

    def _weighted(self, group: list[RecordSet], up: list[RecordSet]) -> RecordSet:
        """A weight of 0 is used only when no other is healthy; when nothing is healthy, everything is taken to be."""
        candidates = [record for record in up if record["Weight"]] or up
        candidates = candidates or [record for record in group if record["Weight"]] or group
        weights = [int(record["Weight"]) for record in candidates]
        return self._asker.dice.choices(candidates, weights if any(weights) else None)[0]

    def _is_up(self, record: RecordSet, depth: int) -> bool:
        check, target = record.get("HealthCheckId"), record.get("AliasTarget")
        if check and not self._healthy(str(check)):
            return False
        if not target or not target["EvaluateTargetHealth"] or bare(target["HostedZoneId"]) != self._zone.id:
            return True
        return self.any_healthy(canonical(target["DNSName"]), str(record["Type"]), depth + 1)

    def any_healthy(self, name: str, kind: str, depth: int) -> bool:
        """An alias sees its target as healthy when at least one record under it is."""
        group = self._zone.group(name, kind)
        return depth <= DEEPEST and any(self._is_up(record, depth) for record in group)


def _primary_or_secondary(group: list[RecordSet], up: list[RecordSet]) -> RecordSet:
    """The primary while it is healthy, else a healthy secondary; when neither is, the primary again."""
    roles: Mapping[Any, RecordSet] = {record["Failover"]: record for record in group}
    primary, secondary = roles.get("PRIMARY"), roles.get("SECONDARY")
    if primary is None or secondary is None:
        return group[0]
    if primary in up or secondary not in up:
        return primary
    return secondary


def _distance(one: str, other: str) -> int:
    """How far regions are apart, roughly: the same, the same part of a continent, the same continent, elsewhere."""
    if one == other:
        return 0
    first, second = one.split("-"), other.split("-")
    if first[:2] == second[:2]:
        return 1
    if first[0] == second[0]:
        return 2
    near = {frozenset({"us", "ca"}), frozenset({"us", "mx"}), frozenset({"us", "sa"}), frozenset({"eu", "me"})}
    return 3 if frozenset({first[0], second[0]}) in near else 4
