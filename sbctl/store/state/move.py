"""A state with its history moved to another place. What stays behind says where it went, so that nobody goes on there."""

from __future__ import annotations

from sbctl.core.place import same_place
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.state import State
from sbctl.core.text.counted import counted
from sbctl.store.state.envelope import DamageError, open_envelope
from sbctl.store.state.store import StateStore


def move(source: StateStore, target: StateStore, to: str) -> State:
    """Make `target` (the place that users call `to`) hold the state of `source`. Takes both locks. Raises SbctlError.

    Refused when the target holds another project's state, or a later one of the same. A kill in between leaves the state
    in both places, and moving again goes on. A source that is one of the target's copies stays as one.
    """
    with source.lock():
        state = source.compact()
        with target.held(moved_from=source.where):
            _refuse(target, state)
            for name, content in source.kept().items():
                target.keep(name, content)
            target.write(state)
            _verify(target, state)
        if not any(same_place(copy.where, source.where) for copy in target.copies()):
            source.leave(to)
    return state


def _refuse(target: StateStore, state: State) -> None:
    content = target.raw()
    if content.state is None:
        return
    try:
        there = open_envelope(content.state, content.at)
    except DamageError as error:
        raise SbctlError(_occupied(target.where, str(error))) from error
    if there.lineage != state.lineage and (there.records or there.moved_to):
        raise SbctlError(
            _occupied(target.where, f"lineage {there.lineage[:8]}, {counted(len(there.records), 'record')}")
        )
    if there.serial > state.serial and not there.moved_to:
        raise SbctlError(_occupied(target.where, f"serial {there.serial}, later than {state.serial}"))


def _verify(target: StateStore, state: State) -> None:
    """Read it back before the source is given up."""
    written = target.reread()
    if (written.lineage, written.records, written.gone) != (state.lineage, state.records, state.gone):
        raise SbctlError(_occupied(target.where, "what was read back is not what was written"))


def _occupied(at: str, detail: str) -> Problem:
    return Problem(
        code="place-occupied",
        summary="Another state is kept there",
        detail=f"{detail}; nothing was moved",
        at=at,
        fix="Choose another place, or take that state away first.",
        exit=Exit.REFUSED,
    )
