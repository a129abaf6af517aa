"""What can be wrong with a state, each with the very command that puts it right."""

from __future__ import annotations

from collections.abc import Sequence

from sbctl.core.problem import Exit, Problem
from sbctl.core.text.counted import counted
from sbctl.store.media.backend import CopyStatus
from sbctl.store.state.history import Generation


def damaged(at: str, why: str, newest: Generation | None, call: str) -> Problem:
    """The state file is not, or not wholly, what sbctl wrote. `newest` is the newest generation that can be read."""
    return Problem(
        code="state-damaged",
        summary="The state file is damaged",
        detail=f"{why}; nothing was done with it",
        at=at,
        fix=_recovery(newest, call),
    )


def missing(at: str, newest: Generation, call: str) -> Problem:
    """There were states here, and now the state file is gone."""
    return Problem(
        code="state-missing",
        summary="The state file is gone, and its generations are here",
        detail="an empty state would forget what was made; nothing was done",
        at=at,
        fix=_recovery(newest, call),
    )


def moved(at: str, to: str) -> Problem:
    """The state that was here is kept elsewhere now."""
    return Problem(
        code="state-moved",
        summary="The state was moved to another place",
        detail=f"it is kept at {to} now",
        at=at,
        fix=f"Name it: --state {to}, or SBCTL_STATE={to}",
        exit=Exit.USAGE,
    )


def copy_behind(copy: CopyStatus) -> Problem:
    """A copy could not be written. The state itself is; the next run that reaches the copy brings it up to date."""
    return Problem(
        code="copy-behind",
        summary="A copy of the state is not up to date",
        detail=copy.trouble,
        at=copy.where,
        fix="The next deploy that reaches it writes it; sbctl state history shows how far it is.",
        exit=Exit.DONE,
    )


def no_such_generation(at: str, serial: int, damage: str, known: Sequence[Generation], call: str) -> Problem:
    """The user named a generation that is not kept, or that is damaged itself."""
    sound = [str(generation.serial) for generation in known if generation.state is not None]
    return Problem(
        code="no-such-generation",
        summary="There is no such generation that can be read",
        detail=f"serial {serial}: {damage or 'it is not kept'}",
        at=at,
        fix=f"There are {', '.join(sound)}: {call} state history" if sound else f"From AWS: {call} state rebuild",
        exit=Exit.USAGE,
    )


def _recovery(newest: Generation | None, call: str) -> str:
    rebuild = f"{call} state rebuild"
    if newest is None or newest.state is None or not newest.state.records:
        return f"{rebuild} rebuilds it from AWS."
    return f"{call} state restore {newest.serial} ({described(newest)}); or rebuild it from AWS: {rebuild}"


def described(generation: Generation) -> str:
    """A generation in a few words."""
    if generation.state is None:
        return generation.damage
    when = f"{generation.state.written_at:%Y-%m-%d %H:%M} UTC, " if generation.state.written_at else ""
    return f"{when}{counted(len(generation.state.records), 'record')}"
