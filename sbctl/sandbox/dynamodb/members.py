"""Which regions a table lives in, and since when: the sandbox's own knowledge of global tables, beside moto's tables."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from sbctl.sandbox.time.clock import WorldClock

TABLE_SECONDS = 3.0
"""From CreateTable to ACTIVE."""
APPEARS_SECONDS = 6.0
"""From the request to the replica's entry in the source's description (dr-primitives 1.3)."""
REPLICA_SECONDS = 20.0
"""From the request to an ACTIVE replica of an empty table."""
BACKFILL_SECONDS = 600.0
"""The same of a table that holds items, be it one."""
REMOVAL_SECONDS = 30.0
SOURCE_BUSY_SECONDS = 8.0


@dataclass
class Member:
    """A table in one region. Times are the world clock's seconds; `gone_at` is set while it is being deleted.

    `filled`: whether it has the items that its source had when it was made, without which it is not ACTIVE.
    """

    appears_at: float
    ready_at: float
    gone_at: float | None = None
    source: str = ""
    filled: bool = True
    failure: str = ""
    """Why its creation fails: its own region never has the table."""

    def exists(self, now: float) -> bool:
        return self.appears_at <= now and (self.gone_at is None or self.gone_at > now)

    def status(self, now: float) -> str:
        if self.gone_at is not None:
            return "DELETING"
        if self.failure and self.ready_at <= now:
            return "CREATION_FAILED"
        return "ACTIVE" if self.ready_at <= now and self.filled else "CREATING"


@dataclass
class Group:
    """All regional tables of one name that replicate to each other. `busy_until`: the source's UPDATING."""

    members: dict[str, Member] = field(default_factory=dict)
    busy_until: dict[str, float] = field(default_factory=dict)
    replicated: bool = False


class Groups:
    """The groups by table name and region. Two tables of the same name in different regions may be strangers.

    Who changes a group holds the lock of the operations on tables; `targets` and `usable` may be asked by anyone.
    """

    def __init__(self, clock: WorldClock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._of: dict[tuple[str, str], Group] = {}

    def clear(self) -> None:
        with self._lock:
            self._of.clear()

    def taken(self) -> Any:
        """All of them, to be kept."""
        with self._lock:
            return dict(self._of)

    def restore_state(self, state: Any) -> None:
        """What was kept."""
        with self._lock:
            self._of = state

    def get(self, table: str, region: str) -> Group | None:
        """The group of a table, freed of what is gone by now."""
        with self._lock:
            group = self._of.get((table, region))
            if group is None:
                return None
            now = self._clock.seconds()
            for name, member in list(group.members.items()):
                if member.gone_at is not None and member.gone_at <= now:
                    del group.members[name]
                    self._of.pop((table, name), None)
            return group if region in group.members else None

    def start(self, table: str, region: str, seconds: float = TABLE_SECONDS) -> Group:
        """A new table in one region, ACTIVE after `seconds`."""
        now = self._clock.seconds()
        group = Group({region: Member(now, now + seconds)})
        with self._lock:
            self._of[(table, region)] = group
        return group

    def join(self, table: str, group: Group, region: str, source: str, filled: bool) -> Member:
        """Add a replica; one that is not `filled` has the items of its source still to come."""
        now = self._clock.seconds()
        seconds = REPLICA_SECONDS if filled else BACKFILL_SECONDS
        member = Member(now + APPEARS_SECONDS, now + seconds, source=source, filled=filled)
        with self._lock:
            group.members[region] = member
            group.busy_until[source] = now + SOURCE_BUSY_SECONDS
            group.replicated = True
            self._of[(table, region)] = group
        return member

    def fail(self, group: Group, region: str, source: str, why: str) -> None:
        """Add a replica that is listed by the others, and never comes to be."""
        now = self._clock.seconds()
        with self._lock:
            group.members[region] = Member(now + APPEARS_SECONDS, now + REPLICA_SECONDS, source=source, failure=why)
            group.busy_until[source] = now + SOURCE_BUSY_SECONDS
            group.replicated = True

    def leave(self, group: Group, region: str, seconds: float = REMOVAL_SECONDS) -> None:
        """Begin to remove a regional table."""
        group.members[region].gone_at = self._clock.seconds() + seconds

    def in_flight(self, group: Group) -> bool:
        """Whether a replica is being made or removed."""
        now = self._clock.seconds()
        return any(member.status(now) in ("CREATING", "DELETING") for member in group.members.values())

    def targets(self, table: str, region: str) -> list[str]:
        """The other regions that a write in this one has to reach: also those that are still being made."""
        with self._lock:
            group = self._of.get((table, region))
            if group is None:
                return []
            return [
                name
                for name, member in group.members.items()
                if name != region and member.gone_at is None and not member.failure
            ]

    def usable(self, table: str, region: str) -> bool:
        """Whether items may be read and written: not while the table is being made or removed."""
        with self._lock:
            group = self._of.get((table, region))
            member = group.members.get(region) if group else None
            # moto has tables that were not made by CreateTable: restored ones
            return member is None or member.status(self._clock.seconds()) == "ACTIVE"
