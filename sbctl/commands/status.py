"""`sbctl status`: one screen that says how things are and what to do next; at once from the cache, then live."""

from __future__ import annotations

from typing import Any

import click

from sbctl.app import App
from sbctl.commands.calling import line_called
from sbctl.commands.ending import ending
from sbctl.commands.failover.inputs import LAST_GOOD, eyes_of, kit_at_hand
from sbctl.commands.run import command
from sbctl.core.events import QuestionAsked
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.core.run import Run
from sbctl.engine.guards import against_foreign_endpoint
from sbctl.failover.decision.observe import look
from sbctl.failover.guidance.status import good_now, overview, readings_of
from sbctl.failover.kit.kit import Kit
from sbctl.ui.render import on_screen, show_view
from sbctl.ui.views import StatusShown
from sbctl.ui.watch import watched

EPILOG = ending(
    """
    sbctl status                  what is known at once, then what is true now
    sbctl status --cached         only what is known; asks nobody
    sbctl status --watch          again every ten seconds, until Ctrl-C
    """,
    "0 done (also when something is wrong: see `faults`), 2 usage, 7 nothing is deployed",
)


@click.command(epilog=EPILOG)
@click.option("--cached", is_flag=True, help="Show what is known and ask nobody.")
@click.option("--watch", is_flag=True, help="Look again and again, until Ctrl-C.")
@click.option("--every", type=click.FloatRange(min=1), default=10.0, show_default=True, help="Seconds between looks.")
@command("status")
def status(app: App, cached: bool, watch: bool, every: float) -> Report:
    """The active region, each region's health, lag, proofs, drills, and the next command."""
    kit = kit_at_hand(app)
    _check_world(app, kit)
    if cached:
        return _report(_overview(app, kit, app.runs.at_hand()), live=False)
    if app.readings.load().get("status"):
        show_view(StatusShown(_overview(app, kit, app.runs.at_hand()), live=False), app.settings.output)
    data, notes = _looked(app, kit)
    if watch:
        app.listen(QuestionAsked())  # the screen is ours now
    while watch and not app.stop.is_set() and watched():
        show_view(StatusShown(data, live=True), app.settings.output, whole_screen=on_screen(app.settings.output))
        if app.stop.wait(every):
            break
        app.doors.ask_again()
        data, notes = _looked(app, kit)
    return _report(data, notes, live=True)


def _check_world(app: App, kit: Kit) -> None:
    """Raise SbctlError where the kit is of the sandbox, and AWS and its DNS would be asked: all would look lost."""
    if app.may_be_elsewhere(kit.endpoint):
        at = str(app.state)
        refused = against_foreign_endpoint(kit.endpoint, app.endpoint_name_in(kit.primary.region), at)
        if refused:
            raise SbctlError(*refused)


def _looked(app: App, kit: Kit) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """What is so now, and what the caller was not let see: notes, since regions, DNS and endpoints answer all the same."""
    app.runs.anew()
    eyes = eyes_of(app, kit)
    world = look(eyes, kit)
    app.readings.keep("status", readings_of(world))
    app.readings.keep(LAST_GOOD, good_now(world, app.readings.load().get(LAST_GOOD, ()), eyes.world.now()))
    refused = [view.caller.model_copy(update={"exit": Exit.DONE}) for view in world.regions if view.caller is not None]
    return _overview(app, kit, app.runs.all()), tuple(refused)


def _overview(app: App, kit: Kit, runs: tuple[Run, ...]) -> dict[str, Any]:
    data = overview(kit, app.readings.load(), runs, app.clock.now())
    return {**data, "next": line_called(data["next"], app.call)}


def _report(data: dict[str, Any], notes: tuple[Problem, ...] = (), *, live: bool) -> Report:
    return Report(command="status", data=data, problems=notes, view=StatusShown(data, live))
