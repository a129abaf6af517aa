"""`sbctl failback`: the planned return that undoes a failover."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sbctl.app import App
from sbctl.commands.ending import ending
from sbctl.commands.failover.conduct import Attempt, ordered
from sbctl.commands.failover.inputs import kit_for, operator, reason_given, tools_of
from sbctl.commands.run import command
from sbctl.core.problem import SbctlError
from sbctl.core.report import Report
from sbctl.core.run import Run
from sbctl.failover.decision.request import GUARDS, Order
from sbctl.failover.execution.failback import changed_since, home_of, to_undo
from sbctl.failover.execution.runner import Wishes

EPILOG = ending(
    """
    sbctl failback --dry-run        what changed meanwhile, and every call
    sbctl failback                  return from the last failover
    sbctl failback --yes --reason "us-east-1 is back"
    """,
    "0 done, 2 nothing to return from, 4 partly done (sbctl failover --resume), 5 another operator was first,"
    " 7 refused: lag, parity or health do not hold, 9 credentials or permission, 130 paused",
)


@click.command(epilog=EPILOG)
@click.option("--run", "run_id", default="", metavar="RUN", help="The failover to undo. [default: the last]")
@click.option("--reason", default="", help="Why; kept in the history. Needed with --yes.")
@click.option("--override", "overridden", multiple=True, type=click.Choice(GUARDS), help="A guard to override.")
@click.option("--dry-run", is_flag=True, help="Look, decide and show every call; change nothing.")
@click.option("--kit", "kit_file", type=click.Path(path_type=Path), help="Work from this kit, without config or state.")
@click.option("--pause-after", default="", metavar="MOVE", help="Stop after this move; go on with failover --resume.")
@command("failback")
def failback(app: App, run_id: str, kit_file: Path | None, **asked: Any) -> Report:
    """Return to the region that a failover left, once lag, parity and health hold."""
    kit = kit_for(app, kit_file)
    reason_given(app, asked)
    undone = to_undo(app.runs.all(), run_id)
    away = {"undoes": undone.id, "changed_while_away": _changed(app, undone)}
    order = Order(
        target=home_of(undone, app.runs.all()),
        source=str(undone.order["target"]),
        mode="planned",
        mechanism=undone.order["mechanism"],
        reason=asked["reason"],
        by=operator(),
        overridden=tuple(asked["overridden"]),
        undoes=undone.id,
    )
    wishes = Wishes(pause_after=asked["pause_after"])
    return ordered(Attempt(app, tools_of(app, kit, kit_file), wishes, away), order, dry_run=asked["dry_run"])


def _changed(app: App, undone: Run) -> list[dict[str, Any]]:
    try:
        return changed_since(undone, app.store.load())
    except SbctlError:
        return []
