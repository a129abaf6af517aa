"""Which address a resource is: by its recorded id first, then by its ownership tag, then by its natural key. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sbctl.core.address import Address
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.sought import Sought, same_ids
from sbctl.core.kinds.spec import Desired
from sbctl.core.kinds.values import plain
from sbctl.core.project import ADDRESS_TAG, PROJECT_TAG
from sbctl.core.state import Record, State
from sbctl.engine.matching.applied import applied_spec
from sbctl.engine.matching.targets import Kinds, ReadUnit, Target, region_to_call, shaped

TAGS = "tags"
Spot = tuple[str, str]
"""Kind and region to call: within one, equal ids mean the same resource."""


@dataclass(frozen=True)
class Match:
    """What was found for a target. `by_id` says that its recorded id was among it.

    `holder` is the address that has the wanted key by its recorded id; `rival` is something else, of nobody, that has it.
    """

    live: Live[Any] | None = None
    by_id: bool = False
    rival: Live[Any] | None = None
    holder: Address | None = None


class Identities:
    """Whose the recorded ids are. `state` is the whole state, also what this run does not look at.

    `wanted` are the addresses that the config wants outside of what this run looks at.
    """

    def __init__(
        self,
        kinds: Kinds,
        state: State,
        targets: Mapping[Address, Target],
        primary: str,
        wanted: Collection[Address] = (),
    ) -> None:
        self._targets = targets
        self._kept = wanted
        self._exact: dict[tuple[Spot, frozenset[tuple[str, str]]], Address] = {}
        self._recorded: dict[Spot, list[tuple[Address, Mapping[str, str]]]] = {}
        rows = [(record.at, record) for record in state.records.values() if record.ids and record.at.kind in kinds]
        # What is wanted comes last, and so first: an id that two addresses have is that of the one that stays.
        for address, record in sorted(rows, key=lambda row: self._is_wanted(row[0])):
            spot = (address.kind, region_to_call(kinds[address.kind], address, primary))
            self._exact[spot, frozenset(record.ids.items())] = address
            self._recorded.setdefault(spot, []).append((address, record.ids))

    def address_of(self, spot: Spot, live: Live[Any]) -> Address | None:
        """The address whose record has the id of this resource."""
        known = (live.ids, *live.also)
        for ids in known:
            if (spot, frozenset(ids.items())) in self._exact:
                return self._exact[spot, frozenset(ids.items())]
        return next((address for address, ids in self._recorded.get(spot, ()) if same_ids(ids, known)), None)

    def is_free(self, address: Address | None) -> bool:
        """Whether another address may take over what is recorded at this one: nothing is, or it is not wanted any more."""
        return address is None or (address in self._targets and not self._is_wanted(address))

    def _is_wanted(self, address: Address) -> bool:
        target = self._targets.get(address)
        return (target is not None and target.desired is not None) or address in self._kept


@dataclass
class FoundGroup:
    """What one reading found, in the three ways by which it is looked for."""

    lives: list[Live[Any]] = field(default_factory=list)
    by_id: dict[Address, Live[Any]] = field(default_factory=dict)
    by_owner: dict[str, list[Live[Any]]] = field(default_factory=dict)
    by_key: dict[str, list[tuple[Live[Any], Address | None]]] = field(default_factory=dict)

    def add(self, kind: Kind[Any, Any], spot: Spot, lives: Iterable[Live[Any]], known: Identities) -> None:
        """Take what was found. What is found in several ways, or by several readers, is one resource."""
        there = {frozenset(live.ids.items()) for live in self.lives}
        for live in lives:
            ids = frozenset(live.ids.items())
            if ids in there:
                continue
            there.add(ids)
            address = known.address_of(spot, live)
            self.lives.append(live)
            self.by_key.setdefault(kind.key(live.spec), []).append((live, address))
            if address is not None:
                self.by_id[address] = live
            if live.owner and known.is_free(address):
                self.by_owner.setdefault(live.owner, []).append(live)

    def match(self, kind: Kind[Any, Any], target: Target, key: str, known: Identities) -> Match:
        """The resource of a target that has this natural key, or had it until somebody renamed it."""
        named = self.by_key.get(key, ())
        held = [address for _, address in named if address not in (None, target.address)]
        rivals = [live for live, address in named if address is None]
        live = self.by_id.get(target.address)
        if live is not None:
            return Match(live, True, next(iter(rivals), None), next(iter(held), None))
        tagged = [one for owner in owners(target) for one in self.by_owner.get(owner, ()) if is_tagged(target, one)]
        tagged.sort(key=lambda one: (kind.key(one.spec) != key, sorted(one.ids.items())))
        if tagged:
            rival = next((live for live in rivals if live is not tagged[0]), None)
            return Match(tagged[0], False, rival, next(iter(held), None))
        free = [live for live, address in named if known.is_free(address)]
        if free and (target.desired is not None or not _is_gone(kind, target)):
            return Match(free[0])
        return Match(holder=next(iter(held), None))


def is_renamed(kind: Kind[Any, Any], target: Target, key: str, live: Live[Any]) -> bool:
    """Whether it has another natural key than is wanted; what sbctl makes up for a creation alone is not wanted of it."""
    if target.desired is None or kind.key(live.spec) == key:
        return False
    if not target.desired.initial:
        return True
    return bool(kind.key(live.spec) != kind.key(shaped(kind, settled(target.desired, target.values, live))))


def _is_gone(kind: Kind[Any, Any], target: Target) -> bool:
    """Whether what was recorded is gone, so that something untagged of its name, which nobody wants, is not ours to touch."""
    return target.record is not None and bool(target.record.ids) and TAGS in kind.spec.model_fields


def settled(desired: Desired, values: Mapping[str, Any], live: Live[Any]) -> dict[str, Any]:
    """The wanted values, with those that are for a creation alone as the resource has them."""
    return {**values, **{name: getattr(live.spec, name) for name in desired.initial if getattr(live.spec, name)}}


def owners(target: Target) -> frozenset[str]:
    """What an ownership tag may hold for this address."""
    address = target.address
    return frozenset({str(address), *(f"{address.kind}.{address.region}.{form}" for form in address.forms)})


def is_tagged(target: Target, live: Live[Any]) -> bool:
    """Whether the tags say that it is this very address of this project, and nothing that was there before."""
    mine = target.values.get(TAGS) or {}
    theirs = getattr(live.spec, TAGS, None) or {}
    project = mine.get(PROJECT_TAG) if isinstance(mine, Mapping) else None
    return bool(theirs.get(ADDRESS_TAG)) and project is not None and theirs.get(PROJECT_TAG) == project


def sought(kind: Kind[Any, Any], members: Iterable[tuple[Target, ReadUnit]]) -> Sought:
    """What to ask for in one place."""
    rows = list(members)
    keys = {where.key for _, where in rows} | {key for target, _ in rows if (key := applied_key(kind, target.record))}
    ids = {value for target, _ in rows if target.record for value in target.record.ids.values()}
    tagged = TAGS in kind.spec.model_fields
    return Sought(
        frozenset(keys),
        frozenset(ids),
        frozenset(owner for target, _ in rows for owner in owners(target)) if tagged else frozenset(),
    )


def applied_key(kind: Kind[Any, Any], record: Record | None) -> str:
    """The natural key of what was last applied; "" while nothing, or not all, was."""
    spec = applied_spec(kind, record)
    try:
        return "" if spec is None else str(kind.key(spec))
    except ValueError:
        return ""


def conclusive(kind: Kind[Any, Any], target: Target, where: ReadUnit) -> bool:
    """Whether a reading that did not find the recorded id says that it is gone: it looked where that was, and is not late."""
    record = target.record
    if record is None or not record.ids:
        return True
    if kind.lags or not applied_key(kind, record):
        return False
    return not kind.within or str(plain(record.applied.get(kind.within, ""))) == where.within
