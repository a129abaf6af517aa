"""What the simulated Route 53 remembers: zones with their record sets, health checks, changes, tags."""

from __future__ import annotations

import random
import string
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from sbctl.sandbox.clock import WorldClock
from sbctl.sandbox.route53.health import Health
from sbctl.sandbox.route53.names import sort_key
from sbctl.sandbox.service import ApiError

T = TypeVar("T")
RecordSet = dict[str, Any]
RecordKey = tuple[str, str, str]
PROPAGATION_SECONDS = 30.0
"""Until all authoritative servers know a change: "usually within 60 seconds"."""


@dataclass
class Zone:
    """One hosted zone. Record sets by (name, type, set identifier)."""

    id: str
    name: str
    reference: str
    config: dict[str, Any]
    servers: tuple[str, ...]
    records: dict[RecordKey, RecordSet] = field(default_factory=dict)

    def group(self, name: str, kind: str) -> list[RecordSet]:
        """The record sets that share a name and a type."""
        return [record for (n, k, _), record in self.records.items() if (n, k) == (name, kind)]

    def ordered(self) -> list[RecordSet]:
        """All record sets as lists show them: by reversed labels, type, set identifier."""
        return [self.records[key] for key in sorted(self.records, key=lambda key: (sort_key(key[0]), key[1], key[2]))]


@dataclass
class Check:
    """One health check."""

    id: str
    reference: str
    config: dict[str, Any]
    asked: dict[str, Any]
    """The settings as they were asked for: an identical request with the same reference is answered, another refused."""
    created: float
    version: int = 1


@dataclass
class Change:
    id: str
    submitted: float
    comment: str = ""


class Book:
    """Everything of one account. Every operation holds the lock."""

    def __init__(self, clock: WorldClock) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.zones: dict[str, Zone] = {}
        self.checks: dict[str, Check] = {}
        self.used_references: set[str] = set()
        self.changes: dict[str, Change] = {}
        self.tags: dict[tuple[str, str], dict[str, str]] = {}
        self.health = Health(self.checks)

    def zone(self, named: str) -> Zone:
        """The zone with an id, which may carry its prefix."""
        found = self.zones.get(bare(named))
        if found is None:
            raise ApiError("NoSuchHostedZone", f"No hosted zone found with ID: {bare(named)}", 404)
        return found

    def check(self, named: str) -> Check:
        found = self.checks.get(named)
        if found is None:
            raise ApiError("NoSuchHealthCheck", f"A health check with id {named} does not exist.", 404)
        return found

    def change(self, comment: str = "") -> dict[str, Any]:
        """Note that something changed, and answer what to ask for with GetChange."""
        change = Change(new_id("C"), self.clock.seconds(), comment)
        self.changes[change.id] = change
        return self.info(change)

    def info(self, change: Change) -> dict[str, Any]:
        """A change as it stands now."""
        pending = self.clock.seconds() < change.submitted + PROPAGATION_SECONDS
        answer = {
            "Id": f"/change/{change.id}",
            "Status": "PENDING" if pending else "INSYNC",
            "SubmittedAt": datetime.fromtimestamp(change.submitted, UTC),
        }
        return {**answer, "Comment": change.comment} if change.comment else answer


def bare(named: str) -> str:
    """The id without "/hostedzone/" or "/change/" before it."""
    return named.rpartition("/")[2]


def new_id(first: str) -> str:
    """An id as Route 53 makes them: a letter and twenty more characters."""
    return first + "".join(random.choices(string.ascii_uppercase + string.digits, k=20))


def page(rows: Iterable[T], asked: object, limit: int = 100, start: int = 0) -> tuple[list[T], T | None]:
    """The rows from `start` on, at most as many as asked for (a string, as Route 53 has it), and the first of the next page."""
    try:
        wanted = int(str(asked or limit))
    except ValueError:
        wanted = 0
    if wanted < 1:
        raise ApiError("InvalidInput", f"MaxItems {asked} is not a positive number", 400)
    found = list(rows)[start:]
    size = min(wanted, limit)
    return found[:size], found[size] if len(found) > size else None
