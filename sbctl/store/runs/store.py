"""Journals of failovers, failbacks and drills: a file each, one self-checking line an event, on disk before the next move."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sbctl.core.actor import Actor
from sbctl.core.clock import Clock
from sbctl.core.moving.run import Kind, Run, RunEvent, What, merged, open_run
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.store.files.atomic import DISK, Disk, cannot_read, cannot_write
from sbctl.store.files.lines import LineFile
from sbctl.store.locks.lock import FolderLock
from sbctl.store.locks.waiting import LockWaiting
from sbctl.store.runs.lines import SUFFIX, lines_of, run_in

SAYS_WHO = frozenset({"begun", "resumed", "aborted", "acknowledged"})
"""Events that say who caused them, and from where."""


class RunStore:
    """The runs in a folder. `world` is the clock on which RTO is measured; `actor` is who acts, for the journals."""

    def __init__(
        self, folder: Path, clock: Clock, world: Clock, command: str, disk: Disk = DISK, actor: Actor | None = None
    ) -> None:
        self.folder = folder
        self.clock = clock
        self.world = world
        self._command = command
        self._disk = disk
        self._actor = actor

    @contextmanager
    def lock(self, wait: float = 0.0) -> Iterator[None]:
        """One failover or drill at a time from this folder. Raises SbctlError naming the holder (exit 5)."""
        with FolderLock(self.folder, self.clock, self._command, self._disk).held(LockWaiting(wait)):
            yield

    def at_work(self) -> str:
        """The command that works on a run of this folder now; "" where none is known to."""
        found = FolderLock(self.folder, self.clock, self._command, self._disk).at_work()
        return str(found) if found else ""

    def name(self, kind: Kind) -> str:
        """A new run's id: what it is, when, and two bytes by which runs of the same second differ."""
        return f"{kind}-{self.clock.now():%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"

    def begin(self, kind: Kind, name: str, **data: Any) -> Run:
        """A new run, its first event on disk: everything that a resumption needs is in this one line."""
        self.make_folder()
        return self.add(Run(id=name, kind=kind, events=()), "begun", **data)

    def add(self, run: Run, what: What, move: str = "", **data: Any) -> Run:
        """The run with one event more; it is on disk when this returns. Raises SbctlError when the disk refuses."""
        event = self._event(what, move, data)
        self.take(run, [event])
        if self._actor is not None:
            self._actor.run = run.id
        return run.model_copy(update={"events": (*run.events, event)})

    def take(self, run: Run, events: Sequence[RunEvent]) -> None:
        """Write down events that follow those which are here of a run. Raises SbctlError when the disk refuses."""
        LineFile(self.folder / f"{run.id}{SUFFIX}", self._disk).append(lines_of(events))

    def forget(self, run: Run) -> None:
        """Remove a run's journal, which is kept elsewhere. Raises SbctlError when the disk refuses."""
        path = self.folder / f"{run.id}{SUFFIX}"
        try:
            self._disk.remove(path)
        except OSError as error:
            raise SbctlError(cannot_write(path, error)) from error

    def gather(self, runs: Iterable[Run]) -> None:
        """Keep here what other places know of some runs, so that it is all here when they are gone on with."""
        here = {run.id: run for run in self.all()}
        for run in runs:
            have = here.get(run.id)
            known = frozenset(lines_of(have.events)) if have else frozenset()
            whole = merged(have, run) if have else run
            missing = [
                event for event, text in zip(whole.events, lines_of(whole.events), strict=True) if text not in known
            ]
            if missing:
                self.make_folder()
                self.take(run, missing)

    def load(self, run: str) -> Run:
        """A run by its id, or by the beginning of one. Raises SbctlError when there is none, or several."""
        return one_of(self.all(), run, str(self.folder))

    def newest(self) -> Run:
        """The run that began last. Raises SbctlError when there is none."""
        return newest_of(self.all(), str(self.folder))

    def all(self) -> tuple[Run, ...]:
        """All runs, the oldest first. What holds no sound line is passed over."""
        try:
            paths = [*self.folder.glob(f"[!.]*{SUFFIX}")] if self.folder.is_dir() else []
        except OSError as error:
            raise SbctlError(cannot_read(self.folder, error)) from error
        found = [run_in(path.name, LineFile(path).content()) for path in paths]
        return tuple(sorted((run for run in found if run is not None), key=lambda run: (run.begun.at, run.id)))

    def open(self) -> Run | None:
        """The failover or failback that has begun and not come to an end; None when there is none."""
        return open_run(self.all())

    def at_hand(self) -> tuple[Run, ...]:
        """All runs that are known without asking anybody."""
        return self.all()

    def anew(self) -> None:
        """Read anew the next time; a folder always is."""

    def elsewhere(self, _run: Run) -> bool:
        """Whether another machine began it, and this one has done nothing for it yet."""
        return False

    def ask_nobody(self) -> None:
        """From now on nobody is asked, as a forced failover wants; for a folder nobody is."""

    def ask_after_all(self) -> bool:
        """Where nobody was asked: ask now; whether an open run is known since."""
        return False

    def finish(self) -> tuple[Problem, ...]:
        """What is to be told of the journals at the end of a command."""
        return ()

    def make_folder(self) -> None:
        """Make the folder where there is none. Raises SbctlError when the disk refuses."""
        try:
            self._disk.make_folder(self.folder)
        except OSError as error:
            raise SbctlError(cannot_write(self.folder, error)) from error

    def _event(self, what: What, move: str, data: dict[str, Any]) -> RunEvent:
        if self._actor is not None and what in SAYS_WHO:
            data = {**self._actor.facts(), **data}
        return RunEvent(at=self.clock.now(), world=self.world.now(), what=what, move=move, data=data)


def one_of(runs: Iterable[Run], run: str, at: str) -> Run:
    """A run by its id, or by the beginning of one. Raises SbctlError when there is none, or several."""
    found = [one for one in runs if one.id.startswith(run)]
    exact = [one for one in found if one.id == run]
    if len(exact or found) == 1:
        return (exact or found)[0]
    raise SbctlError(_no_such_run(at, run, [one.id for one in found]))


def newest_of(runs: Sequence[Run], at: str) -> Run:
    """The last of some runs. Raises SbctlError when there is none."""
    if not runs:
        raise SbctlError(_no_such_run(at, "", []))
    return runs[-1]


def _no_such_run(at: str, run: str, fits: list[str]) -> Problem:
    return Problem(
        code="no-such-run",
        summary="There is no such run" if not fits else "Several runs could be meant",
        detail=", ".join(fits) or (f"no run begins with {run!r}" if run else "no run has been made yet"),
        at=at,
        fix="sbctl history",
        exit=Exit.USAGE,
    )
