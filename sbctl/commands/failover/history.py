"""`sbctl history`: failovers, failbacks and drills that were; one in full; acknowledging one ends its cooldown."""

from __future__ import annotations

from typing import Any

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.epilog import epilog_of
from sbctl.cli.listing import Listing
from sbctl.cli.options import Chosen, global_options
from sbctl.cli.run import command
from sbctl.commands.failover.inputs import operator
from sbctl.core.moving.run import Run
from sbctl.core.problem import Exit, Problem
from sbctl.core.report import Report
from sbctl.ui.views import HistoryListed, RunShown

LIST_ENDING = epilog_of(
    """
    sbctl history                 every run, the newest first
    sbctl history show failover-20260301T030000-1a2b
    sbctl history ack failover-20260301T030000-1a2b --note "reviewed"
    """,
    "0 done, 2 usage",
)


@click.group(cls=Listing, epilog=LIST_ENDING, invoke_without_command=True)
@global_options
@click.pass_context
def history(ctx: click.Context, /, **options: Any) -> None:
    """List past failovers, failbacks and drills."""
    ctx.obj = (ctx.obj or Chosen()).with_later(options)
    if ctx.invoked_subcommand is None:
        ctx.invoke(listed)


@click.command("list", epilog=epilog_of("sbctl history list --output json", "0 done, 2 usage"))
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Number of runs to show.")
@command("history")
def listed(app: App, limit: int = 20) -> Report:
    """List every run, the newest first."""
    app.lenient = True
    rows = [row_of(run) for run in reversed(app.runs.all())][:limit]
    return Report(command="history", data={"runs": rows}, view=HistoryListed(tuple(rows)))


SHOW_ENDING = epilog_of(
    """
    sbctl history show            the newest run
    sbctl history show failover-20260301T030000-1a2b
    """,
    "0 done, 2 no such run",
)


@click.command("show", epilog=SHOW_ENDING)
@click.argument("run_id", metavar="[RUN]", required=False, shell_complete=completions.runs)
@command("history show")
def show(app: App, run_id: str | None) -> Report:
    """Show the events of a run: of RUN, or of the newest. The beginning of its name is enough."""
    app.lenient = True
    run = app.runs.load(run_id) if run_id is not None else app.runs.newest()
    data = {**row_of(run), "order": run.order, "events": [event.model_dump(mode="json") for event in run.events]}
    return Report(command="history show", data=data, view=RunShown(data))


@click.command("ack", epilog=epilog_of("sbctl history ack RUN --note reviewed", "0 done, 2 no such run, 7 it is open"))
@click.argument("run_id", metavar="RUN", shell_complete=completions.runs)
@click.option("--note", default="", help="Lessons learned, for the history.")
@command("history ack")
def ack(app: App, run_id: str, note: str) -> Report:
    """Acknowledge a run that has ended, and end its cooldown."""
    waiting = [one for one in app.runs.all() if one.id.startswith(run_id) and not one.acknowledged]
    run = waiting[0] if len(waiting) == 1 else app.runs.load(run_id)  # of several, the one that can be meant
    if run.status == "open":
        problem = Problem(
            code="run-open",
            summary="The run has not ended",
            at=run.id,
            fix="sbctl failover --resume, or sbctl failover --abort",
            exit=Exit.REFUSED,
        )
        return Report(command="history ack", problems=(problem,))
    run = app.runs.add(run, "acknowledged", by=operator(), note=note)
    row = row_of(run)
    return Report(command="history ack", data=row, view=HistoryListed((row,)))


for _one in (listed, show, ack):
    history.add_command(_one)


def row_of(run: Run) -> dict[str, Any]:
    """A run in one row."""
    result = run.result
    return {
        "run": run.id,
        "kind": run.kind,
        "status": run.status,
        "begun_at": run.begun.at.isoformat(),
        "ended_at": run.ended.at.isoformat() if run.ended else None,
        "from": run.source,
        "to": run.order.get("target", ""),
        "mode": run.order.get("mode", ""),
        "name": run.order.get("name", ""),
        "outcome": result.get("outcome", run.status),
        "rto_seconds": result.get("rto_seconds"),
        "since_last_good_seconds": result.get("since_last_good_seconds"),
        "reason": run.order.get("reason", ""),
        "by": run.order.get("by") or run.said("by"),
        "host": run.said("host"),
        "caller": run.said("caller"),
        "version": run.said("version"),
        "acknowledged": run.acknowledged,
    }
