"""What `status` tells: where traffic is, how the regions are, what was proven when, what is wrong, what to do next."""

from __future__ import annotations

from pydantic import Field

from sbctl.core.moving.run import Kind, Status
from sbctl.failover.data.failover import KitUsed, ObjectivesTold, ReadingTold
from sbctl.failover.data.told import Told


class SignalTold(Told):
    """Whose the newest signal is; `told` are the regions that said theirs."""

    run: str
    generation: float
    told: tuple[str, ...]


class RegionRow(Told):
    """A region: `role` active, primary or standby; `age_seconds` null where nobody has asked yet."""

    region: str
    role: str
    health: str
    detail: str
    lag_seconds: float | None = None
    """The worst lag of what replicates to it that anybody measured."""
    age_seconds: float | None


class Proof(Told):
    """What a check found last."""

    verdict: str
    readings: int
    not_ok: int
    overtaken: int = 0
    """How many no longer count, since something has happened that they know nothing of."""
    age_seconds: float


class DrillPlayed(Told):
    """The last drill."""

    name: str
    run: str
    outcome: str
    age_seconds: float
    rto_seconds: float | None
    rpo_seconds: float | None


class RunStanding(Told):
    """A failover or failback, open or the last one."""

    run: str
    kind: Kind
    status: Status
    age_seconds: float
    target: str
    mode: str
    by: str
    reason: str


class Ordered(Told):
    """The order by which traffic is where it is."""

    run: str
    by: str
    age_seconds: float | None


class OpenDrill(Told):
    """A drill that has not come to its end; `failover` is the run that it began, `breaks` whether it breaks anything."""

    name: str
    run: str
    by: str
    failover: str
    breaks: bool
    age_seconds: float


class StatusFaultTold(Told):
    """What is not as it should be: a reading with its text, or a text alone."""

    what: str
    verdict: str
    age_seconds: float | None
    check: str = ""
    subject: str = ""
    source: str = Field(default="", alias="from")
    target: str = Field(default="", alias="to")
    value: float | str | None = None
    unit: str = ""
    detail: str = ""
    fix: str = ""


class KitCompared(KitUsed):
    """The kit, beside the state: `stale` when the state is newer; `state_serial` null where the state is not at hand."""

    state_serial: int | None
    stale: bool


class StatusTold(Told):
    """The overview. `next` is the one command that is most worth running now."""

    verdict: str
    """What is so, in one sentence."""
    active: str | None
    active_how: str
    dns_answer: str
    serving: tuple[str, ...]
    """All regions that DNS answers, where traffic is shared."""
    signal: str | None
    signal_of: SignalTold
    ordered: Ordered | None
    """Null where traffic is where it is by itself."""
    regions: tuple[RegionRow, ...]
    lag: tuple[ReadingTold, ...]
    proofs: dict[str, Proof]
    last_drill: DrillPlayed | None
    open_failover: RunStanding | None
    open_drill: OpenDrill | None
    at_work: str | None
    """The command that works on a run of this folder now."""
    last_failover: RunStanding | None
    faults: tuple[StatusFaultTold, ...]
    objectives: ObjectivesTold
    age_seconds: float | None
    kit: KitCompared
    next: str
