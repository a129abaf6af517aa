"""The promised JSON form of plans and runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.core.plan import Plan
from sbctl.engine.planning.estimate import estimate


def plan_data(plan: Plan, counts: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """`summary`, `steps`, `calls`, `estimated_seconds`, `elapsed_seconds`, as docs/reference/json-output.md promises."""
    return {
        "summary": plan.summary(),
        "steps": [
            {
                "address": step.address,
                "action": step.action,
                "reason": step.reason,
                "changes": [change.model_dump(mode="json") for change in step.changes],
            }
            for step in plan.steps
        ],
        "regions": list(plan.regions),
        "unread": list(plan.unread),
        "estimated_seconds": round(estimate(plan).seconds, 1),
        "calls": dict(counts),
        "elapsed_seconds": round(seconds, 3),
    }
