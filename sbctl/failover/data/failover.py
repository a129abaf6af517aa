"""What `failover`, `failback` and `failover --rejoin` tell: the decision before, the steps and clocks after, what stayed behind."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from sbctl.core.moving.run import Status
from sbctl.failover.data.told import Told
from sbctl.failover.decision.data_loss import Loss
from sbctl.failover.decision.not_moved import NotMoved
from sbctl.failover.decision.snapshot import Health
from sbctl.failover.signal import Signal

KitOrigin = Literal["told", "state", "shared", "cache", "project"]
StepStatus = Literal["planned", "begun", "done", "failed", "skipped", "undone"]


class KitUsed(Told):
    """The kit that was worked from, and where it was found; `at` is the file or the object."""

    source: KitOrigin = Field(alias="from")
    at: str
    project: str
    serial: int
    made_at: str
    age_seconds: float


class FromSignal(Told):
    """The signal that a command worked from, where no run here is about it."""

    region: str
    run: str
    by: str
    at: str


class ObjectivesTold(Told):
    """What the rules want, in seconds."""

    rto_seconds: float
    rpo_seconds: float


class ReadingTold(Told):
    """One measured value."""

    check: str
    subject: str
    source: str = Field(alias="from")
    target: str = Field(alias="to")
    value: float | str | None
    unit: str
    verdict: str
    age_seconds: float
    detail: str
    fix: str


class WorstCasePart(Told):
    """One part of the worst case."""

    name: str
    seconds: float
    reason: str = ""


class DecisionTold(Told):
    """`go` says whether nothing refuses; `overridden` names guards that the operator overrode, with what they said."""

    go: bool
    sentence: str
    overridden: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    expected_seconds: float
    """The worst case until traffic has moved."""
    expected_parts: tuple[WorstCasePart, ...] = ()


class RunStepTold(Told):
    """One step; `depends_on` names the planes that it needs, `calls` every call as JSON and as a line for the AWS CLI."""

    move: str
    title: str
    region: str
    depends_on: str
    reversible: bool
    undo: str
    calls: tuple[dict[str, Any], ...]
    status: StepStatus
    own: Literal["", "command", "lambda", "https"] = ""
    """What a step of the user's own does; "" for a step of the mechanism."""
    seconds: float | None = None
    """How long it took, on the world's clock; of a step of the user's own in real time."""
    reason: str = ""
    """Why it failed or waits."""
    output: str = ""
    """What a step of the user's own said, cut and without secrets."""
    attempts: int | None = None
    """How often a step of the user's own was tried."""


class RegionTold(Told):
    """A region as it was seen. `signal` is the region that its copy of the signal names; "" nobody, null not told."""

    region: str
    role: str
    health: Health
    detail: str
    age_seconds: float
    signal: str | None


class LeftBehind(Told):
    """What a run that took the place of another one could not undo, and the command that does when the region is back."""

    when_back: str
    fix: str
    region: str
    run: str


class ContactsTold(Told):
    """Contacts in the region that a planned move leaves; null where nobody knows, and `detail` says why."""

    region: str
    in_progress: int | None
    """With agents; calls that are still in a flow are not counted by AWS."""
    queued: int | None
    callbacks: int | None
    detail: str


class Changed(Told):
    """A resource that was made or changed while traffic was away."""

    address: str
    updated_at: str


class FailoverTold(Told):
    """A failover or failback: thought through (no `run` yet), under way, or ended."""

    run: str = ""
    status: Status = "open"
    source: str = Field(alias="from")
    target: str = Field(alias="to")
    mode: str
    mechanism: str
    reason: str = ""
    by: str = ""
    undoes: str = ""
    begun_at: str = ""
    decision: DecisionTold
    moves: tuple[RunStepTold, ...]
    rto_seconds: float | None
    """From the decision until traffic had moved, on the world's clock: what the objective is judged by."""
    since_last_good_seconds: float | None
    """From the last good answer of the region that was left until traffic had moved."""
    estimated_loss: Loss
    objectives: ObjectivesTold
    before: tuple[RegionTold, ...] = ()
    after: tuple[RegionTold, ...] = ()
    not_moved: tuple[NotMoved, ...]
    left_behind: LeftBehind | None = None
    acknowledged: bool = False
    changed_while_away: tuple[Changed, ...] | None = None
    """For a failback."""
    contacts: ContactsTold | None = None
    """Before a planned move: who would be left behind."""
    from_signal: FromSignal | None = None
    kit: KitUsed | None = None


class RejoinTold(Told):
    """A returned region's copy of the signal, and the newest one that the others have."""

    region: str
    before: Signal
    newest: Signal
    stale: bool
    written: bool
    kit: KitUsed | None = None
