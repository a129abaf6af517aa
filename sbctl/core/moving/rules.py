"""failover-rules.json as values: objectives, mechanism, health checks, guards, data residency, drills."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from sbctl.core.kinds.spec import WrittenPart
from sbctl.core.moving.own_steps import OwnStep


class RulesPart(WrittenPart):
    """A part of failover-rules.json; names are camelCase there."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class Objectives(RulesPart):
    """What a failover must reach, in seconds, measured in every drill."""

    rto_seconds: float = Field(default=300, gt=0, description="Recovery time objective, seconds.")
    rpo_seconds: float = Field(default=60, gt=0, description="Recovery point objective, seconds.")


class HealthCheckRule(RulesPart):
    """How Route 53 asks each region whether it is healthy.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
    """

    type: Literal["HTTPS", "HTTP"] = Field(default="HTTPS", description="Protocol.")
    path: str = Field(
        default="/health",
        pattern=r"^/",
        max_length=255,
        description="Path that answers 2xx or 3xx while the region is well.",
    )
    port: int = Field(default=443, ge=1, le=65535, description="TCP port.")
    interval_seconds: Literal[10, 30] = Field(
        default=30,
        description="Seconds between two questions of a checker. Cannot change: another value is another check.",
    )
    failure_threshold: int = Field(
        default=3, ge=1, le=10, description="Equal answers in a row until a checker changes its mind."
    )


class TakeoverRule(RulesPart):
    """How Route 53 asks whether a standby region has taken over (mechanism standby-takeover).

    Ten seconds and not thirty: this interval times the threshold is a part of every failover by hand.
    """

    table: str = Field(
        default="connect-config-global", description="The global table that holds the signal; keys PK and SK, type S."
    )
    interval_seconds: Literal[10, 30] = Field(default=10, description="Seconds between two questions of a checker.")
    failure_threshold: int = Field(
        default=3, ge=1, le=10, description="Equal answers in a row until a checker changes its mind."
    )


class Guards(RulesPart):
    """What must hold before sbctl moves traffic of its own accord."""

    max_lag_seconds: float = Field(default=60, gt=0, description="A planned failover is refused above this lag.")
    require_parity: bool = Field(default=True, description="A planned failover is refused while regions differ.")
    cooldown_seconds: float = Field(
        default=1800, ge=0, description="Time after a failover in which another is refused."
    )
    quorum: int = Field(default=2, ge=1, description="Independent sources that must agree that a region is lost.")
    max_deletes: int = Field(default=0, ge=0, description="Deletes a deploy may make without --max-deletes.")


class Residency(RulesPart):
    """Where a kind of data may live. `data` names tables or buckets; a plan that would leave `regions` is refused."""

    data: list[str] = Field(min_length=1, description="Names of tables or buckets.")
    regions: list[str] = Field(min_length=1, description="Regions in which they may be.")
    reason: str = Field(default="", description="Why; shown with a refusal.")


DrillName = Literal[
    "connect-outage",
    "control-plane-loss",
    "dns-flap",
    "half-done-failover",
    "planned-switch",
    "region-loss",
    "replication-late",
]
FORMER_NAMES = {"region-outage": "region-loss"}
"""Names that earlier starters wrote."""


class DrillRule(RulesPart):
    """A rehearsal that should happen regularly. `name` is one of `sbctl drill list`."""

    name: Annotated[
        DrillName, BeforeValidator(lambda name: FORMER_NAMES.get(name, name) if isinstance(name, str) else name)
    ] = Field(description="A drill of `sbctl drill list`.")
    every_days: int = Field(default=30, ge=1, description="Days after which it is due again.")


class Rules(RulesPart):
    """The whole of failover-rules.json."""

    schema_: str | None = Field(default=None, alias="$schema", description="Schema for editors.")
    objectives: Objectives = Field(default=Objectives(), description="What a failover is judged by.")
    mechanism: Literal["standby-takeover", "records", "connect-traffic", "arc"] = Field(
        default="standby-takeover", description="How traffic moves."
    )
    health_check: HealthCheckRule = Field(
        default=HealthCheckRule(), description="How Route 53 asks each region whether it is healthy."
    )
    takeover: TakeoverRule = Field(
        default=TakeoverRule(), description="How Route 53 asks whether a standby has taken over."
    )
    ttl_seconds: int = Field(default=60, ge=0, le=86400, description="TTL of the DNS records that fail over.")
    guards: Guards = Field(default=Guards(), description="What must hold before traffic moves.")
    data_residency: list[Residency] = Field(default=[], description="Where data may live.")
    drills: list[DrillRule] = Field(default=[], description="Rehearsals that are due regularly.")
    steps: list[OwnStep] = Field(
        default=[], description="Steps of your own beside the move: commands, functions, HTTPS calls."
    )
