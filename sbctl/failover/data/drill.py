"""What `drill` commands tell: the drills there are, and what each that was played came to. All seconds are the world's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from sbctl.core.moving.drill import Level
from sbctl.failover.data.failover import KitUsed, ObjectivesTold, ReadingTold, RunStepTold
from sbctl.failover.data.told import Told

Outcome = Literal["held", "deviated", "interrupted", "aborted"]
CUT_OFF: tuple[Outcome, ...] = ("interrupted", "aborted")
"""Outcomes of drills that did not come to their end."""


def not_seen(outcome: str, limit: Mapping[str, Any]) -> bool:
    """Whether a drill was cut off before this limit could hold: that is no finding."""
    return outcome in CUT_OFF and not limit["held"] and (limit["value"] is None or limit["unit"] == "at least")


class DrillRow(Told):
    """A drill that can be played. `on_aws` is the highest level that is safe on AWS."""

    name: str
    title: str
    purpose: str
    on_aws: Level
    last_at: str | None
    last_outcome: str | None


class DrillList(Told):
    """`drill list`."""

    drills: tuple[DrillRow, ...]


class LimitTold(Told):
    """What must hold, with what was seen; `value` null where nobody knows."""

    name: str
    value: float | str | None
    limit: float | str
    unit: str
    held: bool


class ProbeTold(Told):
    """One probe: which region DNS answered, and whether its endpoint answered well."""

    at_seconds: float
    region: str
    good: bool
    why: str


class WriteTold(Told):
    """One write; `why` it was not acknowledged."""

    number: int
    at_seconds: float
    acknowledged: bool
    why: str


class Moment(Told):
    """A line of the timeline."""

    at_seconds: float
    what: str
    text: str


class ClockTold(Told):
    """The one clock of which all times are; `speed` 1 is real time."""

    name: str
    speed: float
    begun_at: str


class Where(Told):
    """Which deployment it was played on; the account is masked but for its last digits."""

    endpoint: str
    account: str
    project: str
    domain: str


class Who(Told):
    """Who played it; `caller` null where STS told none."""

    operator: str
    host: str
    caller: str | None


class CallerSecond(Told):
    """What callers got in one second in one region. `answered` holds those of `wrong_region` too."""

    at_seconds: float
    region: str
    answered: int
    served: int
    lost: int
    wrong_region: int
    waiting: int


class CallersTold(Told):
    """Callers of a drill on the sandbox. `judged`: whether something moves numbers, so that a limit is set on them."""

    rate_per_minute: float
    numbers: tuple[str, ...]
    judged: bool
    answered: int
    served: int
    lost: int
    wrong_region: int
    seconds: tuple[CallerSecond, ...]


class FlowTestsTold(Told):
    """The last results of `flow test` in the target, from before the drill; `failed` names tests. `age_seconds`: of the oldest."""

    passed: int
    failed: tuple[str, ...]
    age_seconds: float


class DrillTold(Told):
    """A drill that was played. `rto_seconds` and `rpo_seconds` are measured; null where nothing was seen."""

    run: str = ""
    name: str
    title: str
    purpose: str
    source: str = Field(alias="from")
    target: str = Field(alias="to")
    begun_at: str
    level: Level
    rto_seconds: float | None
    rpo_seconds: float | None
    decision_to_moved_seconds: float | None
    outage_seconds: float | None
    callers_rto_seconds: float | None = None
    """From the last caller answered before callers were lost to the first one after; 0: none lost, null: unknown, or none again."""
    callers: CallersTold | None = None
    callers_note: str = ""
    """Why there were no callers, or not to the end."""
    own_steps: tuple[RunStepTold, ...] = ()
    """Steps of the user's own in the drill's failover."""
    objectives: ObjectivesTold
    limits: tuple[LimitTold, ...]
    probes_total: int
    probes_failed: int
    last_good_at: str | None
    writes_acknowledged: int
    writes_lost: tuple[int, ...]
    lags: tuple[ReadingTold, ...]
    """Measured before the act."""
    refusal: tuple[str, ...]
    probes: tuple[ProbeTold, ...]
    writes: tuple[WriteTold, ...]
    timeline: tuple[Moment, ...]
    outcome: Outcome
    why: str
    restored: bool
    report: str = ""
    """Where its HTML page is."""
    mode: str = ""
    mechanism: str = ""
    where: Where | None = None
    who: Who | None = None
    sbctl: str = ""
    """Its version."""
    config_digest: str | None = None
    kit_serial: int | None = None
    kit_made_at: str = ""
    clock: ClockTold | None = None
    flow_tests: FlowTestsTold | None = None
    """null: no result of a flow test is at hand."""
    left_alone: Any = None
    """What the restore left alone, and why."""
    kit: KitUsed | None = None


class DrillsTold(Told):
    """`drill run --all`."""

    outcome: Literal["held", "deviated"]
    drills: tuple[DrillTold, ...]
    kit: KitUsed | None = None


class TabletopRow(Told):
    """A drill in words."""

    name: str
    title: str
    purpose: str
    steps: tuple[str, ...]


class TabletopTold(Told):
    """`drill run --level tabletop`."""

    level: Literal["tabletop"]
    outcome: None
    drills: tuple[TabletopRow, ...]


class DrillReportTold(Told):
    """`drill report`."""

    run: str
    report: str


class DrillRestoreTold(Told):
    """`drill restore`: the drills that were put right, and what was left alone with the command that does it."""

    restored: tuple[str, ...]
    left_alone: tuple[dict[str, Any], ...]
