"""Resources and names that go from one address to another: the record follows, and who gives a name up goes first. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sbctl.core.address import Address
from sbctl.core.kinds.resource import Live
from sbctl.core.kinds.sought import same_ids
from sbctl.core.plan import FieldChange
from sbctl.core.state import Record, State
from sbctl.engine.matching.observed import ObservedWorld


class Handed:
    """Resources that are recorded at an address that is no longer wanted, and are what another address wants."""

    def __init__(self, wanted: Collection[Address], state: State) -> None:
        self._wanted: dict[tuple[str, str], list[Address]] = {}
        self._unwanted: dict[tuple[str, str], list[Record]] = {}
        for address in wanted:
            self._wanted.setdefault((address.kind, address.region), []).append(address)
        for record in state.records.values():
            if record.at not in wanted and record.ids:
                self._unwanted.setdefault((record.at.kind, record.at.region), []).append(record)

    def before(self, address: Address, live: Live[Any]) -> Record | None:
        """The record of what is now at this address, where another address has it that nobody wants any more."""
        records = self._unwanted.get((address.kind, address.region), ())
        return next((one for one in records if same_ids(one.ids, (live.ids, *live.also))), None)

    def now(self, record: Record, world: ObservedWorld) -> Address | None:
        """The wanted address at which a record's resource is now."""
        for address in self._wanted.get((record.at.kind, record.at.region), ()):
            live = world.live.get(address)
            if live is not None and same_ids(record.ids, (live.ids, *live.also)):
                return address
        return None


def in_circle(world: ObservedWorld, address: Address) -> bool:
    """Whether an address wants the name of one that, in the end, wants its own: two names are exchanged."""
    seen = [address]
    while (holder := world.holders.get(seen[-1])) is not None:
        if holder == address:
            return True
        if holder in seen:
            return False
        seen.append(holder)
    return False


def moved_ids(record: Record | None, live: Live[Any]) -> Iterator[FieldChange]:
    """The ids of the same resource that are others by now, such as the region through which a global table is asked."""
    if record is None or same_ids(record.ids, (live.ids,)) or not same_ids(record.ids, live.also):
        return
    for name, value in live.ids.items():
        if record.ids.get(name) != value:
            yield FieldChange(field=name, before=record.ids.get(name), after=value, why="config")


def ids_now(record: Record, live: Live[Any], world: ObservedWorld) -> dict[str, str]:
    """The ids by which it is deleted: through what it stands on now, where that has moved."""
    stands_on = [one.ids for need in record.needs if (one := world.live.get(Address.parse(need))) is not None]
    ways = (ids for ids in (live.ids, *live.also) if any(same_ids(ids, (other,)) for other in stands_on))
    return dict(next(ways, live.ids))


def shown(live: Live[Any]) -> str:
    """A resource for people: its name in AWS, or its id."""
    return str(live.ids.get("name") or live.ids.get("id") or " ".join(live.ids.values()))
