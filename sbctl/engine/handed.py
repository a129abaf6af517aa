"""Resources and names that go from one address to another: the record follows, and who gives a name up goes first. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sbctl.core.address import Address
from sbctl.core.resource import Live
from sbctl.core.sought import same_ids
from sbctl.core.state import Record, State
from sbctl.engine.world import World


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

    def now(self, record: Record, world: World) -> Address | None:
        """The wanted address at which a record's resource is now."""
        for address in self._wanted.get((record.at.kind, record.at.region), ()):
            live = world.live.get(address)
            if live is not None and same_ids(record.ids, (live.ids, *live.also)):
                return address
        return None


def in_circle(world: World, address: Address) -> bool:
    """Whether an address wants the name of one that, in the end, wants its own: two names are exchanged."""
    seen = [address]
    while (holder := world.holders.get(seen[-1])) is not None:
        if holder == address:
            return True
        if holder in seen:
            return False
        seen.append(holder)
    return False
