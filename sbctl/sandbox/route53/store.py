"""What the simulated Route 53 remembers: zones with their record sets, health checks, and changes on their way out.

Route 53 is one service for all regions. Record sets and health check configurations are kept in botocore's shapes.
"""

from __future__ import annotations

import secrets
import string
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sbctl.sandbox.route53.health import Health, is_healthy
from sbctl.sandbox.route53.names import sort_key
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.time.clock import WorldClock

SYNC_SECONDS = 30.0
"""How long a change is PENDING. AWS: usually below 60 seconds."""
ZONE_PREFIX = "/hostedzone/"
CHANGE_PREFIX = "/change/"
_ID = string.ascii_uppercase + string.digits

Record = Mapping[str, Any]
"""A ResourceRecordSet with its names in normal form; never changed in place."""


class RecordKey(NamedTuple):
    """What tells record sets of a zone apart, in the order in which they are listed."""

    reversed_name: str
    type: str
    set_identifier: str


def key_of(record: Record) -> RecordKey:
    return RecordKey(sort_key(record["Name"]), record["Type"], record.get("SetIdentifier") or "")


@dataclass
class Zone:
    """A hosted zone. `name_servers` without a dot at the end; `vpcs` only of a private zone."""

    id: str
    name: str
    reference: str
    comment: str | None
    name_servers: tuple[str, ...]
    vpcs: list[dict[str, Any]] = field(default_factory=list)
    records: dict[RecordKey, Record] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def is_private(self) -> bool:
        return bool(self.vpcs)

    def sorted_records(self) -> list[Record]:
        return [self.records[key] for key in sorted(self.records)]


@dataclass
class HealthCheck:
    """A health check. `config` has Route 53's defaults filled in."""

    id: str
    reference: str
    config: dict[str, Any]
    version: int = 1
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RecordChange:
    """A change that name servers take over one after the other."""

    id: str
    submitted: datetime
    in_sync_at: float
    comment: str | None


class ZoneStore:
    """Everything of the account. Every operation holds the lock."""

    def __init__(self, clock: WorldClock, account: str) -> None:
        self.clock = clock
        self.account = account
        self.lock = threading.RLock()
        self.zones: dict[str, Zone] = {}
        self.checks: dict[str, HealthCheck] = {}
        self.spent_references: set[str] = set()
        """Caller references of deleted health checks, which AWS refuses "for a number of days"."""
        self.changes: dict[str, RecordChange] = {}
        self.health = Health()

    def zone(self, named: str) -> Zone:
        """The zone of an id, with or without its prefix. Raises NoSuchHostedZone."""
        found = self.zones.get(named.removeprefix(ZONE_PREFIX))
        if found is None:
            raise ApiError("NoSuchHostedZone", f"No hosted zone found with ID: {named.removeprefix(ZONE_PREFIX)}", 404)
        return found

    def check(self, named: str) -> HealthCheck:
        """The health check of an id. Raises NoSuchHealthCheck."""
        found = self.checks.get(named)
        if found is None:
            raise ApiError("NoSuchHealthCheck", f"No health check exists with the specified ID {named}", 404)
        return found

    def is_healthy(self, check: str) -> bool:
        """The status of a check as record sets see it."""
        return is_healthy(check, {one.id: one.config for one in self.checks.values()}, self.health)

    def changed(self, comment: str | None = None) -> dict[str, Any]:
        """Begin to publish a change; its ChangeInfo."""
        change = RecordChange(new_id("C"), self.clock.now(), self.clock.seconds() + SYNC_SECONDS, comment)
        self.changes[change.id] = change
        return self.change_info(change)

    def change_info(self, change: RecordChange) -> dict[str, Any]:
        return {
            "Id": CHANGE_PREFIX + change.id,
            "Status": "INSYNC" if change.in_sync_at <= self.clock.seconds() else "PENDING",
            "SubmittedAt": change.submitted,
            "Comment": change.comment,
        }


def new_id(letter: str) -> str:
    """An id as AWS makes them: the letter of its kind and twenty capitals and digits."""
    return letter + "".join(secrets.choice(_ID) for _ in range(20))
