"""Journals of failovers, failbacks and drills: a file each, one self-checking line an event, on disk before the next move."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sbctl.core.clock import Clock
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.run import Kind, Run, RunEvent, What, open_run
from sbctl.store.atomic import DISK, Disk, cannot_write
from sbctl.store.lines import LineFile, line, sound
from sbctl.store.lock import FolderLock
from sbctl.store.waiting import Waiting

SUFFIX = ".run"


class RunStore:
    """The runs in a folder. `world` is the clock on which RTO is measured."""

    def __init__(self, folder: Path, clock: Clock, world: Clock, command: str, disk: Disk = DISK) -> None:
        self.folder = folder
        self._clock = clock
        self._world = world
        self._command = command
        self._disk = disk

    @contextmanager
    def lock(self, wait: float = 0.0) -> Iterator[None]:
        """One failover or drill at a time from this folder. Raises SbctlError naming the holder (exit 5)."""
        with FolderLock(self.folder, self._clock, self._command, self._disk).held(Waiting(wait)):
            yield

    def name(self, kind: Kind) -> str:
        """A new run's id: what it is, when, and two bytes by which runs of the same second differ."""
        return f"{kind}-{self._clock.now():%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"

    def begin(self, kind: Kind, name: str, **data: Any) -> Run:
        """A new run, its first event on disk: everything that a resumption needs is in this one line."""
        try:
            self._disk.make_folder(self.folder)
        except OSError as error:
            raise SbctlError(cannot_write(self.folder, error)) from error
        return self.add(Run(id=name, kind=kind, events=()), "begun", **data)

    def add(self, run: Run, what: What, move: str = "", **data: Any) -> Run:
        """The run with one event more; it is on disk when this returns. Raises SbctlError when the disk refuses."""
        event = RunEvent(at=self._clock.now(), world=self._world.now(), what=what, move=move, data=data)
        body = event.model_dump_json(exclude_defaults=True)
        LineFile(self._path(run.id), self._disk).append([line(body)])
        return run.model_copy(update={"events": (*run.events, event)})

    def load(self, run: str) -> Run:
        """A run by its id, or by the beginning of one. Raises SbctlError when there is none, or several."""
        found = [one for one in self.all() if one.id.startswith(run)]
        exact = [one for one in found if one.id == run]
        if len(exact or found) == 1:
            return (exact or found)[0]
        raise SbctlError(_no_such_run(self.folder, run, [one.id for one in found]))

    def newest(self) -> Run:
        """The run that began last. Raises SbctlError when there is none."""
        runs = self.all()
        if not runs:
            raise SbctlError(_no_such_run(self.folder, "", []))
        return runs[-1]

    def all(self) -> tuple[Run, ...]:
        """All runs, the oldest first. What holds no sound line is passed over."""
        if not self.folder.is_dir():
            return ()
        found = [_read(path) for path in self.folder.glob(f"[!.]*{SUFFIX}")]
        return tuple(sorted((run for run in found if run is not None), key=lambda run: run.begun.at))

    def open(self) -> Run | None:
        """The failover or failback that has begun and not come to an end; None when there is none."""
        return open_run(self.all())

    def _path(self, run: str) -> Path:
        return self.folder / f"{run}{SUFFIX}"


def _read(path: Path) -> Run | None:
    events = [event for event in map(_event, sound(LineFile(path).content())) if event is not None]
    kind: Any = path.name.partition("-")[0]
    if not events or events[0].what != "begun" or kind not in ("failover", "failback", "drill"):
        return None
    return Run(id=path.name.removesuffix(SUFFIX), kind=kind, events=tuple(events))


def _event(value: object) -> RunEvent | None:
    try:
        return RunEvent.model_validate(value)
    except ValidationError:
        return None


def _no_such_run(folder: Path, run: str, fits: list[str]) -> Problem:
    return Problem(
        code="no-such-run",
        summary="There is no such run" if not fits else "Several runs could be meant",
        detail=", ".join(fits) or (f"no run begins with {run!r}" if run else "no run has been made yet"),
        at=str(folder),
        fix="sbctl history",
        exit=Exit.USAGE,
    )
