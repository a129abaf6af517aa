"""Single records taken out of the state, or kept under another address. Each is one write, and so one generation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sbctl.core.address import Address
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.state import Record, State
from sbctl.core.text.alike import did_you_mean
from sbctl.store.state.store import StateStore


def forget(store: StateStore, texts: Sequence[str]) -> tuple[Record, ...]:
    """Take these addresses out of the state; what they were. The caller holds the lock.

    Raises SbctlError with every address that is not there; nothing is taken out then.
    """
    state = store.compact()
    records = _recorded(state, texts)
    for record in records:
        state = state.without(record.at)
    _write(store, state)
    return records


def forgettable(state: State, texts: Sequence[str]) -> tuple[Record, ...]:
    """What would be forgotten. Raises SbctlError with every address that is not there."""
    return _recorded(state, texts)


def rename(store: StateStore, old: str, new: str) -> Record:
    """Keep the record of an address under another; the record as it is then. The caller holds the lock.

    What depends on it depends on the new address. Raises SbctlError when the old address is not recorded or a step on it
    has not ended, and when the new one is taken, or of another kind or region.
    """
    state = store.compact()
    (record,) = _recorded(state, [old])
    target = _address(new)
    refused = list(_refusals(state, record, target))
    if refused:
        raise SbctlError(*refused)
    # Creations are asked for with a token of address and generation: one that was used there must not come again.
    generation = max(record.generation, state.gone.get(str(target), 0))
    moved = record.model_copy(update={"address": str(target), "generation": generation})
    records = {
        name: kept.model_copy(update={"needs": _renamed(kept.needs, record.address, moved.address)})
        for name, kept in state.without(record.at).with_record(moved).records.items()
    }
    gone = {name: number for name, number in state.gone.items() if name != moved.address}
    _write(store, state.model_copy(update={"records": records, "gone": {**gone, record.address: record.generation}}))
    return records[moved.address]


def _write(store: StateStore, state: State) -> None:
    store.write(state.model_copy(update={"serial": state.serial + 1}))


def _renamed(needs: Iterable[str], old: str, new: str) -> list[str]:
    return [new if name == old else name for name in needs]


def _recorded(state: State, texts: Sequence[str]) -> tuple[Record, ...]:
    found = {text: state.records.get(_normal(text)) for text in texts}
    missing = [_unknown(text, state) for text, record in found.items() if record is None]
    if missing:
        raise SbctlError(*missing)
    return tuple(record for record in found.values() if record is not None)


def _normal(text: str) -> str:
    try:
        return str(Address.parse(text))
    except ValueError:
        return ""


def _address(text: str) -> Address:
    try:
        return Address.parse(text)
    except ValueError as error:
        raise SbctlError(_refused(f"{text}: {error}", "Write it as KIND.REGION.NAME.")) from error


def _refusals(state: State, record: Record, target: Address) -> Iterator[Problem]:
    if target.kind != record.at.kind or target.region != record.at.region:
        where = f"{record.at.kind}.{record.at.region}"
        yield _refused(f"{target} is of another kind or region than {record.address}", f"Begin it with {where}.")
    if str(target) in state.records:
        detail = f"{target} is in the state already"
        yield _refused(detail, f"Take another name; or, first, sbctl state forget {target}.")
    if record.status != "ready":
        detail = f"a step on {record.address} has not ended ({record.status})"
        yield _refused(detail, "Let sbctl deploy or sbctl destroy finish it first.")


def _unknown(text: str, state: State) -> Problem:
    return Problem(
        code="unknown-address",
        summary="The state has no such address",
        detail=text,
        fix=did_you_mean(text.lower(), state.records, "sbctl state list shows what there is."),
        exit=Exit.USAGE,
    )


def _refused(detail: str, fix: str) -> Problem:
    return Problem(
        code="rename-refused",
        summary="The record cannot be kept under this address",
        detail=detail,
        fix=fix,
        exit=Exit.USAGE,
    )
