"""Runs that another machine began and may be at work on: with a state in S3 no lock keeps two machines apart."""

from __future__ import annotations

from sbctl.app import App
from sbctl.core.moving.run import Run
from sbctl.core.problem import Exit, Problem, SbctlError


def refuse_drills_elsewhere(app: App) -> None:
    """Raise SbctlError while a drill of another machine is open: to begin one here would end that one in the middle."""
    found = [run for run in app.runs.all() if run.kind == "drill" and run.status == "open" and app.runs.elsewhere(run)]
    if found:
        problem = Problem(
            code="drill-elsewhere",
            summary="A drill of another machine is open",
            detail=f"{found[0].id}, {begun_by(found[0])}",
            at=found[0].id,
            fix="Let it end. If it was killed, put back what it left: sbctl drill restore",
            exit=Exit.LOCKED,
        )
        raise SbctlError(problem)


def resumed_elsewhere(app: App, run: Run) -> tuple[Problem, ...]:
    """A note where another machine did not say that it has stopped."""
    if not app.runs.elsewhere(run) or run.events[-1].what in ("paused", "move-failed"):
        return ()
    note = Problem(
        code="run-elsewhere",
        summary="Another machine may still be at work on this run",
        detail=f"{begun_by(run)}; both give the same signal, so that neither undoes what the other does",
        at=run.id,
        fix="Ask the person who began it.",
        exit=Exit.DONE,
    )
    return (note,)


def begun_by(run: Run) -> str:
    """Who began a run, and when."""
    who = run.order.get("by") or run.said("by") or "somebody"
    return f"begun by {who} at {run.begun.at:%Y-%m-%d %H:%M:%S} UTC"
