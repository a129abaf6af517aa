"""What a state can be kept on. A medium holds bytes and a lock, and knows nothing of what a state is."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from sbctl.store.locks.waiting import LockWaiting


@dataclass(frozen=True)
class Content:
    """What a medium holds: the state file, None when there is none, and the journal beside it.

    `at` is where it was read, for people.
    """

    state: bytes | None
    journal: bytes
    at: str


@dataclass(frozen=True)
class CopyStatus:
    """A copy of the state in another place: its serial, None when that is not known, and what is wrong with it."""

    where: str
    serial: int | None
    trouble: str = ""


class Backend(Protocol):
    """A place for one state. Only who holds the lock writes. All methods raise SbctlError."""

    @property
    def where(self) -> str:
        """The state's place, for people."""

    @property
    def fold_after(self) -> int:
        """Journal entries after which these are folded into the state even in the middle of a run."""

    def lock(self, waiting: LockWaiting, moved_from: str = "") -> AbstractContextManager[None]:
        """Keep every other run out, waiting for one that is in. Raises SbctlError naming it.

        The state of `moved_from` is about to be put here: a copy in that place may be ahead.
        """

    def unlock(self, *, force: bool) -> bool:
        """Remove what a dead holder left; whether there was anything. A living holder is named, or with `force` put out."""

    def copies(self) -> list[CopyStatus]:
        """The copies elsewhere, as they are now."""

    def behind(self) -> list[CopyStatus]:
        """The copies that could not be written since the lock was taken."""

    def read(self) -> Content:
        """State and journal as they are now."""

    def append(self, lines: Iterable[str]) -> None:
        """Add to the journal; durable when this returns."""

    def replace(self, state: bytes) -> None:
        """Make this the state, and empty the journal. Durable when this returns; whole or not at all."""

    def names(self) -> list[str]:
        """The names of what is kept beside the state, sorted."""

    def kept(self, name: str) -> bytes | None:
        """What is kept under a name; None when there is nothing."""

    def keep(self, name: str, content: bytes) -> None:
        """Keep a copy under a name."""

    def discard(self, name: str) -> None:
        """Let a copy go."""
