"""A text that is empty is told as nothing: a blank after a word or an arrow looks as if something were missing."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.console import Console

from sbctl.core.plan import FieldChange, Plan, Step
from sbctl.ui.console import THEME
from sbctl.ui.draw.drift import draw_drift
from sbctl.ui.draw.plan import draw_plan
from sbctl.ui.views import DriftShown

ROW = {
    "address": "dynamodb_table.global.customers", "severity": "high", "why": "items would expire", "moved": "changed",
    "field": "ttl", "said": [], "wanted": "", "live": "gone",
}  # fmt: skip


def planned(before: str, after: str) -> str:
    """A plan that changes the field, as it is shown."""
    change = FieldChange(field="ttl", before=before, after=after)
    plan = Plan(
        made_at=datetime(2026, 1, 1, tzinfo=UTC), lineage="l", serial=1, account="123456789012", project="p",
        config_digest="d", regions=("us-east-1",),
        steps=(Step(address="dynamodb_table.global.customers", action="update", changes=(change,)),),
    )  # fmt: skip
    console = Console(width=120, theme=THEME)
    with console.capture() as found:
        draw_plan(console, plan)
    return found.get()


def test_drift_says_that_nothing_is_wanted() -> None:
    """Where a switched-off setting was switched on."""
    console = Console(width=80, theme=THEME)
    with console.capture() as found:
        draw_drift(
            console,
            DriftShown({"drifted": [ROW], "unread": [], "looked_at": 1, "elapsed_seconds": 1.0, "other_steps": 0}),
        )
    assert "ttl  gone, wanted nothing" in found.get()


def test_a_plan_adds_or_removes_what_is_empty_on_one_side() -> None:
    """As where there is no value at all."""
    assert "ttl  - gone" in planned("gone", "")
    assert "ttl  + gone" in planned("", "gone")
