"""The state of a project on a medium: one file, a journal of what happened since it was written, the last generations.

Every `put` is durable before it returns, so that a kill at any instant loses nothing: loading replays the journal.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from sbctl.core.actor import Actor
from sbctl.core.address import Address
from sbctl.core.clock import Clock
from sbctl.core.problem import Problem, SbctlError
from sbctl.core.state import Record, State
from sbctl.store.locks.waiting import LockWaiting
from sbctl.store.media.backend import Backend, Content, CopyStatus
from sbctl.store.state.envelope import DamageError, open_envelope, seal
from sbctl.store.state.history import History
from sbctl.store.state.journal import JournalEntry, entries
from sbctl.store.state.problems import copy_behind, damaged, missing, moved

AT_ONCE = LockWaiting()
KEPT_NAME = re.compile(r"(?:damaged-)?[0-9T]{1,32}\.json", re.ASCII)


class StateStore:
    """The state of a project. Thread-safe within a process; `lock` keeps other processes out.

    `command` is written into every state; `call` is how this sbctl is called, for the remedies of problems; `patience`
    is how to wait for another run's lock; `actor` is who writes, and is written into every state too.
    """

    def __init__(
        self,
        medium: Backend,
        clock: Clock,
        command: str,
        *,
        call: str = "sbctl",
        patience: LockWaiting = AT_ONCE,
        actor: Actor | None = None,
    ) -> None:
        self._medium = medium
        self._clock = clock
        self._command = command
        self._actor = actor
        self.call = call
        self._patience = patience
        self.history = History(medium)
        # Whoever needs both takes the turn to write first: lines are gathered while another thread writes.
        self._writing = threading.RLock()
        self._guard = threading.RLock()
        self._state: State | None = None
        self._dirty = False
        self._lines: list[str] = []
        self._entered = self._written = self._since_folded = 0
        self._in_between: int | None = None
        """A generation from the middle of this run; the next takes its place, so that one run is one generation."""
        self.read_at = ""
        """Where the state was read: a copy, when its first place did not answer."""

    @property
    def where(self) -> str:
        """The state's place, for people."""
        return self._medium.where

    def load(self) -> State:
        """The state as it is now. Raises SbctlError when it is damaged, missing, moved, or of a newer format."""
        with self._guard:
            if self._state is None:
                self._state = self._read()
            return self._state

    def put(self, record: Record) -> None:
        """Write down a record: an intent or a result. Durable when this returns."""
        self._append(lambda on: JournalEntry(lineage=on.lineage, serial=on.serial, put=record))

    def drop(self, address: Address, generation: int) -> None:
        """Write down that an address no longer exists. Durable when this returns."""
        self._append(
            lambda on: JournalEntry(lineage=on.lineage, serial=on.serial, drop=str(address), generation=generation)
        )

    def stamp(self, **fields: object) -> None:
        """Set fields of the state itself (project, account, endpoint); written with the next `compact`."""
        with self._guard:
            self._state = self.load().model_copy(update=fields)

    def compact(self) -> State:
        """Fold the journal into the state: a new serial when anything changed, and one more generation."""
        with self._writing, self._guard:
            state = self.load()
            if self._dirty:
                self.write(state.model_copy(update={"serial": state.serial + 1}))
            return self.load()

    def write(self, state: State) -> None:
        """Put this state in the place of the present one, its serial included. The caller holds the lock."""
        with self._writing, self._guard:
            fresh = state.model_copy(update=self._signature())
            content = seal(fresh)
            # Until all of it has gone well nobody knows what is there: whoever asks must look.
            self._state = None
            self._medium.replace(content)
            self._state, self._dirty = fresh, False
            self._lines, self._written, self._since_folded = [], self._entered, 0
            self.history.keep(fresh.serial, content)
            if self._in_between is not None:
                self.history.discard(self._in_between)
                self._in_between = None

    @contextmanager
    def lock(self, wait: float | None = None) -> Iterator[None]:
        """Keep every other run out. Raises SbctlError naming the holder; a dead holder's lock is free by itself.

        A state that does not exist yet is born here: only who may write it may give it a lineage.
        """
        with self.held(wait):
            if not self.load().lineage:
                self.write(State())
            yield

    @contextmanager
    def held(self, wait: float | None = None, moved_from: str = "") -> Iterator[None]:
        """The lock alone, for those who put another state in the place of one that may be damaged or missing.

        `moved_from` is the place that the other state comes from; it may be one of the copies.
        """
        waiting = self._patience if wait is None else replace(self._patience, seconds=wait)
        with self._medium.lock(waiting, moved_from):
            with self._guard:
                self._state = self._in_between = None
            yield

    def unlock(self, *, force: bool = False) -> bool:
        """Remove what a dead holder left; whether there was anything. Raises SbctlError when the holder lives.

        With `force` a living holder is put out: it fails at its next write, and overwrites nothing.
        """
        return self._medium.unlock(force=force)

    def reread(self) -> State:
        """The state as the medium has it, whatever this process believes."""
        with self._writing, self._guard:
            self._state = None
            return self.load()

    def leave(self, to: str) -> None:
        """Leave only a note that the state is kept elsewhere now. Its generations stay. The caller holds the lock."""
        with self._writing, self._guard:
            state = self.load()
            note = State(lineage=state.lineage, serial=state.serial, moved_to=to)
            self._medium.replace(seal(note.model_copy(update=self._signature())))
            self._state, self._dirty = None, False

    def kept(self) -> dict[str, bytes]:
        """Everything that is kept beside the state, by name: generations, and what was damaged.

        What else may stand there is not ours, and its name may be no name for a file.
        """
        found = {name: self._medium.kept(name) for name in self._medium.names() if KEPT_NAME.fullmatch(name)}
        return {name: content for name, content in found.items() if content is not None}

    def keep(self, name: str, content: bytes) -> None:
        """Keep something beside the state under a name of `kept`."""
        self._medium.keep(name, content)

    def copies(self) -> list[CopyStatus]:
        """The copies in other places, as they are now."""
        return self._medium.copies()

    def behind(self) -> list[Problem]:
        """What to tell at the end of a run: copies that could not be written. Notes, not failures."""
        return [copy_behind(copy) for copy in self._medium.behind()]

    def raw(self) -> Content:
        """The bytes of state and journal, whatever they are worth."""
        return self._medium.read()

    def keep_damaged(self, content: bytes) -> None:
        """Put aside what cannot be read, for whoever wants to look at it."""
        self.keep(f"damaged-{self._clock.now():%Y%m%dT%H%M%S}.json", content)

    def _signature(self) -> dict[str, object]:
        """When a state is written, by which command, and by whom."""
        who = {**self._actor.facts(), "run": self._actor.run} if self._actor else {}
        return {"written_at": self._clock.now(), "written_by": self._command, "writer": who}

    def _append(self, make: Callable[[State], JournalEntry]) -> None:
        if not self.load().lineage:
            # The first entry of a new state: its lineage must be there before anything refers to it.
            self.write(State())
        with self._guard:
            state = self.load()
            entry = make(state)
            self._state, self._dirty = entry.on(state), True
            self._lines.append(entry.as_line())
            self._entered += 1
            turn = self._entered
        self._flush(turn)

    def _flush(self, turn: int) -> None:
        """Write all lines that wait, unless another thread has written ours with its own."""
        with self._writing:
            if self._written >= turn:
                return
            with self._guard:
                lines, self._lines, entered = self._lines, [], self._entered
            try:
                self._medium.append(lines)
            except BaseException:
                with self._guard:
                    self._lines = lines + self._lines
                raise
            self._written = entered
            self._since_folded += len(lines)
            if self._since_folded >= self._medium.fold_after:
                self._in_between = self.compact().serial

    def _read(self) -> State:
        content = self._medium.read()
        self.read_at = content.at
        if content.state is None:
            newest = self.history.newest_sound()
            if newest is not None:
                raise SbctlError(missing(content.at, newest, self.call))
            return State(lineage="")
        try:
            state = open_envelope(content.state, content.at)
        except DamageError as error:
            raise SbctlError(damaged(content.at, str(error), self.history.newest_sound(), self.call)) from error
        if state.moved_to:
            raise SbctlError(moved(content.at, state.moved_to))
        found = entries(content.journal, state)
        for entry in found:
            state = entry.on(state)
        self._dirty = bool(found)
        return state
