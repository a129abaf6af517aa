"""Who holds a lock, as its note says, and the problems of those who are kept out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sbctl.core.clock import Clock
from sbctl.core.problem import Exit, Problem
from sbctl.core.text.strict_json import read_value
from sbctl.store.locks.process import Process, is_alive, this_process


@dataclass(frozen=True)
class Holder:
    """A run that holds a lock: its process, its command line, and since when (ISO 8601, UTC)."""

    process: Process
    command: str
    since: str

    @property
    def alive(self) -> bool | None:
        """Whether its process still runs; None when that cannot be judged from here."""
        return is_alive(self.process)

    def __str__(self) -> str:
        return f"`{self.command}` (pid {self.process.pid} on {self.process.host}, since {self.since})"

    def as_note(self) -> dict[str, Any]:
        """What is written beside the lock."""
        own = self.process
        who = {"host": own.host, "machine": own.machine, "pid": own.pid, "begun": own.begun}
        return {**who, "command": self.command, "since": self.since}


def myself(command: str, clock: Clock) -> Holder:
    """This process as a holder, from now on."""
    return Holder(this_process(), command, clock.now().isoformat(timespec="seconds"))


def read_holder(note: bytes | None) -> Holder | None:
    """The holder that a note names; None when it is not, or not wholly, a note."""
    try:
        found = read_value(note or b"")
        return from_note(found)
    except ValueError:
        return None


def from_note(note: object) -> Holder | None:
    """The holder that the values of a note name; None when they name none."""
    if not isinstance(note, Mapping):
        return None
    try:
        process = Process(str(note["host"]), str(note["machine"]), int(note["pid"]), str(note["begun"]))
        return Holder(process, str(note["command"]), str(note["since"]))
    except (KeyError, TypeError, ValueError):
        return None


def taken(where: str, holder: Holder | None) -> Problem:
    """The problem of a run that finds the state locked."""
    return Problem(
        code="state-locked",
        summary="Another run holds the state",
        detail=f"held by {holder or 'another run'}",
        at=where,
        fix="Let sbctl wait for it: --lock-timeout SECONDS. If it hangs and cannot be ended: sbctl state unlock --force",
        exit=Exit.LOCKED,
    )


def lost(where: str, holder: Holder | None) -> Problem:
    """The problem of a run whose lock was taken away while it worked."""
    return Problem(
        code="lock-lost",
        summary="This run no longer holds the state",
        detail=f"its lock was taken away, now held by {holder}" if holder else "its lock was taken away",
        at=where,
        fix="Nothing of the other run was overwritten. When it has ended, run the same command again.",
        exit=Exit.LOCKED,
    )
