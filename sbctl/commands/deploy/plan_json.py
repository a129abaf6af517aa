"""The promised JSON form of plans and runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.core.plan import Plan


def plan_data(plan: Plan, counts: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """`summary`, `steps`, `calls`, `elapsed_seconds`, as docs/reference/json-output.md promises."""
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
        "calls": dict(counts),
        "elapsed_seconds": round(seconds, 3),
    }
