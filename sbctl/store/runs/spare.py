"""Runs whose own folder may refuse to be written: then they go to a spare one, at last to memory and out as JSON lines.

A failover must not depend on a disk. What the spare folder holds is found by the next run, and taken home as soon as the
state can be written again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sbctl.core.clock import Clock
from sbctl.core.moving.run import Kind, Run, RunEvent, What, united
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.store.runs.store import RunStore

T = TypeVar("T")
REFUSED = frozenset({"cannot-write", "cannot-read"})
"""What a disk says; all else is about the runs themselves."""
FOUND_THERE = (
    "The next sbctl of this user on this machine finds it there, and moves it to the state once that can be written."
    " Should this run be cut off: sbctl failover --resume resumes it."
)
Tell = Callable[[str], None]
Warn = Callable[[Problem], None]


class MemoryRuns(RunStore):
    """The runs of this process alone; each event is told as one line of JSON as it happens."""

    def __init__(self, clock: Clock, world: Clock, tell: Tell) -> None:
        super().__init__(Path("memory"), clock, world, "")
        self._tell = tell
        self._runs: dict[str, Run] = {}

    @contextmanager
    def lock(self, wait: float = 0.0) -> Iterator[None]:  # noqa: ARG002 - nobody else is here
        yield

    def make_folder(self) -> None:
        """There is nothing to make."""

    def forget(self, run: Run) -> None:
        del self._runs[run.id]

    def add(self, run: Run, what: What, move: str = "", **data: Any) -> Run:
        event = self._event(what, move, data)
        self.take(run, [event])
        return self._runs[run.id]

    def take(self, run: Run, events: Sequence[RunEvent]) -> None:
        for event in events:
            self._tell(json.dumps({"run": run.id, "event": event.model_dump(mode="json", exclude_defaults=True)}))
        known = self._runs.get(run.id)
        self._runs[run.id] = run.model_copy(update={"events": (*(known.events if known else ()), *events)})

    def all(self) -> tuple[Run, ...]:
        return tuple(self._runs.values())


class SpareRuns(RunStore):
    """The runs of a folder, with others to go to; `went` is told where it has gone.

    `lenient` says whether this run may go on where the folder refuses.
    """

    def __init__(
        self,
        first: RunStore,
        spare: RunStore | None,
        memory: MemoryRuns,
        lenient: Callable[[], bool],
        warn: Warn,
        strays: Sequence[RunStore] = (),
        went: Callable[[Path], None] = lambda _: None,
    ) -> None:
        super().__init__(first.folder, first.clock, first.world, "")
        self._places = [place for place in (first, spare, memory) if place is not None]
        self._others = (*self._places[1:], *strays)
        """Where runs may lie that belong into the first one; `strays` are read and taken home, and never written."""
        self._went = went
        self._memory = memory
        self._lenient = lenient
        self._warn = warn
        self._at = 0
        """Where this run writes; it never goes back while it runs."""

    @contextmanager
    def lock(self, wait: float = 0.0) -> Iterator[None]:
        with ExitStack() as held:
            self._each(lambda place: held.enter_context(place.lock(wait)))
            if not self._at:
                self._come_home()
            yield

    def begin(self, kind: Kind, name: str, **data: Any) -> Run:
        return self._each(lambda place: place.begin(kind, name, **data))

    def add(self, run: Run, what: What, move: str = "", **data: Any) -> Run:
        return self._each(lambda place: self._added(place, run, what, move, data))

    def gather(self, runs: Iterable[Run]) -> None:
        known = tuple(runs)
        self._each(lambda place: place.gather(known))

    def all(self) -> tuple[Run, ...]:
        """The runs of all places, each with every event that one of them has."""
        return united(*map(self._read, (self._places[0], *self._others)))

    def _added(self, place: RunStore, run: Run, what: What, move: str, data: dict[str, Any]) -> Run:
        if run.events and (place is not self._places[0] or self._strayed(run)):
            place.gather([run])
        return place.add(run, what, move, **data)

    def _strayed(self, run: Run) -> bool:
        return any(one.id == run.id for place in self._others for one in self._read(place))

    def _each(self, act: Callable[[RunStore], T]) -> T:
        """Do it in the first place that lets it be done."""
        while True:
            place = self._places[self._at]
            try:
                return act(place)
            except SbctlError as error:
                refused = all(one.code in REFUSED for one in error.problems)
                if not refused or not self._lenient() or place is self._memory:
                    raise
                self._at += 1
                self._warn(_elsewhere(error.problems[0], self._places[self._at], self._memory))
                if self._places[self._at] is not self._memory:
                    self._went(self._places[self._at].folder)

    def _read(self, place: RunStore) -> tuple[Run, ...]:
        try:
            return place.all()
        except SbctlError as error:
            if place is self._places[0] and not self._lenient():
                raise
            if place is self._places[0]:
                self._warn(_unread(error.problems[0]))
            return ()

    def _come_home(self) -> None:
        """Take what a spare folder holds into the first one, which can be written again."""
        home = self._places[0]
        for place in self._others:
            for run in self._read(place):
                with suppress(SbctlError):
                    home.gather([run])
                    place.forget(run)


def _elsewhere(why: Problem, place: RunStore, memory: RunStore) -> Problem:
    where = "in memory alone; each event goes to stderr as a line of JSON" if place is memory else f"in {place.folder}"
    fix = "Keep what stderr says. Should it be cut off: sbctl failover --resume works from the signal."
    return Problem(
        code="journal-elsewhere",
        summary="The state cannot be written: this run is journaled elsewhere",
        detail=f"{why.detail} ({why.at}); the journal is {where}",
        at=str(place.folder),
        fix=fix if place is memory else FOUND_THERE,
        exit=Exit.DONE,
    )


def _unread(why: Problem) -> Problem:
    return Problem(
        code="runs-unread",
        summary="The runs of this state cannot be read: open runs and cooldowns are not known",
        detail=why.detail,
        at=why.at,
        fix="Make the state's folder readable. sbctl status shows whose signal stands.",
        exit=Exit.DONE,
    )
