"""Keeps a world: takes it up from its folder, saves what changes about once a second, and all of it when it stops.

A save looks at one moment of the world: the locks of all services are held while the parts tell what has changed, and let
go before it is written. A save that fails is said in the log, and the next one is of everything.
"""

from __future__ import annotations

import gc
import logging
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from sbctl.sandbox.snapshot.folder import DataFolder
from sbctl.sandbox.snapshot.part import Change, Part, Rows
from sbctl.sandbox.snapshot.pickling import UnreadableError
from sbctl.sandbox.snapshot.save import SaveError
from sbctl.sandbox.world import World

LOG = logging.getLogger("sbctl.sandbox")
PAUSE_SECONDS = 1.0
"""Real time between two saves, at least."""
SHARE = 10
"""After a save the world is left alone this many times as long as it was held."""


class Keeper:
    """Keeps one world in one folder. `held_seconds`: how long the world was held for the last save."""

    def __init__(self, world: World, folder: DataFolder, parts: Sequence[Part]) -> None:
        self._world = world
        self._folder = folder
        self._parts = parts
        self._saving = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
        self._anew = False
        self.held_seconds = 0.0

    def restore(self, rows: Mapping[str, Rows]) -> None:
        """Make the world what was kept. Raises SaveError."""
        self._world.moto.reset()
        for part in self._parts:
            try:
                part.restore(rows.get(part.name, {}))
            except (UnreadableError, LookupError, TypeError, ValueError, AttributeError) as error:
                raise self._folder.save.damaged(f"{part.name}: {error}") from error

    def start(self) -> None:
        """Keep the world from now on. Raises SaveError when it cannot be saved."""
        try:
            self._folder.tell(self._world.clock)
            self._write()
        except (OSError, sqlite3.Error) as error:
            raise SaveError(
                f"{self._folder.path} cannot be written: {error}; name another folder with --data"
            ) from error
        self._world.keep = self.save
        self._thread.start()

    def stop(self) -> None:
        """Save the world, which has come to rest, and let go of the folder. One that was never kept is not saved."""
        self._stopping.set()
        began = self._thread.is_alive()
        if began:
            self._thread.join()
        self._folder.close(stopped=began and self.save(final=True))

    def save(self, *, final: bool = False) -> bool:
        """Save what has changed; `final`: and the time. Whether it is on the disk."""
        try:
            self._folder.tell(self._world.clock)
            self._write(final=final)
        except Exception as error:  # the world goes on, and is saved wholly as soon as that works
            LOG.exception("the world could not be saved in %s", self._folder.path)
            self._world.unsaved = self._world.unsaved or self._world.clock.now().isoformat(timespec="seconds")
            self._world.unsaved_because = f"{type(error).__name__}: {error}"
            return False
        self._world.unsaved = self._world.unsaved_because = ""
        return True

    def _run(self) -> None:
        while not self._stopping.wait(max(PAUSE_SECONDS, SHARE * self.held_seconds)):
            self.save()

    def _write(self, *, final: bool = True) -> None:
        with self._saving:
            anew, self._anew = self._anew, True
            if anew:
                for part in self._parts:
                    part.forget()
            changes, at = self._changes()
            if anew or final or changes:
                self._folder.save.write(changes, at, anew=anew)
            self._anew = False

    def _changes(self) -> tuple[dict[str, list[Change]], float]:
        """What has changed, and the time of the world, of one moment."""
        with ExitStack() as held:
            held.enter_context(self._world.whole)
            for part in self._parts:
                held.enter_context(part.held())
            held.enter_context(_uncollected())
            begun = time.monotonic()
            found = {part.name: list(part.changes()) for part in self._parts}
            at = self._world.clock.seconds()
            self.held_seconds = time.monotonic() - begun
        return {name: changes for name, changes in found.items() if changes}, at


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without Python's search for garbage, which takes long in a large world, and would run because so much is made."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
