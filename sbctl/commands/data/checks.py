"""What `drift`, `parity`, `doctor` and `verify-replication` tell."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sbctl.commands.data.shared import CallsTold
from sbctl.core.kinds.facts import Level
from sbctl.core.reading import Verdict
from sbctl.engine.drift.detect import Moved as Drift
from sbctl.engine.parity.compare import What
from sbctl.engine.parity.fields import Moved as RegionCopy
from sbctl.failover.data.failover import ObjectivesTold, ReadingTold, WorstCasePart
from sbctl.failover.data.told import Told


class DriftRow(Told):
    """One field that moved, or the whole of a resource (`field` empty)."""

    address: str
    moved: Drift
    field: str
    live: Any
    wanted: Any
    said: tuple[str, ...]
    severity: Level
    why: str


class AcceptedRow(Told):
    """A value of the config that was written."""

    at: str
    path: str
    before: Any
    after: Any
    addresses: tuple[str, ...]


class RefusedRow(Told):
    """What cannot be said in the config."""

    addresses: tuple[str, ...]
    field: str
    reason: str


class DriftTold(Told):
    """`drift`, and with --accept what was written into the config."""

    drifted: tuple[DriftRow, ...]
    unread: tuple[str, ...]
    looked_at: int
    other_steps: int
    calls: CallsTold
    elapsed_seconds: float
    accepted: tuple[AcceptedRow, ...] | None = None
    not_expressible: tuple[RefusedRow, ...] | None = None


class CellTold(Told):
    """A kind in a region; `unknown` is why it could not be compared."""

    kind: str
    region: str
    verdict: Verdict
    compared: int
    differ: int
    missing: int
    extra: int
    unknown: str


class DifferenceTold(Told):
    """A resource or a field that two regions have not alike; `here` and `there` without ids."""

    address: str
    what: What
    region: str
    source: str = Field(alias="from")
    field: str
    here: Any
    there: Any
    moved: RegionCopy
    severity: Level
    why: str
    said: str


class ExtraTold(Told):
    """What the config does not have, and one of two regions has."""

    kind: str
    name: str
    region: str
    absent_in: str


class QuotaTold(Told):
    """A quota of a region; null where it is unknown."""

    quota: str
    region: str
    value: float | None
    unknown: str


class ApartTold(Told):
    """A flow test whose way is another in `region` than in `from`: at `block` it takes `branch`, there `from_branch`.

    "" is the next block, null: it ended there.
    """

    name: str
    region: str
    source: str = Field(alias="from")
    flow: str
    block: str
    branch: str | None
    from_branch: str | None
    age_seconds: float


class ParityTold(Told):
    """`parity`, and with --fix the addresses that were corrected."""

    source: str = Field(alias="from")
    regions: tuple[str, ...]
    matrix: tuple[CellTold, ...]
    differences: tuple[DifferenceTold, ...]
    extra: tuple[ExtraTold, ...]
    flow_tests: tuple[ApartTold, ...]
    """By the last results of `flow test` that still hold."""
    quotas: tuple[QuotaTold, ...]
    readings: tuple[ReadingTold, ...]
    fixed: tuple[str, ...] | None = None
    calls: CallsTold
    elapsed_seconds: float


class Counted(Told):
    """How many readings have each verdict."""

    ok: int
    late: int
    bad: int
    unknown: int


class MoveTold(Told):
    """A step of a failover, and the plane that it needs."""

    mechanism: str
    step: str
    plane: str
    service: str
    where: str


class WorstCaseTold(Told):
    """How long traffic takes to move, for a cause."""

    cause: str
    seconds: float
    parts: tuple[WorstCasePart, ...]


class DoctorTold(Told):
    """`doctor`; `to` null for every region."""

    verdict: Verdict
    summary: Counted
    target: str | None = Field(alias="to")
    regions: tuple[str, ...]
    readings: tuple[ReadingTold, ...]
    moves: tuple[MoveTold, ...]
    recovery_bound: tuple[WorstCaseTold, ...]
    objectives: ObjectivesTold
    notes: tuple[str, ...]


class ReplicationSummary(Counted):
    """The worst verdict, and how many canaries of earlier runs were removed."""

    verdict: Verdict
    worst_lag_seconds: float | None
    swept: int


class RpoObjective(Told):
    """What the rules want, in seconds."""

    rpo_seconds: float


class LagTold(Told):
    """The lag of one pair of regions, in seconds."""

    subject: str
    source: str = Field(alias="from")
    target: str = Field(alias="to")
    samples: int
    p50: float
    p95: float
    max: float
    resolution: float


class ReplicationTold(Told):
    """`verify-replication`; `rpo_seconds` is the worst lag that was measured."""

    summary: ReplicationSummary
    rpo_seconds: float | None
    objectives: RpoObjective
    lags: tuple[LagTold, ...]
    readings: tuple[ReadingTold, ...]
