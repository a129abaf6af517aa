"""What a mechanism is: one way to move traffic, as a value in one file of `mechanisms/`, found by its name.

A mechanism knows what it needs, when it refuses, its steps with the planes that they depend on, how each is done and taken back,
and which calls it makes. Whatever decides, executes, explains or grants permissions asks it, and nothing else knows its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from sbctl.core.events import Listener
from sbctl.core.kinds.discover import discover
from sbctl.core.kinds.spec import Frozen
from sbctl.core.moving.own_steps import OwnStep
from sbctl.core.moving.recovery_bound import WorstCase
from sbctl.core.moving.rules import Rules
from sbctl.core.problem import Problem
from sbctl.failover.decision.observe import Observer
from sbctl.failover.decision.request import FailoverRequest, Guard
from sbctl.failover.decision.snapshot import TrafficSnapshot
from sbctl.failover.kit.kit import Kit
from sbctl.failover.own.outside import HERE, Outside
from sbctl.failover.signal import Signal

MECHANISMS = "sbctl.failover.mechanisms"
Fate = Literal["given-back", "never-given", "taken-by-another"]
TARGET, EVERYWHERE = "target region", "everywhere"
"""Where a plane lives, besides the code of one region."""


class Plane(Frozen):
    """One step, the plane that it needs, and where that lives: the target's region, everywhere, or one region for all."""

    mechanism: str
    step: str
    plane: Literal["data", "control"]
    service: str
    where: str

    def as_json(self) -> dict[str, Any]:
        """The form promised in JSON output."""
        return self.model_dump()


class RunStep(Frozen):
    """One step. `depends_on` names the planes it needs; `undo` says how it is undone, "" when there is nothing to undo."""

    name: str
    title: str
    region: str
    depends_on: str
    undo: str = ""
    calls: tuple[dict[str, Any], ...] = ()
    own: OwnStep | None = None
    """What it does, where it is a step of the user's own and not the mechanism's."""

    def as_json(self, status: str = "planned", **more: Any) -> dict[str, Any]:
        return {
            "move": self.name,
            "title": self.title,
            "region": self.region,
            "depends_on": self.depends_on,
            "reversible": bool(self.undo),
            "undo": self.undo,
            "calls": [*self.calls],
            "own": self.own.way if self.own else "",
            "status": status,
            **more,
        }


def nothing() -> None:
    """What is done meanwhile where nothing else is under way."""


@dataclass(frozen=True)
class ActionContext:
    """What steps are done with. `stopping` says whether the operator asked to stop."""

    observer: Observer
    kit: Kit
    order: FailoverRequest
    signal: Signal
    """The signal that this run gives."""
    known: int
    """The generation that the target's signal had when the decision was made."""
    expected: float
    """Seconds that the worst case takes."""
    listen: Listener
    stopping: Callable[[], bool]
    replaced: frozenset[str] = frozenset()
    """The runs whose place this one took: their signals are taken back with its own."""
    left: str = ""
    """The region that traffic leaves."""
    outside: Outside = HERE
    """What steps of one's own reach the world with."""
    meanwhile: Callable[[], None] = nothing
    """Called whenever a step that waits looks again."""


@dataclass(frozen=True)
class Before:
    """What stood before a run began: the region that the signal named ("" for none), and the one that traffic left."""

    signal: str
    source: str


@dataclass(frozen=True)
class Undone:
    """What became of a step that was to be taken back, facts for the journal, and what the operator should know."""

    fate: Fate
    facts: dict[str, Any] = field(default_factory=dict)
    note: Problem | None = None


class StepFailedError(Exception):
    """A step did not come to its end; the text says why. It may be tried again, skipped, or the run aborted."""


class PausedError(Exception):
    """The operator asked to stop here; the run stays open."""


Refusal = tuple[Guard | str, Problem]
"""A reason against an order, with the guard that can be overridden, or a word where nothing can override it."""


class Mechanism(Protocol):
    """One way to move traffic. Every method but `do` and `undo` is a pure function of what it is given."""

    name: str
    signals: bool
    """Whether the order is a signal in the target's own region: it keeps traffic there, and says whose it is."""
    calls: frozenset[str]
    """Every operation that it makes, as service:Operation; policies are derived from it."""
    keys: tuple[str, ...]
    """The partition keys of the signal's table to which its calls are limited; none where they are not."""
    planes: tuple[Plane, ...]

    def refusals(self, order: FailoverRequest, kit: Kit, world: TrafficSnapshot) -> Iterator[Refusal]:
        """Why it cannot work in this world: what the kit lacks, what the target did not say."""

    def under_way(self, order: FailoverRequest, kit: Kit, world: TrafficSnapshot) -> Iterator[Refusal]:
        """Another operator's order that is being carried out, as far as it shows."""

    def recovery_bound(self, rules: Rules) -> WorstCase:
        """How long it takes at worst until traffic has moved."""

    def steps(self, order: FailoverRequest, kit: Kit, world: TrafficSnapshot, signal: Signal) -> tuple[RunStep, ...]:
        """What carries the order out, in order. `signal` is the one that the run gives."""

    def do(self, step: RunStep, on: ActionContext, change: str) -> dict[str, Any]:
        """Do one step; facts for the journal. Done again after a kill, it does no harm. `change` is a record change under way.

        Raises StepFailedError, PausedError, AwsError; SbctlError when another operator was first.
        """

    def undo(self, step: RunStep, on: ActionContext, before: Before) -> Undone:
        """Take one step back. Raises AwsError; SbctlError when others write faster than it can be read."""


def mechanisms() -> dict[str, Mechanism]:
    """All there are, by name."""
    return {one.name: one for one in discover(MECHANISMS, "MECHANISM").values()}


def mechanism_named(name: str) -> Mechanism:
    """The one with a name such as "records"; KeyError when there is none."""
    return mechanisms()[name]


def mechanism_of(kit: Kit) -> str:
    """The name of the mechanism that the kit's rules ask for; the takeover signal where that one is not built."""
    wanted = str(kit.rules.mechanism)
    return wanted if wanted in mechanisms() else "standby-takeover"


def planes(first: str) -> tuple[Plane, ...]:
    """The planes of all mechanisms; those of the one named `first` come first."""
    ordered = sorted(mechanisms().values(), key=lambda one: one.name != first)
    return tuple(plane for one in ordered for plane in one.planes)
