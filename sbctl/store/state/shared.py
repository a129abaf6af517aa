"""A state on objects, for teams: locked by a lease, and safe without it, because every write rests on what was read.

State and journal are an object each. Both begin with a line that names who wrote them last. Whoever takes the lock writes
both anew under its own name, the journal first: from then on every conditional write of an earlier holder fails, however late
it comes, and nothing of either is overwritten or lost.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from sbctl.core.clock import Clock
from sbctl.core.place import same_place
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.state import State
from sbctl.store.locks.lease import LEASE_SECONDS, Lease
from sbctl.store.locks.waiting import LockWaiting
from sbctl.store.media.backend import Content, CopyStatus
from sbctl.store.objects import Blob, ConflictError, Objects
from sbctl.store.state.copies import Copy, first_answer
from sbctl.store.state.layout import (
    GENERATIONS,
    JOURNAL,
    STATE,
    read,
    read_copy,
    signed,
    signer,
    state_in,
    status,
    unsigned,
)

FOLD_AFTER = 100
"""The journal is written whole each time, so it is kept short."""
TRIES = 5


@dataclass
class Opened:
    """What the holder of the lock knows of the two objects: their tags, and the journal's lines so far."""

    state: bytes | None
    state_tag: str
    journal: bytes
    journal_tag: str


class Shared:
    """A medium on objects, with copies elsewhere. Thread-safe as far as its only user, the state store, writes in turn."""

    def __init__(
        self,
        objects: Objects,
        copies: Sequence[Objects],
        clock: Clock,
        command: str,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self._objects = objects
        self._copies = [Copy(copy) for copy in copies]
        self._lease = Lease(objects, clock, command, self._mirror, lease_seconds)
        self._run = uuid.uuid4().hex
        self._opened: Opened | None = None
        self._mirrored = b""
        self.fold_after = FOLD_AFTER

    @property
    def where(self) -> str:
        return self._objects.where

    @contextmanager
    def lock(self, waiting: LockWaiting, moved_from: str = "") -> Iterator[None]:
        with self._lease.held(waiting):
            try:
                self._open(moved_from)
                yield
            finally:
                self._mirror()
                self._opened = None

    def unlock(self, *, force: bool) -> bool:
        return self._lease.release_dead(force=force)

    def read(self) -> Content:
        """State and journal as the holder has them; without the lock, as the first place says that answers."""
        if self._opened is not None:
            return Content(self._opened.state, self._opened.journal, self.where)
        copies = [partial(read_copy, copy.objects) for copy in self._copies]
        return first_answer([partial(read, self._objects), *copies])

    def append(self, lines: Iterable[str]) -> None:
        opened = self._checked()
        journal = opened.journal + "".join(lines).encode()
        opened.journal_tag = self._put(JOURNAL, journal, opened.journal_tag)
        opened.journal = journal

    def replace(self, state: bytes) -> None:
        opened = self._checked()
        opened.state_tag = self._put(STATE, state, opened.state_tag)
        opened.state = state
        opened.journal_tag = self._put(JOURNAL, b"", opened.journal_tag)
        opened.journal = b""
        for copy in self._copies:
            copy.write(STATE, self._signed(state))
        self._mirror()

    def names(self) -> list[str]:
        return self._objects.keys(GENERATIONS)

    def kept(self, name: str) -> bytes | None:
        found = self._objects.get(f"{GENERATIONS}/{name}")
        return found.content if found else None

    def keep(self, name: str, content: bytes) -> None:
        self._objects.write(f"{GENERATIONS}/{name}", content)

    def discard(self, name: str) -> None:
        self._objects.discard(f"{GENERATIONS}/{name}")

    def copies(self) -> list[CopyStatus]:
        return [status(copy.objects) for copy in self._copies]

    def behind(self) -> list[CopyStatus]:
        return [CopyStatus(copy.objects.where, None, copy.behind) for copy in self._copies if copy.behind]

    def _open(self, moved_from: str) -> None:
        """Take both objects over. A write of the last holder that comes in between is read, and then taken over too."""
        for _ in range(TRIES):
            # The copies first: they are written last, so that none can be ahead of what is read after them.
            copies = [(copy.objects.where, copy.open((STATE, JOURNAL)).get(STATE)) for copy in self._copies]
            journal, state = self._objects.get(JOURNAL), self._objects.get(STATE)
            others = [(where, found) for where, found in copies if not same_place(where, moved_from)]
            self._refuse_what_is_behind(state, others)
            lines = unsigned(journal) or b""
            try:
                journal_tag = self._objects.put(JOURNAL, self._signed(lines), journal.etag if journal else "")
                state_tag = ""
                if state is not None:
                    state_tag = self._objects.put(STATE, self._signed(unsigned(state) or b""), state.etag)
            except ConflictError:
                self._lease.check()
                continue
            self._opened = Opened(unsigned(state), state_tag, lines, journal_tag)
            return
        raise SbctlError(self._lease.trouble())

    def _refuse_what_is_behind(self, state: Blob | None, copies: Iterable[tuple[str, Blob | None]]) -> None:
        """A copy that is ahead was worked on while this place was lost: writing here would make two histories.

        Of a state that is there and damaged the copy says nothing: its own generations recover it.
        """
        ours = state_in(state)
        if ours is None and state is not None:
            return
        for where, blob in copies:
            theirs = state_in(blob)
            if theirs is None or theirs.moved_to:
                continue
            if ours is None or theirs.lineage != ours.lineage or theirs.serial > ours.serial:
                raise SbctlError(_behind(self._place(), self.where, ours, where, theirs))

    def _place(self) -> str:
        return ",".join([self.where, *(copy.objects.where for copy in self._copies)])

    def _checked(self) -> Opened:
        self._lease.check()
        if self._opened is None:
            raise SbctlError(self._lease.trouble())
        return self._opened

    def _put(self, key: str, content: bytes, match: str) -> str:
        try:
            return self._objects.put(key, self._signed(content), match)
        except ConflictError:
            found = self._objects.get(key)
        try:
            # An earlier write of our own, of which we never heard that it had arrived, is not somebody else's.
            if found is not None and signer(found) == self._run:
                return self._objects.put(key, self._signed(content), found.etag)
        except ConflictError:
            pass
        raise SbctlError(self._lease.trouble())

    def _mirror(self) -> None:
        """Bring the copies' journals up to date; called now and then, since writing them each time would double every wait."""
        opened = self._opened
        if opened is None or opened.journal == self._mirrored:
            return
        self._mirrored = opened.journal
        for copy in self._copies:
            copy.write(JOURNAL, self._signed(self._mirrored))

    def _signed(self, content: bytes) -> bytes:
        return signed(content, self._run, self._lease.token)


def _behind(place: str, where: str, ours: State | None, other: str, theirs: State) -> Problem:
    mine = f"serial {ours.serial} of lineage {ours.lineage[:8]}" if ours else "no state that can be read"
    return Problem(
        code="state-behind-copy",
        summary="A copy of the state is ahead of it",
        detail=f"here is {mine}; {other} has serial {theirs.serial} of lineage {theirs.lineage[:8]}",
        at=where,
        fix=f"Put the copy's state here: sbctl --state {other} state move --to {place}",
        exit=Exit.REFUSED,
    )
