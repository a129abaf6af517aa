"""What steps of the user's own did in a drill's failover: rows for its page, and a limit for each that is required."""

from __future__ import annotations

from sbctl.core.moving.run import Run
from sbctl.drills.context import DrillRun, equal
from sbctl.failover.execution.report import step_row
from sbctl.failover.execution.runner import steps_of


def note_own_steps(drill_run: DrillRun, inner: Run) -> None:
    """Keep what became of them. Looked at again after a resumption, the later look counts."""
    own = [step for step in steps_of(inner) if step.own]
    rows = [step_row(inner, step) for step in own]
    drill_run.figures["own_steps"] = rows
    names = {f"step {step.name}" for step in own}
    drill_run.limits[:] = [limit for limit in drill_run.limits if limit.name not in names]
    for step, row in zip(own, rows, strict=True):
        if step.own and step.own.required:
            seen = "done" if row["status"] == "done" else f"{row['status']}: {row['reason']}".rstrip(": ")
            drill_run.limits.append(equal(f"step {step.name}", seen, "done"))
