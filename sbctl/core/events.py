"""What happens during a run, as values. The engine and the client emit them; progress displays and logs listen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sbctl.core.address import Address


@dataclass(frozen=True)
class PhaseStarted:
    """A part of a run begins ("reading", "applying", "checking"); `total` is the number of steps, 0 when not known.

    `by_region` says how many of them each region has, when that is known.
    """

    phase: str
    total: int = 0
    by_region: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class QuestionAsked:
    """The user is asked something: progress displays make room until the next phase begins."""


@dataclass(frozen=True)
class StepStarted:
    address: Address
    action: str


@dataclass(frozen=True)
class StepWaiting:
    """A step waits; `reason` is for people ("replica being created", "throttled by AWS")."""

    address: Address
    reason: str
    seconds: float = 0.0


@dataclass(frozen=True)
class StepDone:
    address: Address
    action: str
    seconds: float


@dataclass(frozen=True)
class StepFailed:
    address: Address
    action: str
    summary: str


@dataclass(frozen=True)
class StepSkipped:
    address: Address
    reason: str


@dataclass(frozen=True)
class ReadStarted:
    """One kind in one region is being read; a region that does not answer is seen by what never comes to its end."""

    kind: str
    region: str


@dataclass(frozen=True)
class ReadDone:
    """All of one kind in one region has been read."""

    kind: str
    region: str
    count: int


@dataclass(frozen=True)
class CallMade:
    """One request went out. `outcome` is "ok" or the error code; `seconds` excludes client-side waiting."""

    service: str
    operation: str
    region: str
    outcome: str
    seconds: float


@dataclass(frozen=True)
class CallWaiting:
    """A call waits before it goes out: `reason` "rate limit" (our own bucket), "throttled by AWS" or "retry"."""

    service: str
    operation: str
    region: str
    reason: str
    seconds: float


@dataclass(frozen=True)
class PairStarted:
    """The lag of a table or bucket from one region to another is being measured."""

    subject: str
    source: str
    target: str


@dataclass(frozen=True)
class PairMeasured:
    """It has been; `outcome` is for people ("0.84 s", "not seen")."""

    subject: str
    source: str
    target: str
    outcome: str


Event = (
    PhaseStarted
    | QuestionAsked
    | StepStarted
    | StepWaiting
    | StepDone
    | StepFailed
    | StepSkipped
    | ReadStarted
    | ReadDone
    | CallMade
    | CallWaiting
    | PairStarted
    | PairMeasured
)
Listener = Callable[[Event], None]


def silent(_: Event) -> None:
    """A listener that drops everything."""
