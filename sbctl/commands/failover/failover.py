"""`sbctl failover`: move traffic to another region, planned or by force; resume or abort a run that was cut off."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.commands.failover.carrying_out import Attempt, go_on, ordered
from sbctl.commands.failover.inputs import drain_option, operator, reason_given, tools_of, usage
from sbctl.commands.failover.rejoin import rejoined
from sbctl.commands.failover.suggestion import suggested
from sbctl.commands.failover.together import check_of_run, check_together, skipped_beforehand
from sbctl.commands.kit.find import kit_found, with_kit
from sbctl.commands.kit.option import KitPlace, kit_option
from sbctl.core.place import SharedPlace
from sbctl.core.problem import AGAIN, SbctlError
from sbctl.core.report import Report
from sbctl.failover.decision.request import GUARDS, FailoverRequest
from sbctl.failover.execution.runner import RunOptions
from sbctl.failover.kit.kit import Kit
from sbctl.failover.mechanism import mechanism_of, mechanisms

EPILOG = epilog_of(
    """
    sbctl failover --to us-west-2 --dry-run  what would be done, every call
    sbctl failover --to us-west-2            planned: both regions are healthy
    sbctl failover --to us-west-2 --mode forced --yes --reason "region lost"
    sbctl failover --resume                  resume a run that was cut off
    sbctl failover --rejoin us-west-2        it is back: put its signal right
    sbctl failover --kit failover-kit.json --to us-west-2 --mode forced
    """,
    "0 done, 1 failed, 2 usage, 4 partly done (--resume), 5 another operator was first,"
    " 7 refused by a guard, 9 credentials or permission, 130 paused",
)


@click.command(epilog=EPILOG)
@click.option("--to", "target", metavar="REGION", shell_complete=completions.regions, help="Region to move traffic to.")
@click.option(
    "--from",
    "source",
    metavar="REGION",
    shell_complete=completions.regions,
    default="",
    help="Region to leave; must be the active one.",
)
@click.option(
    "--mode", type=click.Choice(["planned", "forced"]), help="planned, or forced if the region to leave is lost."
)
@click.option("--mechanism", type=click.Choice([*mechanisms()]), help="Failover mechanism. [default: from the rules]")
@click.option("--reason", default="", help="Reason for the history. Required with --yes.")
@click.option(
    "--override", "overridden", multiple=True, type=click.Choice(GUARDS), help="Guard to override. Repeatable."
)
@drain_option
@click.option("--dry-run", is_flag=True, help="Show the decision and every call; change nothing.")
@kit_option
@click.option("--resume", is_flag=True, help="Resume the open failover.")
@click.option("--abort", "aborting", is_flag=True, help="Roll back the open failover as far as possible.")
@click.option(
    "--rejoin",
    metavar="REGION",
    shell_complete=completions.regions,
    help="Update the signal's copy in a returned region.",
)
@click.option(
    "--skip",
    multiple=True,
    metavar="MOVE",
    help="Skip your own step; with --resume, any. Repeatable.",
)
@click.option("--pause-after", default="", metavar="MOVE", help="Stop after this move; continue with --resume.")
@command("failover")
def failover(app: App, target: str | None, kit_place: KitPlace | None, **asked: Any) -> Report:
    """Move traffic to another region. Every move is journaled."""
    check_together(asked)
    app.lenient = app.moving = True
    shared, forced = isinstance(app.place, SharedPlace), asked["mode"] == "forced"
    if shared and forced and target:
        app.runs.ask_nobody()  # what this machine knows must do
    elif shared:
        app.runs.anew()
    found = kit_found(app, kit_place)
    return with_kit(_done(app, found.kit, target, asked), found, app)


def _done(app: App, kit: Kit, target: str | None, asked: dict[str, Any]) -> Report:
    if asked["rejoin"]:
        with app.runs.lock():
            return rejoined(app, kit, asked["rejoin"], dry_run=asked["dry_run"])
    attempt = Attempt(app, tools_of(app, kit), RunOptions(frozenset(asked["skip"]), asked["pause_after"]))
    if asked["resume"] or asked["aborting"]:
        check = partial(check_of_run, target=target, asked=asked)
        with app.runs.lock():
            return go_on(attempt, mode=asked["mode"], reason=asked["reason"], aborting=asked["aborting"], check=check)
    return ordered(attempt, _order(app, kit, target, asked), dry_run=asked["dry_run"])


def _order(app: App, kit: Kit, target: str | None, asked: dict[str, Any]) -> FailoverRequest:
    problems = []
    if not target:
        problems.append(usage("--to", "Say which region takes over.", suggested(app, kit, asked)))
    problems += skipped_beforehand(kit, asked["skip"], f"{AGAIN} --resume")
    if problems:
        raise SbctlError(*problems)
    reason_given(app, asked)
    return FailoverRequest(
        target=str(target),
        source=asked["source"],
        mode=asked["mode"] or "planned",
        mechanism=asked["mechanism"] or mechanism_of(kit),
        reason=asked["reason"],
        by=operator(),
        overridden=tuple(asked["overridden"]),
        drain_seconds=asked["drain_seconds"],
    )
