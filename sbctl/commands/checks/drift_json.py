"""The promised JSON form of drift."""

from __future__ import annotations

from typing import Any

from sbctl.core.plan import Plan, Step
from sbctl.engine.drift.detect import Drifted


def drift_data(plan: Plan, found: tuple[Drifted, ...]) -> dict[str, Any]:
    """`drifted` (what hurts a failover most first), `unread` regions, and how many further steps a plan would have."""
    addresses = {str(one.address) for one in found}
    return {
        "drifted": [_row(one) for one in found],
        "unread": list(plan.unread),
        "looked_at": len(plan.steps),
        "other_steps": sum(1 for step in plan.pending if step.address not in addresses and not _follows(step)),
    }


def _follows(step: Step) -> bool:
    """Whether a step is only there because something it refers to is."""
    return step.action == "update" and all(change.why == "unknown" for change in step.changes)


def _row(one: Drifted) -> dict[str, Any]:
    return {
        "address": str(one.address),
        "moved": one.moved,
        "field": one.field,
        "live": one.live,
        "wanted": one.wanted,
        "said": list(one.said),
        "severity": one.severity.level,
        "why": one.severity.why,
    }
