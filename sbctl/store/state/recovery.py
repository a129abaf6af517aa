"""Another state in the place of the present one: a generation restored, or one made anew. Nothing that was there is lost."""

from __future__ import annotations

from sbctl.core.problem import SbctlError
from sbctl.core.state import State
from sbctl.store.state.envelope import seal
from sbctl.store.state.journal import entries
from sbctl.store.state.problems import no_such_generation
from sbctl.store.state.store import StateStore


def restore(store: StateStore, serial: int) -> State:
    """Make a generation the state again, under a new serial. The caller holds the lock. Raises SbctlError.

    When the present state is damaged or missing, the journal that rests on the generation is replayed: restoring the
    newest then loses nothing.
    """
    found = store.history.find(serial)
    if found is None or found.state is None:
        damage = found.damage if found else ""
        raise SbctlError(no_such_generation(store.where, serial, damage, store.history.all(), store.call))
    state = found.state
    if sound(store) is None:
        for entry in entries(store.raw().journal, state):
            state = entry.on(state)
    return supersede(store, state)


def supersede(store: StateStore, state: State) -> State:
    """Put `state` in the place of whatever is there, under a serial above all others. The caller holds the lock.

    What it replaces stays as a generation. Generations of addresses never go back: AWS must not be asked to make a new
    thing with the token of an old one.
    """
    _keep_present(store)
    known = store.history.all()
    tokens: dict[str, int] = {}
    for past in (generation.state for generation in known if generation.state is not None):
        tokens |= {address: max(number, tokens.get(address, 0)) for address, number in past.generations().items()}
    highest = max([state.serial, *(generation.serial for generation in known)])
    store.write(state.not_before(tokens).model_copy(update={"serial": highest + 1, "moved_to": ""}))
    return store.load()


def sound(store: StateStore) -> State | None:
    """The present state when there is one that can be read."""
    try:
        state = store.load()
    except SbctlError:
        return None
    return state if state.lineage else None


def _keep_present(store: StateStore) -> None:
    if sound(store) is not None:
        present = store.compact()
        if store.history.find(present.serial) is None:
            store.history.keep(present.serial, seal(present))
        return
    content = store.raw().state
    if content is not None:
        store.keep_damaged(content)
