"""What an observation looks for: wanted and recorded resources, each with what is known of its place and key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sbctl.core.address import GLOBAL, Address
from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.spec import Desired, Spec
from sbctl.core.kinds.values import Lookup, Unknown, UnknownValueError, plain, resolve
from sbctl.core.state import Record, State

Kinds = Mapping[str, Kind[Any, Any]]


@dataclass(frozen=True)
class Target:
    """One address to look for: the wanted spec, the record, or both."""

    address: Address
    desired: Desired | None
    record: Record | None
    was_deleted: bool = False
    """A record of it was dropped before: a search index may go on showing it for a while."""

    @property
    def values(self) -> dict[str, Any]:
        """The wanted values, or those last applied when nothing is wanted any more."""
        if self.desired is not None:
            return self.desired.values
        return dict(self.record.applied) if self.record else {}


@dataclass(frozen=True)
class ReadUnit:
    """Where and under which key a target would be found; the unit of reading is (kind, region, within)."""

    kind: str
    region: str
    within: str
    key: str

    @property
    def group(self) -> tuple[str, str, str]:
        return (self.kind, self.region, self.within)


def targets(desired: Iterable[Desired], state: State) -> dict[Address, Target]:
    """All addresses that are wanted or recorded."""
    wanted = {item.address: item for item in desired}
    records = {record.at: record for record in state.records.values()}
    return {
        address: Target(address, wanted.get(address), records.get(address), str(address) in state.gone)
        for address in sorted(wanted.keys() | records.keys())
    }


def region_to_call(kind: Kind[Any, Any], address: Address, primary: str) -> str:
    """The region in which calls about an address are made."""
    if address.region != GLOBAL:
        return address.region
    return kind.home or primary


def place(kind: Kind[Any, Any], target: Target, primary: str, lookup: Lookup) -> ReadUnit | Unknown:
    """Where to look, or the unknown value that stands in the way (pending, or of something that does not exist)."""
    within = resolve(target.values.get(kind.within, ""), lookup) if kind.within else ""
    if isinstance(within, Unknown):
        return within
    values = resolve(target.values, lookup)
    try:
        key = kind.key(shaped(kind, values))
    except UnknownValueError as error:
        return error.unknown
    if isinstance(key, Unknown):
        return key
    return ReadUnit(kind.name, region_to_call(kind, target.address, primary), str(within), key)


def shaped(kind: Kind[Any, Any], values: Mapping[str, Any]) -> Spec:
    """A spec that may hold Unknown leaves: validated when it can be, otherwise only given the shape."""
    try:
        return kind.spec.model_validate(plain(values))
    except ValueError:
        return kind.spec.model_construct(**dict(values))
