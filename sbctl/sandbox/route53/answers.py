"""What a name server of a zone answers to a query, from the zone's record sets and the health of what they lead to.

Pure: neither the network nor a clock. An alias leads on to another name of the zone; where it evaluates the health of its
target, it is healthy when anything under the target is, so that a dead branch is left before it is entered.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal

from sbctl.sandbox.route53.names import is_inside, normal
from sbctl.sandbox.route53.routing import choose
from sbctl.sandbox.route53.store import Record

DEEPEST = 32
"""How many aliases or CNAMEs one may lead to the next, before it is taken for a loop."""
WILDCARD = normal("*").removesuffix(".")
IsHealthy = Callable[[str], bool]


@dataclass(frozen=True)
class RecordSet:
    """One name and type of an answer. `ttl` in seconds."""

    name: str
    type: str
    ttl: int
    values: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """The answer to a query: first the name's own record set, after it what a CNAME inside the zone leads to.

    `outside`: the AWS resource that an alias leads to, whose addresses Route 53 would answer and the sandbox does not know.
    """

    code: Literal["NOERROR", "NXDOMAIN", "SERVFAIL"]
    records: tuple[RecordSet, ...] = ()
    outside: str = ""


class LoopError(Exception):
    """Aliases or CNAMEs lead back to where they came from."""


def answer(
    records: Iterable[Record], name: str, type_: str, region: str, is_healthy: IsHealthy, chance: Random
) -> Answer:
    """What the servers of a zone with these record sets answer to a resolver near `region`.

    `is_healthy` tells the status of a health check by its id; `chance` draws among weighted and multivalue record sets.
    """
    try:
        return _Query(records, region, is_healthy, chance).answer(normal(name), type_)
    except LoopError:
        return Answer("SERVFAIL")


class _Query:
    """The record sets of a zone, seen from one resolver."""

    def __init__(self, records: Iterable[Record], region: str, is_healthy: IsHealthy, chance: Random) -> None:
        self._groups: dict[tuple[str, str], list[Record]] = {}
        for record in records:
            self._groups.setdefault((record["Name"], record["Type"]), []).append(record)
        self._apexes = [name for name, type_ in self._groups if type_ == "SOA"]
        self._names = {parent for name, _ in self._groups for parent in (name, *_parents(name))}
        self._region = region
        self._is_healthy = is_healthy
        self._chance = chance

    def answer(self, name: str, type_: str) -> Answer:
        found: list[RecordSet] = []
        for _ in range(DEEPEST):
            owner = self._owner(name)
            if owner is None:
                return Answer("NOERROR" if found else "NXDOMAIN", tuple(found))
            kind = type_ if (owner, type_) in self._groups else "CNAME"
            chosen = list(self._chosen(owner, kind, DEEPEST))
            values = tuple(entry["Value"] for record in chosen for entry in record.get("ResourceRecords") or ())
            if not values:
                outside = next((record["AliasTarget"]["DNSName"] for record in chosen), "")
                return Answer("NOERROR", tuple(found), outside)
            found.append(RecordSet(name, kind, min(int(record["TTL"]) for record in chosen), values))
            if kind == type_:
                return Answer("NOERROR", tuple(found))
            name = normal(values[0])
        raise LoopError

    def _owner(self, name: str) -> str | None:
        """The name whose records answer: its own, or a wildcard's where the name does not exist. None: there is none."""
        if name in self._names:
            return name
        for parent in _parents(name):
            if f"{WILDCARD}.{parent}" in self._names:
                return f"{WILDCARD}.{parent}"
            if parent in self._names:
                break
        return None

    def _group(self, name: str, type_: str) -> list[Record]:
        owner = self._owner(name)
        return self._groups.get((owner, type_), []) if owner else []

    def _chosen(self, name: str, type_: str, depth: int) -> Iterator[Record]:
        """The record sets at the end of all aliases: with values, or aliases that lead out of the zone."""
        if depth == 0:
            raise LoopError
        group = self._group(name, type_)
        if not group:
            return
        healthy = [record for record in group if self._healthy(record, DEEPEST)]
        for record in choose(group, healthy, self._region, self._chance):
            if self._leads_inside(record):
                yield from self._chosen(record["AliasTarget"]["DNSName"], type_, depth - 1)
            else:
                yield record

    def _leads_inside(self, record: Record) -> bool:
        target = record.get("AliasTarget")
        return target is not None and any(is_inside(target["DNSName"], apex) for apex in self._apexes)

    def _healthy(self, record: Record, depth: int) -> bool:
        if "HealthCheckId" in record and not self._is_healthy(record["HealthCheckId"]):
            return False
        target = record.get("AliasTarget")
        if not target or not target["EvaluateTargetHealth"] or not self._leads_inside(record):
            return True
        under = self._group(target["DNSName"], record["Type"])
        return depth > 0 and any(self._healthy(one, depth - 1) for one in under)


def _parents(name: str) -> Iterator[str]:
    """The names above a name, nearest first, without the root."""
    rest = name.partition(".")[2]
    while rest:
        yield rest
        rest = rest.partition(".")[2]
