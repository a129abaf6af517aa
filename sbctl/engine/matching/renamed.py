"""Records that stand under another form of their address than the config has now: found by the name that was applied.

Earlier versions wrote ASCII alone (`m-ller` of `Müller`), and a name gets another form when one like it is added beside it.
What is meant stays the same, so its record moves instead of being deleted and created again. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sbctl.core.address import Address
from sbctl.core.kinds.spec import Desired
from sbctl.core.state import Record, State
from sbctl.core.text.slug import forms


@dataclass(frozen=True)
class RenamedRecords:
    """The state under the addresses of now; which of its records are new or changed, and which old ones go."""

    state: State
    changed: tuple[Record, ...] = ()
    left: tuple[Record, ...] = ()


def renamed(state: State, desired: Iterable[Desired]) -> RenamedRecords:
    """Move each record to the address by which its resource is known now."""
    moves = {old: new for item in desired for old, new in _moves(state, item)} if state.records else {}
    if not moves:
        return RenamedRecords(state)
    records: dict[str, Record] = {}
    for address, record in state.records.items():
        target = moves.get(address, address)
        if address in moves and target in state.records and target not in moves:
            continue  # a killed run had moved it already
        needs = [moves.get(need, need) for need in record.needs]
        records[target] = record.model_copy(update={"address": target, "needs": needs})
    left = tuple(state.records[old] for old in moves)
    gone = {**state.gone, **{record.address: record.generation for record in left if record.address not in records}}
    changed = tuple(record for address, record in records.items() if record != state.records.get(address))
    return RenamedRecords(state.model_copy(update={"records": records, "gone": gone}), changed, left)


def _moves(state: State, item: Desired) -> Iterator[tuple[str, str]]:
    name = getattr(item.spec, "name", None)
    for old in _other_forms(item.address):
        record = state.records.get(old)
        if record is None or not isinstance(name, str) or record.applied.get("name") != name:
            continue
        there = state.get(item.address)
        if there is None or there.ids == record.ids or there.applied.get("name") != name:
            yield old, str(item.address)


def _other_forms(address: Address) -> list[str]:
    return [f"{address.kind}.{address.region}.{form}" for form in sorted(forms(address.called) - {address.name})]
