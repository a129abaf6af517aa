"""One run at a time on objects: a lock object that says who holds it, renewed while the run works, free when it is not.

A lease keeps runs from getting in each other's way. That nothing is lost does not rest on it: a run whose lease was taken
away fails at its next write, because state and journal have been written by another since (see shared.py).
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sbctl.core.clock import Clock
from sbctl.core.problem import Problem, SbctlError
from sbctl.core.text.strict_json import read_value
from sbctl.store.locks.holder import Holder, from_note, lost, myself, taken
from sbctl.store.locks.waiting import LockWaiting, wait_for
from sbctl.store.objects import Blob, ConflictError, Objects

LOCK = "sbctl.lock"
LEASE_SECONDS = 60.0
"""After so long without a renewal a holder on another machine is given up; one on this machine when its process is gone."""
POLL_SECONDS = 1.0


@dataclass(frozen=True)
class Note:
    """What the lock object says. `token` grows with every holder, so that later ones can be told from earlier ones."""

    token: int
    holder: Holder | None
    lease_seconds: float = LEASE_SECONDS
    free: bool = False

    def as_bytes(self) -> bytes:
        """Never twice the same: an object is told by its content after a lost answer."""
        who = self.holder.as_note() if self.holder else {}
        facts = {"token": self.token, "lease_seconds": self.lease_seconds, "free": self.free}
        return json.dumps({**who, **facts, "nonce": uuid.uuid4().hex}).encode()


NOBODY = Note(0, None, free=True)


def read_note(blob: Blob | None) -> Note:
    """The note in a lock object. One that cannot be read is held by somebody unknown, until it is old."""
    if blob is None:
        return NOBODY
    try:
        found = read_value(blob.content)
        return Note(int(found["token"]), from_note(found), float(found["lease_seconds"]), found["free"] is True)
    except (ValueError, TypeError, KeyError):
        return Note(0, None)


class Lease:
    """The lock of a shared state. `beat` is called after each renewal, in a thread of its own."""

    def __init__(
        self,
        objects: Objects,
        clock: Clock,
        command: str,
        beat: Callable[[], None] = lambda: None,
        seconds: float = LEASE_SECONDS,
    ) -> None:
        self._objects = objects
        self._clock = clock
        self._command = command
        self._beat = beat
        self._seconds = seconds
        self._note = NOBODY
        self._etag = ""
        self._seen: Holder | None = None
        self._lost = threading.Event()

    @property
    def token(self) -> int:
        """Of the present holding; later holders have greater ones."""
        return self._note.token

    @contextmanager
    def held(self, waiting: LockWaiting) -> Iterator[None]:
        """Hold the lock, waiting for it as told. Raises SbctlError naming the holder."""
        self._note, self._etag = wait_for(
            self._acquired, lambda: self._seen, self._objects.where, waiting, self._clock, POLL_SECONDS
        )
        self._lost.clear()
        ended = threading.Event()
        thread = threading.Thread(target=self._renew_until, args=(ended,), name="lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            self._release()

    def check(self) -> None:
        """Raises SbctlError when the lock was lost: taken away, or not renewed in time."""
        if self._lost.is_set():
            raise SbctlError(self.trouble())

    def trouble(self) -> Problem:
        """The problem of a run that has lost the lock; who holds it now is asked once more."""
        holder = None
        with suppress(SbctlError):
            holder = read_note(self._objects.get(LOCK)).holder
        return lost(self._objects.where, None if holder == self._note.holder else holder)

    def release_dead(self, *, force: bool) -> bool:
        """Free the lock of a dead holder; whether there was one. Raises SbctlError when it lives, unless `force`."""
        blob = self._objects.get(LOCK)
        note = read_note(blob)
        if blob is None or note.free:
            return False
        if not force and not _is_over(note, blob.age):
            raise SbctlError(taken(self._objects.where, note.holder))
        try:
            self._objects.put(LOCK, Note(note.token, None, free=True).as_bytes(), blob.etag)
        except ConflictError:
            # It moved while we looked: somebody is alive.
            raise SbctlError(taken(self._objects.where, note.holder)) from None
        return True

    def _acquired(self) -> tuple[Note, str] | None:
        """Our note and its tag, when the lock was free or its holder is gone; None, and who was seen, when it is held."""
        while True:
            blob = self._objects.get(LOCK)
            note = read_note(blob)
            if blob is not None and not note.free and not _is_over(note, blob.age):
                self._seen = note.holder
                return None
            mine = Note(note.token + 1, myself(self._command, self._clock), self._seconds)
            # Whoever was faster is looked at in the next round.
            with suppress(ConflictError):
                return mine, self._objects.put(LOCK, mine.as_bytes(), blob.etag if blob else "")

    def _release(self) -> None:
        """Leave the lock free. Whoever cannot leaves it to its end."""
        with suppress(ConflictError, SbctlError):
            self._objects.put(LOCK, Note(self._note.token, None, free=True).as_bytes(), self._etag)

    def _renew_until(self, ended: threading.Event) -> None:
        renewed = time.monotonic()
        while not ended.wait(self._seconds / 4):
            try:
                self._etag = self._objects.put(LOCK, self._note.as_bytes(), self._etag)
                renewed = time.monotonic()
                self._beat()
            except ConflictError:
                self._lost.set()
                return
            except SbctlError:
                if time.monotonic() - renewed > self._seconds:
                    self._lost.set()
                    return


def _is_over(note: Note, age: float) -> bool:
    """Whether the holder is gone: its process, when that can be judged from here, else by the age of its last renewal."""
    alive = note.holder.alive if note.holder else None
    return age > note.lease_seconds if alive is None else not alive
