"""A state on objects, for teams: locked by a lease, and safe without it, because every write rests on what was read.

State and journal are an object each. Both begin with a line that names who wrote them last. Whoever takes the lock writes
both anew under its own name, the journal first: from then on every conditional write of an earlier holder fails, however late
it comes, and nothing of either is overwritten or lost.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from sbctl.core.clock import Clock
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.state import State
from sbctl.store.copies import Copy, first_answer
from sbctl.store.envelope import DamageError, open_envelope
from sbctl.store.lease import LEASE_SECONDS, Lease
from sbctl.store.medium import Content, CopyStatus
from sbctl.store.objects import Blob, ConflictError, Objects
from sbctl.store.waiting import Waiting

STATE = "sbctl.state"
JOURNAL = "sbctl.journal"
GENERATIONS = "generations"
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
        self._opened: Opened | None = None
        self._mirrored = b""
        self.fold_after = FOLD_AFTER

    @property
    def where(self) -> str:
        return self._objects.where

    @contextmanager
    def lock(self, waiting: Waiting) -> Iterator[None]:
        with self._lease.held(waiting):
            try:
                self._open()
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
        copies = [partial(_read_copy, copy.objects) for copy in self._copies]
        return first_answer([partial(_read, self._objects), *copies])

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
        return [_status(copy.objects) for copy in self._copies]

    def behind(self) -> list[CopyStatus]:
        return [CopyStatus(copy.objects.where, None, copy.behind) for copy in self._copies if copy.behind]

    def _open(self) -> None:
        """Take both objects over. A write of the last holder that comes in between is read, and then taken over too."""
        for _ in range(TRIES):
            journal, state = self._objects.get(JOURNAL), self._objects.get(STATE)
            self._refuse_what_is_behind(state)
            lines = _unsigned(journal) or b""
            try:
                journal_tag = self._objects.put(JOURNAL, self._signed(lines), journal.etag if journal else "")
                state_tag = ""
                if state is not None:
                    state_tag = self._objects.put(STATE, self._signed(_unsigned(state) or b""), state.etag)
            except ConflictError:
                self._lease.check()
                continue
            self._opened = Opened(_unsigned(state), state_tag, lines, journal_tag)
            return
        raise SbctlError(self._lease.trouble())

    def _refuse_what_is_behind(self, state: Blob | None) -> None:
        """A copy that is ahead was worked on while this place was lost: writing here would make two histories."""
        for copy in self._copies:
            found = copy.open((STATE, JOURNAL))
            theirs, ours = _state(found.get(STATE)), _state(state)
            if theirs is None or theirs.moved_to:
                continue
            if ours is None or theirs.lineage != ours.lineage or theirs.serial > ours.serial:
                raise SbctlError(_behind(self._place(), self.where, ours, copy.objects.where, theirs))

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
        except ConflictError as error:
            raise SbctlError(self._lease.trouble()) from error

    def _mirror(self) -> None:
        """Bring the copies' journals up to date; called now and then, since writing them each time would double every wait."""
        opened = self._opened
        if opened is None or opened.journal == self._mirrored:
            return
        self._mirrored = opened.journal
        for copy in self._copies:
            copy.write(JOURNAL, self._signed(self._mirrored))

    def _signed(self, content: bytes) -> bytes:
        """The content after a line that is never twice the same: even what did not change has another tag."""
        sign = {"token": self._lease.token, "nonce": uuid.uuid4().hex}
        return json.dumps(sign).encode() + b"\n" + content


def _unsigned(blob: Blob | None) -> bytes | None:
    return None if blob is None else blob.content.partition(b"\n")[2]


def _read(objects: Objects) -> Content:
    # The journal first: what is folded into the state between the two reads is then in the state.
    journal, state = objects.get(JOURNAL), objects.get(STATE)
    return Content(_unsigned(state), _unsigned(journal) or b"", objects.where)


def _read_copy(objects: Objects) -> Content:
    """A copy that was never written says nothing of whether there is a state."""
    content = _read(objects)
    if content.state is None:
        raise SbctlError(Problem(code="no-copy", summary="There is no copy of the state yet", at=objects.where))
    return content


def _status(objects: Objects) -> CopyStatus:
    try:
        blob = objects.get(STATE)
    except SbctlError as error:
        return CopyStatus(objects.where, None, error.problems[0].detail)
    state = _state(blob)
    trouble = "" if state else "there is none yet" if blob is None else "it cannot be read"
    return CopyStatus(objects.where, state.serial if state else None, trouble)


def _state(blob: Blob | None) -> State | None:
    """The state in an object, when it can be read."""
    try:
        return open_envelope(_unsigned(blob) or b"", "")
    except (DamageError, SbctlError):
        return None


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
