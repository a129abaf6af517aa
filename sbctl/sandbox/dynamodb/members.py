"""Which regions a table lives in, and since when: the sandbox's own knowledge of global tables, beside moto's tables."""

from __future__ import annotations

from dataclasses import dataclass, field

from sbctl.sandbox.clock import WorldClock

TABLE_SECONDS = 3.0
"""From CreateTable to ACTIVE."""
APPEARS_SECONDS = 6.0
"""From the request to the replica's entry in the source's description (dr-primitives 1.3)."""
REPLICA_SECONDS = 20.0
"""From the request to an ACTIVE replica of an empty table."""
REMOVAL_SECONDS = 30.0
SOURCE_BUSY_SECONDS = 8.0


@dataclass
class Member:
    """A table in one region. Times are the world clock's seconds; `gone_at` is set while it is being deleted."""

    appears_at: float
    ready_at: float
    gone_at: float | None = None
    source: str = ""

    def exists(self, now: float) -> bool:
        return self.appears_at <= now and (self.gone_at is None or self.gone_at > now)

    def status(self, now: float) -> str:
        if self.gone_at is not None:
            return "DELETING"
        return "ACTIVE" if self.ready_at <= now else "CREATING"


@dataclass
class Group:
    """All regional tables of one name that replicate to each other. `busy_until`: the source's UPDATING."""

    members: dict[str, Member] = field(default_factory=dict)
    busy_until: dict[str, float] = field(default_factory=dict)
    replicated: bool = False


class Groups:
    """The groups by table name and region. Two tables of the same name in different regions may be strangers."""

    def __init__(self, clock: WorldClock) -> None:
        self._clock = clock
        self._of: dict[tuple[str, str], Group] = {}

    def clear(self) -> None:
        self._of.clear()

    def get(self, table: str, region: str) -> Group | None:
        """The group of a table, freed of what is gone by now."""
        group = self._of.get((table, region))
        if group is None:
            return None
        now = self._clock.seconds()
        for name, member in list(group.members.items()):
            if member.gone_at is not None and member.gone_at <= now:
                del group.members[name]
                self._of.pop((table, name), None)
        return group if region in group.members else None

    def start(self, table: str, region: str) -> Group:
        """A new table in one region."""
        now = self._clock.seconds()
        group = Group({region: Member(now, now + TABLE_SECONDS)})
        self._of[(table, region)] = group
        return group

    def join(self, table: str, group: Group, region: str, source: str) -> None:
        """Add a replica."""
        now = self._clock.seconds()
        group.members[region] = Member(now + APPEARS_SECONDS, now + REPLICA_SECONDS, source=source)
        group.busy_until[source] = now + SOURCE_BUSY_SECONDS
        group.replicated = True
        self._of[(table, region)] = group

    def leave(self, group: Group, region: str) -> None:
        """Begin to remove a regional table."""
        group.members[region].gone_at = self._clock.seconds() + REMOVAL_SECONDS

    def in_flight(self, group: Group) -> bool:
        """Whether a replica is being made or removed."""
        now = self._clock.seconds()
        return any(member.status(now) != "ACTIVE" for member in group.members.values())
