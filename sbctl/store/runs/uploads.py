"""Sends journals to the places of a shared state beside the work, and remembers which place was silent."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from pathlib import Path

from sbctl.core.clock import Clock
from sbctl.core.executors import MakeExecutor
from sbctl.core.moving.run import Run, same_events, united
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.text.counted import counted
from sbctl.store.runs.objects import RunObjects

AGAIN_SECONDS = 20.0
"""A place that was silent is asked once more when a command ends so much later."""


class RunUploads:
    """Journals on their way. `here` is where they are kept meanwhile, for people. Thread-safe."""

    def __init__(self, places: Sequence[RunObjects], here: Path, make_executor: MakeExecutor, clock: Clock) -> None:
        self._places = places
        self._here = here
        self._crew = make_executor
        self._clock = clock
        self._guard = threading.Lock()
        self._runs: dict[str, Run] = {}
        self._unsent: set[str] = set()
        self._queued: set[str] = set()
        self._trouble: dict[str, tuple[str, float]] = {}
        self._pool: Executor | None = None

    @property
    def alive(self) -> list[RunObjects]:
        """The places that have not failed in this command."""
        return [place for place in self._places if place.where not in self._trouble]

    def fails(self, place: RunObjects, error: SbctlError) -> None:
        """A place has failed: it is asked nothing more."""
        self._trouble[place.where] = (str(error), self._clock.monotonic())

    def keep(self, run: Run) -> None:
        """A journal that is to be sent later."""
        with self._guard:
            known = self._runs.get(run.id)
            self._runs[run.id] = united([known] if known else [], [run])[0]
            self._unsent.add(run.id)

    def send(self, runs: Iterable[Run] = ()) -> None:
        """Send these, and all that were kept, beside whatever else is done."""
        for run in runs:
            self.keep(run)
        with self._guard:
            names = sorted(self._unsent - self._queued)
            self._queued.update(names)
            self._pool = self._pool or self._crew(1, "upload-runs")
        for name in names:
            self._pool.submit(self._push, name)

    def finish(self) -> tuple[Problem, ...]:
        """Send what is left, and tell what could not be read or sent: a note a place."""
        if self._pool is not None:
            self._pool.shutdown(wait=True)
            self._pool = None
        again = {place for place, (_, at) in self._trouble.items() if self._clock.monotonic() - at >= AGAIN_SECONDS}
        if self._unsent and (again or not self._trouble):
            self._trouble = {place: found for place, found in self._trouble.items() if place not in again}
            for name in sorted(self._unsent):
                self._push(name)
        return tuple(self._note(place, why) for place, (why, _) in self._trouble.items())

    def _push(self, name: str) -> None:
        with self._guard:
            self._queued.discard(name)
            run = self._runs[name]
        for place in self.alive:
            try:
                place.write(run)
            except SbctlError as error:
                self.fails(place, error)
        with self._guard:
            if not self._trouble and same_events(self._runs[name], run):
                self._unsent.discard(name)

    def _note(self, place: str, why: str) -> Problem:
        kept = f"{counted(len(self._unsent), 'journal')} kept in {self._here} only; " if self._unsent else ""
        return Problem(
            code="runs-not-shared",
            summary="The runs could not be shared with other machines",
            detail=f"{kept}runs of others may be missing: {why}",
            at=place,
            fix="Any command that reaches the state uploads and reads them: sbctl history",
            exit=Exit.DONE,
        )
