"""What commands hand to the renderer, one small type each; the JSON form of a report never looks at these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sbctl.core.kinds.resource import Kind, Live
    from sbctl.core.plan import Plan
    from sbctl.core.project import Project
    from sbctl.core.reading import Reading, Verdict
    from sbctl.core.state import Record, State
    from sbctl.failover.data.failover import FailoverTold, RejoinTold
    from sbctl.failover.guidance.procedure import RunbookStep
    from sbctl.failover.guidance.runbooks import Runbook


@dataclass(frozen=True)
class Applied:
    """A plan that was carried out (or not: `done` None), and what exists now."""

    plan: Plan
    done: frozenset[str] | None
    failed: frozenset[str]
    not_done: frozenset[str]
    outputs: Mapping[str, Any]
    seconds: float
    calls: Mapping[str, Any]


@dataclass(frozen=True)
class Records:
    records: tuple[Record, ...]
    state: State


@dataclass(frozen=True)
class GenerationsListed:
    """The states that are kept, and copies elsewhere, as `state history` tells them in JSON."""

    rows: tuple[Mapping[str, Any], ...]
    copies: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class StateRebuilt:
    """A state made anew, as `state rebuild` tells it in JSON; `rows` are regions with what was found there, by origin."""

    rows: tuple[tuple[str, int, int, int, int], ...]
    data: Mapping[str, Any]


@dataclass(frozen=True)
class ConfigChecked:
    project: Project
    counts: Mapping[str, int]


@dataclass(frozen=True)
class KindsListed:
    """Every kind with the noun of its commands."""

    kinds: tuple[tuple[str, Kind[Any, Any]], ...]


@dataclass(frozen=True)
class ExitExplained:
    code: int
    meaning: str
    remedy: str


@dataclass(frozen=True)
class KindExplained:
    kind: Kind[Any, Any]
    versions: str
    """Where its versions come from; "" for a kind without."""


@dataclass(frozen=True)
class AddressExplained:
    data: Mapping[str, Any]


@dataclass(frozen=True)
class LivesListed:
    kind: Kind[Any, Any]
    rows: tuple[tuple[str, Live[Any], str], ...]


@dataclass(frozen=True)
class LiveShown:
    items: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class FlowTestsShown:
    """What flow tests found, in the form of their JSON data, and the regions in their order."""

    data: Mapping[str, Any]
    regions: tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """Text that is the result itself (a rendered flow, an environment to evaluate)."""

    text: str


@dataclass(frozen=True)
class KitVerified:
    """What was looked at of a failover kit, as `kit verify` tells it in JSON."""

    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class FaultsListed:
    """Faults of the sandbox, as its control API tells them."""

    faults: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class WorldShown:
    """The sandbox's world: facts about its server, and what its control API tells of it."""

    rows: tuple[tuple[str, str], ...]
    world: Mapping[str, Any]


@dataclass(frozen=True)
class CallLine:
    """One line of a call: `heard`, `block` or `state` of its control API, at seconds after its beginning where they are known."""

    row: Mapping[str, Any]
    seconds: float | None


@dataclass(frozen=True)
class CallShown:
    """How a call went, as `sandbox call` tells it in JSON."""

    data: Mapping[str, Any]


@dataclass(frozen=True)
class CallersListed:
    """Generators of calls, as the sandbox's control API tells them."""

    callers: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class AgentsListed:
    """Agents, as the sandbox's control API tells them."""

    agents: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Pairs:
    """A short table of names and values."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Adopted:
    """A contact centre that was taken over, as the JSON data of `adopt` tells it."""

    data: Mapping[str, Any]


@dataclass(frozen=True)
class FailoverShown:
    """A failover as its JSON data tells it; `state` is "dry run", "not begun", "refused", or how far the run has come."""

    data: FailoverTold
    state: str
    call: str = "sbctl"
    """How sbctl was called."""


@dataclass(frozen=True)
class RejoinShown:
    """A region's copy of the signal, before and after."""

    data: RejoinTold


@dataclass(frozen=True)
class HistoryListed:
    """Runs, a row each."""

    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class RunShown:
    """One run with its events."""

    data: Mapping[str, Any]


@dataclass(frozen=True)
class CostShown:
    """An estimate of cost, as its JSON data tells it."""

    data: Mapping[str, Any]


@dataclass(frozen=True)
class ParityShown:
    """How alike the regions are, in the promised JSON form."""

    data: Mapping[str, Any]


@dataclass(frozen=True)
class DriftShown:
    """What moved in AWS, in the promised JSON form."""

    data: Mapping[str, Any]
    call: str = "sbctl"
    """How sbctl was called."""


@dataclass(frozen=True)
class AcceptShown:
    """Values that go into the project's files, before they are written or after, and what cannot be said there."""

    rows: tuple[Mapping[str, Any], ...]
    refused: tuple[Mapping[str, Any], ...] = ()
    done: bool = False


@dataclass(frozen=True)
class StatusShown:
    """The overview; `live` False means that it comes from the cache. `notes` follow it, and need rows as well.

    `looking` means that it stands there only until a look takes its place: what to do next is not said by it.
    """

    data: Mapping[str, Any]
    live: bool
    notes: int = 0
    looking: bool = False
    call: str = "sbctl"


@dataclass(frozen=True)
class DrillsListed:
    """The drills there are, with when each was played last."""

    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class TabletopShown:
    """Drills in words, to be read aloud."""

    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class DrillShown:
    """One drill that was played, as its JSON data tells it."""

    data: Mapping[str, Any]
    call: str = "sbctl"
    """How sbctl was called."""


@dataclass(frozen=True)
class DrillsShown:
    """Several drills that were played."""

    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class LagShown:
    """The lag of one pair, in seconds; `resolution` is by how much the true one may be shorter."""

    subject: str
    source: str
    target: str
    samples: int
    p50: float
    p95: float
    max: float
    resolution: float


@dataclass(frozen=True)
class ReplicationShown:
    """What verify-replication found, at what time. `rpo` in seconds; `swept`: canaries of earlier runs now removed."""

    readings: tuple[Reading, ...]
    lags: tuple[LagShown, ...]
    verdict: Verdict
    rpo: float
    at: datetime
    swept: int = 0


@dataclass(frozen=True)
class RunbookShown:
    """Runbooks, whole or only their titles."""

    books: tuple[Runbook, ...]
    whole: bool


@dataclass(frozen=True)
class StepShown:
    """A step that is walked through; once `done`, whether it came true (None: not checked) and what was seen instead."""

    step: RunbookStep
    number: int
    total: int
    came_true: bool | None = None
    seen: str = ""
    done: bool = False


@dataclass(frozen=True)
class DoctorShown:
    """What the preflight found, as its JSON data tells it."""

    data: Mapping[str, Any]
