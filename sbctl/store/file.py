"""The state on disk: one file, a journal of what happened since it was written, the last twenty states, a lock.

Every `put` is on disk before it returns, so that a kill at any instant loses nothing: loading replays the journal.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sbctl.core.address import Address
from sbctl.core.clock import Clock
from sbctl.core.state import Record, State
from sbctl.store.atomic import read_bytes, write_atomic
from sbctl.store.envelope import open_envelope, seal
from sbctl.store.generations import keep
from sbctl.store.journal import Entry, Journal
from sbctl.store.lock import StateLock

STATE = "sbctl.json"
COMPACT_EVERY = 500
"""Entries after which the journal is folded into the state file even in the middle of a run."""


class FileStore:
    """The state of a project in a folder. Thread-safe within a process; `lock` keeps other processes out."""

    def __init__(self, folder: Path, clock: Clock, command: str) -> None:
        self._folder = folder
        self._clock = clock
        self._lock = StateLock(folder, clock, command)
        self._journal = Journal(folder / "journal.jsonl")
        self._guard = threading.RLock()
        self._state: State | None = None
        self._dirty = False

    @property
    def path(self) -> Path:
        return self._folder / STATE

    def load(self) -> State:
        """The state as it is now. Raises SbctlError when the file is damaged or of a newer format."""
        with self._guard:
            if self._state is None:
                self._state = self._read()
            return self._state

    def put(self, record: Record) -> None:
        """Write down a record: an intent or a result. On disk when this returns."""
        with self._guard:
            before = self.load()
            self._append(Entry(lineage=before.lineage, serial=before.serial, put=record))

    def drop(self, address: Address, generation: int) -> None:
        """Write down that an address no longer exists. On disk when this returns."""
        with self._guard:
            before = self.load()
            entry = Entry(lineage=before.lineage, serial=before.serial, drop=str(address), generation=generation)
            self._append(entry)

    def stamp(self, **fields: object) -> None:
        """Set fields of the state itself (project, account); written with the next `compact`."""
        with self._guard:
            self._state = self.load().model_copy(update=fields)

    def compact(self) -> State:
        """Fold the journal into the state file: a new serial when anything changed, the old file kept."""
        with self._guard:
            state = self.load()
            if not self._dirty:
                return state
            fresh = state.model_copy(update={"serial": state.serial + 1, "written_at": self._clock.now()})
            self._write(fresh)
            self._journal.clear()
            self._dirty = False
            return fresh

    @contextmanager
    def lock(self, wait: float = 0) -> Iterator[None]:
        """Keep every other run out. Raises SbctlError naming the holder; a dead holder's lock is free by itself.

        A state that is not on disk yet is born here: only who may write it may give it a lineage.
        """
        with self._lock.held(wait):
            with self._guard:
                self._state = None
                self._dirty = self._dirty or self._journal.exists()
                if not self.load().lineage:
                    self._write(State())
            yield

    def unlock(self) -> bool:
        """Remove what a dead holder left; whether there was anything. Raises SbctlError when the holder lives."""
        return self._lock.release_dead()

    def _append(self, entry: Entry) -> None:
        if not self.load().lineage:
            # the first entry of a new state: its lineage must be on disk before anything refers to it
            self._write(State())
            entry = entry.model_copy(update={"lineage": self.load().lineage})
        self._journal.append(entry)
        self._state = entry.on(self.load())
        self._dirty = True
        if self._journal.count >= COMPACT_EVERY:
            self.compact()

    def _read(self) -> State:
        content = read_bytes(self.path)
        if content is None:
            return State(lineage="")
        state = open_envelope(content, self.path)
        entries = self._journal.entries(state)
        for entry in entries:
            state = entry.on(state)
        self._dirty = bool(entries)
        return state

    def _write(self, state: State) -> None:
        keep(self.path, self._folder / "generations")
        write_atomic(self.path, seal(state))
        self._state = state
