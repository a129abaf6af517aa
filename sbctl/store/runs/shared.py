"""The runs of a shared state: journals on this machine first, and beside the state for all others.

A failover must not depend on S3 in a region that may be lost. So every event is on this machine's disk before anything goes
to S3, journals are uploaded beside the work, and what could not be uploaded is by the next command that reaches the state.
A forced failover asks nobody before it has moved traffic. Between machines nothing is locked: an open run is seen by all who
ask, journals that two have continued are merged, and the takeover signal's conditional write decides between operators.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sbctl.core.clock import Clock
from sbctl.core.executors import MakeExecutor
from sbctl.core.moving.run import Kind, Run, What, open_run, same_events, united
from sbctl.core.place import same_place
from sbctl.core.problem import Problem, SbctlError
from sbctl.store.runs.objects import RunObjects
from sbctl.store.runs.store import RunStore, newest_of, one_of
from sbctl.store.runs.uploads import RunUploads

STOPS = frozenset({"move-done", "move-failed", "paused", "finished"})
"""After one of these a forced failover has done what cannot wait."""


class SharedRuns:
    """Wraps the runs of this machine. `state` is the place as users name it; `places` are the first and its copies."""

    def __init__(
        self, here: RunStore, places: Sequence[RunObjects], state: str, make_executor: MakeExecutor, clock: Clock
    ) -> None:
        self._here = here
        self._places = places
        self._state = state
        self._crew = make_executor
        self._uploads = RunUploads(places, here.folder, make_executor, clock)
        self._quiet = self._moved = False
        self._seen: tuple[Run, ...] | None = None
        self._taken: set[str] = set()
        self._asking: Future[tuple[Run, ...]] | None = None

    @property
    def folder(self) -> Path:
        """Where this machine keeps its journals."""
        return self._here.folder

    @contextmanager
    def lock(self, wait: float = 0.0) -> Iterator[None]:
        """One failover or drill at a time from this folder; other machines are not kept out (see above)."""
        with self._here.lock(wait):
            yield

    def name(self, kind: Kind) -> str:
        return self._here.name(kind)

    def begin(self, kind: Kind, name: str, **data: Any) -> Run:
        """A new run of this state, its first event on this machine's disk."""
        self._taken.add(name)
        return self._sent(self._here.begin(kind, name, state=self._state, **data), "begun")

    def add(self, run: Run, what: What, move: str = "", **data: Any) -> Run:
        """The run with one event more; on this machine's disk when this returns, with all that others wrote before it."""
        if run.id not in self._taken:
            with suppress(SbctlError):  # a disk that refuses this refuses the event too, which tells it
                self._here.gather([run])
                self._taken.add(run.id)
        return self._sent(self._here.add(run, what, move, **data), what)

    def gather(self, runs: Iterable[Run]) -> None:
        """Keep runs of another place with this state."""
        self._uploads.send(runs)

    def load(self, run: str) -> Run:
        """A run by its id, or by the beginning of one. Raises SbctlError when there is none, or several."""
        return one_of(self.all(), run, self._state)

    def newest(self) -> Run:
        """The run that began last. Raises SbctlError when there is none."""
        return newest_of(self.all(), self._state)

    def open(self) -> Run | None:
        """The failover or failback that has begun and not come to an end, on whichever machine."""
        return open_run(self.all())

    def all(self) -> tuple[Run, ...]:
        """All runs of this state, the oldest first. Others are asked for once; a silent place has what was last seen of it."""
        self._settle()
        if self._seen is None:
            self._seen = self._last_seen() if self._quiet else self._asked()
        return united(self._known_here(), self._seen)

    def at_work(self) -> str:
        """The command that works on a run of this folder now; "" where none is known to."""
        return self._here.at_work()

    def at_hand(self) -> tuple[Run, ...]:
        """What this machine knows; nobody is asked."""
        return united(self._known_here(), self._last_seen() if self._seen is None else self._seen)

    def elsewhere(self, run: Run) -> bool:
        """Whether another machine began it, and this one has done nothing for it yet."""
        return run.id not in {one.id for one in self._here.all()}

    def anew(self) -> None:
        """Begin to ask again, beside whatever else is done; not a place that was silent."""
        if self._asking is None and not self._quiet:
            pool = self._crew(1, "ask-shared-runs")
            self._asking = pool.submit(self._asked)
            pool.shutdown(wait=False)

    def ask_nobody(self) -> None:
        """From now on this machine's knowledge must do, and nothing is uploaded before traffic has moved."""
        self._quiet = True

    def ask_after_all(self) -> bool:
        """Where nobody was asked: ask now; whether an open run is known since."""
        if not self._quiet:
            return False
        before, self._quiet, self._seen = self.open(), False, None
        return before is None and self.open() is not None

    def finish(self) -> tuple[Problem, ...]:
        """Upload what is left; what could not be read or uploaded, as notes, once a place."""
        with suppress(SbctlError):  # a journal of this machine that cannot be read is told by those who need it
            self._settle()
        return self._uploads.finish()

    def _settle(self) -> None:
        if self._asking is not None:
            asking, self._asking = self._asking, None
            self._seen = asking.result()

    def _known_here(self) -> list[Run]:
        """This machine's runs, without those of other shared states. Who wrote no state had none, or an older version."""
        return [run for run in self._here.all() if not run.said("state") or self._is_ours(run)]

    def _is_ours(self, run: Run) -> bool:
        said = run.said("state").split(",")
        return any(same_place(one, other) for one in said for other in self._state.split(",") if one)

    def _last_seen(self) -> tuple[Run, ...]:
        return united(*(place.known().values() for place in self._places))

    def _asked(self) -> tuple[Run, ...]:
        """Ask all places at once, and bring each to what the others and this machine know."""
        asked = self._uploads.alive
        if asked:
            with self._crew(len(asked), "read-shared-runs") as readers:
                for place, future in [(place, readers.submit(place.read)) for place in asked]:
                    try:
                        future.result()
                    except SbctlError as error:
                        self._uploads.fails(place, error)
        seen = self._last_seen()
        there = [place.known() for place in self._uploads.alive]
        ours = filter(self._is_ours, self._here.all())
        behind = [run for run in united(seen, ours) if any(_lacks(runs, run) for runs in there)]
        if behind:
            self._uploads.send(behind)
        return seen

    def _sent(self, run: Run, what: What) -> Run:
        """The run, on its way to the others as soon as that cannot be in the way of a forced failover."""
        self._moved = self._moved or what in STOPS
        self._uploads.keep(run)
        if self._moved or not self._quiet:
            self._uploads.send()
        return run


def _lacks(runs: Mapping[str, Run], run: Run) -> bool:
    return run.id not in runs or not same_events(runs[run.id], run)
