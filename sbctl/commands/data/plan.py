"""What `plan`, `deploy`, `apply`, `destroy` and the commands of each kind tell."""

from __future__ import annotations

from typing import Any

from sbctl.commands.data.shared import CallsTold
from sbctl.core.plan import Action, Why
from sbctl.failover.data.told import Told


class ChangeTold(Told):
    """A field that changes. `why` is `config`, `drift` or `unknown` until apply; `notes` are sentences on a document."""

    field: str
    before: Any
    after: Any
    why: Why
    notes: tuple[str, ...]


class StepTold(Told):
    """What is done with a resource, or `none`."""

    address: str
    action: Action
    reason: str
    changes: tuple[ChangeTold, ...]


class SummaryTold(Told):
    """How many steps there are of each action."""

    create: int
    adopt: int
    update: int
    replace: int
    delete: int
    forget: int
    none: int


class PlanTold(Told):
    """A plan: `steps` in the order in which they are done; `unread` are regions that did not answer.

    `estimated_seconds` is what AWS's limits of calls a second make of it at least.
    """

    summary: SummaryTold
    steps: tuple[StepTold, ...]
    regions: tuple[str, ...]
    unread: tuple[str, ...]
    estimated_seconds: float
    calls: CallsTold
    elapsed_seconds: float


class RegionOutputs(Told):
    """What a region has, as the state knows it; empty texts where it has none. `numbers`: E.164 by the name of the item."""

    instance_id: str
    instance_arn: str
    access_url: str
    buckets: tuple[str, ...]
    functions: tuple[str, ...]
    numbers: dict[str, str]
    health_url: str
    resources: int


class OutputsTold(Told):
    """What exists after a run, by region and globally."""

    regions: dict[str, RegionOutputs]
    tables: tuple[str, ...]
    record: str
    dashboard: str


class AppliedTold(PlanTold):
    """A plan that was applied; `done`, `failed` and `not_done` are missing where a guard or a "no" came first."""

    outputs: OutputsTold
    done: tuple[str, ...] | None = None
    failed: tuple[str, ...] | None = None
    not_done: tuple[str, ...] | None = None


class LiveRow(Told):
    """A resource in AWS; `owner` is the address in its ownership tag."""

    region: str
    name: str
    ids: dict[str, str]
    owner: str | None
    values: dict[str, Any]


class LivesTold(Told):
    """`KIND list`."""

    items: tuple[LiveRow, ...]


class ThreeTold(Told):
    """A resource as the config wants it, as AWS has it and as it was applied last."""

    address: str
    action: Action
    ids: dict[str, str]
    wanted: dict[str, Any]
    live: dict[str, Any]
    applied: dict[str, Any]
    changes: tuple[ChangeTold, ...]


class ThreesTold(Told):
    """`KIND show`."""

    items: tuple[ThreeTold, ...]
