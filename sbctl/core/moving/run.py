"""Runs of a failover, a failback, a drill or a flow's rollback: what happened, as events in order, and what they add up to.

A run is its journal. Nothing about it is remembered elsewhere, so that another process can go on where one was killed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from heapq import merge
from itertools import takewhile
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, field_validator

from sbctl.core.kinds.spec import Frozen

Kind = Literal["failover", "failback", "drill", "rollback"]
MOVES: frozenset[Kind] = frozenset({"failover", "failback"})
"""Runs that move traffic for good. A drill does it for a while, a rollback changes what a flow says."""
What = Literal[
    "begun",
    "move-begun",
    "move-done",
    "move-failed",
    "move-skipped",
    "changed",
    "paused",
    "resumed",
    "finished",
    "aborted",
    "acknowledged",
    "noted",
]
Status = Literal["open", "finished", "aborted"]


class _Order(BaseModel):
    model_config = ConfigDict(strict=True)

    target: str = ""
    source: str = ""
    mode: str = ""
    mechanism: str = ""
    reason: str = ""
    by: str = ""
    undoes: str = ""
    drill: str = ""
    name: str = ""


class _Facts(BaseModel):
    """The types of those facts that are read back; all others are only shown."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    order: _Order = _Order()
    source: str = ""
    outcome: str = ""
    name: str = ""
    supersedes: str = ""
    superseded_by: str = ""
    failover: str = ""
    replaced: list[str] = []
    rto_seconds: float | None = None
    rpo_seconds: float | None = None
    since_last_good_seconds: float | None = None
    again: list[str] = []
    faults: list[Any] = []


class RunEvent(Frozen):
    """One line of the journal. `at` is real time, `world` the world's time, on which RTO is measured.

    `move` names the move that it is about; `data` is what there is to know, JSON values only.
    """

    at: AwareDatetime
    world: AwareDatetime
    what: What
    move: str = ""
    data: dict[str, Any] = {}

    @field_validator("data")
    @classmethod
    def _typed(cls, data: dict[str, Any]) -> dict[str, Any]:
        _Facts.model_validate(data)
        return data

    def when(self, now: datetime) -> datetime:
        """When it was, for a world whose clock shows `now`: ages are counted from here.

        What is later than that happened in a sandbox's world that is gone, whose clock had run on: its real time counts.
        """
        return self.world if self.world <= now else self.at

    def age(self, now: datetime) -> float:
        """Seconds since, on the world's clock; never negative, since two machines' clocks may differ."""
        return round(max(0.0, (now - self.when(now)).total_seconds()), 3)

    def as_json(self) -> str:
        """The event as it stands in a journal: by this text events are told apart."""
        return self.model_dump_json(exclude_defaults=True)


class Run(Frozen):
    """A run with its events. `order` is what was asked for, as it stands in the first event."""

    id: str
    kind: Kind
    events: tuple[RunEvent, ...]

    @property
    def order(self) -> dict[str, Any]:
        """What was asked for, later changes (planned to forced) included."""
        found: dict[str, Any] = {}
        for event in self.events:
            if event.what in ("begun", "changed"):
                found |= event.data.get("order", {})
        return found

    @property
    def status(self) -> Status:
        """Open until it is finished or aborted, whatever became of the process."""
        ends = [event.what for event in self.events if event.what in ("finished", "aborted")]
        return "open" if not ends else "finished" if ends[-1] == "finished" else "aborted"

    @property
    def begun(self) -> RunEvent:
        return self.events[0]

    def said(self, name: str) -> str:
        """A text of its first event, such as who began it; "" where that is not there, or of another type."""
        value = self.begun.data.get(name)
        return value if isinstance(value, str) else ""

    @property
    def source(self) -> str:
        """The region that traffic leaves, or that a drill is about; "" where no journal says it."""
        return str(self.begun.data.get("source", ""))

    @property
    def previous(self) -> str:
        """The region that the signal named before a failover; "" for none."""
        return str(self.begun.data.get("previous", ""))

    @property
    def supersedes(self) -> str:
        """The run whose place it took; "" for none."""
        return str(self.begun.data.get("supersedes", ""))

    @property
    def replaced(self) -> list[str]:
        """The runs whose place it took, with those whose place they had taken."""
        return [*self.begun.data.get("replaced", ())]

    @property
    def faults(self) -> list[dict[str, Any]]:
        """What a drill breaks."""
        return [*self.begun.data.get("faults", ())]

    @property
    def flag(self) -> str:
        """The region whose health flag a drill raises; "" for none."""
        return str(self.begun.data.get("flag", ""))

    @property
    def ended(self) -> RunEvent | None:
        """The event that ended it."""
        return next((event for event in reversed(self.events) if event.what in ("finished", "aborted")), None)

    @property
    def acknowledged(self) -> bool:
        return any(event.what == "acknowledged" for event in self.events)

    @property
    def result(self) -> dict[str, Any]:
        """The figures with which it ended; empty while it is open."""
        return dict(self.ended.data) if self.ended else {}

    def done(self) -> frozenset[str]:
        """The moves that are done or were skipped by order; an undone move is not done."""
        found: set[str] = set()
        for event in self.events:
            if event.what in ("move-done", "move-skipped"):
                found.add(event.move)
            if event.what == "changed":
                found -= set(event.data.get("again", ()))
        return frozenset(found)

    def fact(self, name: str) -> Any:
        """The last value that any event recorded under a name; None when there is none."""
        return next((event.data[name] for event in reversed(self.events) if name in event.data), None)


def latest(runs: Iterable[Run], *kinds: Kind) -> Run | None:
    """The run that began last, of some kinds."""
    fits = [run for run in runs if run.kind in kinds]
    return max(fits, key=lambda run: run.begun.at, default=None)


def open_run(runs: Iterable[Run]) -> Run | None:
    """The failover or failback that has begun and not come to an end; None when there is none.

    A run in whose place another one was begun is over from that moment, also where its own journal does not say so yet.
    """
    known = [run for run in runs if run.kind in MOVES]
    replaced = {run.supersedes for run in known}
    fits = [run for run in known if run.status == "open" and run.id not in replaced]
    return fits[-1] if fits else None


def merged(one: Run, other: Run) -> Run:
    """One run of two journals of it, as two machines have them: the longer one, where the other is its beginning.

    Where both went on without knowing of each other, no event of either is lost: they follow in the order of time.
    """
    if one.events == other.events:
        return one
    mine, theirs = _texts(one), _texts(other)
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(mine, theirs, strict=False)))
    known = frozenset(mine[alike:])
    missing = [event for event, text in zip(other.events[alike:], theirs[alike:], strict=True) if text not in known]
    rest = merge(one.events[alike:], missing, key=lambda event: event.at)
    return one.model_copy(update={"events": (*one.events[:alike], *rest)})


def same_events(one: Run, other: Run) -> bool:
    """Whether two journals know of the same, in whatever order."""
    return one is other or frozenset(_texts(one)) == frozenset(_texts(other))


def united(*sets: Iterable[Run]) -> tuple[Run, ...]:
    """The runs of several places, each once, the oldest first."""
    found: dict[str, Run] = {}
    for run in (run for runs in sets for run in runs):
        found[run.id] = merged(found[run.id], run) if run.id in found else run
    return tuple(sorted(found.values(), key=lambda run: run.begun.at))


def _texts(run: Run) -> list[str]:
    return [event.as_json() for event in run.events]
