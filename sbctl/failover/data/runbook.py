"""What `runbook` tells: which there are, one in full, or what was seen on a walk through it."""

from __future__ import annotations

from sbctl.failover.data.failover import KitUsed
from sbctl.failover.data.told import Told
from sbctl.failover.guidance.runbooks import Runbook


class RunbookRow(Told):
    """One of those there are."""

    name: str
    title: str
    when: str


class RunbooksTold(Told):
    """`runbook` without a name."""

    runbooks: tuple[RunbookRow, ...]
    kit: KitUsed | None = None


class WalkedStep(Told):
    """`came_true` null: nothing is checked, or the step was left out; `seen` says what was seen instead."""

    step: str
    check: str
    came_true: bool | None
    seen: str


class WalkTold(Told):
    """`runbook NAME --walk`."""

    name: str
    steps: tuple[WalkedStep, ...]
    kit: KitUsed | None = None


class RunbookTold(Runbook):
    """`runbook NAME`: its lines with this deployment's ids."""

    kit: KitUsed | None = None
