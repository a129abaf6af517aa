"""`sbctl status`: one screen that says how things are and what to do next; at once from the cache, then live."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any

import click

from sbctl.app import App
from sbctl.cli.epilog import epilog_of
from sbctl.cli.keep_readings import STATUS, keep_look
from sbctl.cli.run import command
from sbctl.commands.failover.inputs import eyes_of
from sbctl.commands.kit.find import KitFound, compared, kit_found, stale_fault
from sbctl.commands.kit.option import KitPlace, kit_option
from sbctl.core.events import QuestionAsked
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project_files import REGIONS_FILE
from sbctl.core.reading import Reading
from sbctl.core.report import Report
from sbctl.engine.planning.guards import against_foreign_endpoint
from sbctl.failover.decision.observe import look
from sbctl.failover.guidance.looks import readings_of
from sbctl.failover.guidance.next_command import without_project
from sbctl.failover.guidance.status import overview
from sbctl.failover.kit.kit import Kit
from sbctl.files.regular import is_readable
from sbctl.ui.invocation import as_drawn
from sbctl.ui.render import on_screen, passing, show_view
from sbctl.ui.views import StatusShown
from sbctl.ui.watch import watched

EPILOG = epilog_of(
    """
    sbctl status                  what is so now, and the one next command
    sbctl status --cached         only what is known; asks nobody
    sbctl status --watch          again every ten seconds, until Ctrl-C
    sbctl status --exit-code      for monitoring: exit 8 if anything is wrong
    """,
    "0 done (also when something is wrong: see `faults`), 2 usage, 7 nothing is deployed,"
    " 8 something is wrong (with --exit-code)",
)


@click.command(epilog=EPILOG)
@click.option("--cached", is_flag=True, help="Show the last readings, without calls.")
@click.option("--watch", is_flag=True, help="Refresh until Ctrl-C.")
@click.option(
    "--every", type=click.FloatRange(min=1), default=10.0, show_default=True, help="Seconds between refreshes."
)
@click.option("--exit-code", "exit_code", is_flag=True, help="Exit with 8 if anything is wrong; for monitoring.")
@kit_option
@command("status")
def status(app: App, cached: bool, watch: bool, every: float, exit_code: bool, kit_place: KitPlace | None) -> Report:
    """Show region health and the recommended next command.

    Also the active region, replication lag, and the results of the last checks and drills.
    """
    app.lenient = True
    kit = kit_found(app, kit_place)
    _check_world(app, kit.kit)
    if kit.origin in ("state", "shared"):
        app.keep_kit(kit.kit, told=False)
    if cached:
        return _report(_overview(app, kit), live=False, judged=exit_code)
    with _known_meanwhile(app, kit):
        data, notes = _looked(app, kit)
    if watch:
        app.listen(QuestionAsked())  # the screen is ours now
    while watch and not app.stop.is_set() and watched():
        shown = as_drawn(StatusShown(data, live=True), app.invocation)
        show_view(shown, app.settings.output, whole_screen=on_screen(app.settings.output))
        if app.stop.wait(every):
            break
        app.clients.ask_again()
        data, notes = _looked(app, kit)
    return _report(data, notes, live=True, judged=exit_code)


def _check_world(app: App, kit: Kit) -> None:
    """Raise SbctlError where the kit is of the sandbox, and AWS and its DNS would be asked: all would look lost."""
    if app.may_be_elsewhere(kit.endpoint):
        at = str(app.state)
        refused = against_foreign_endpoint(kit.endpoint, app.endpoint_name_in(kit.primary.region), at)
        if refused:
            raise SbctlError(*refused)


def _looked(app: App, found: KitFound) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """What is so now, and what the caller was not let see: notes, since regions, DNS and endpoints answer all the same."""
    app.runs.anew()
    kit = found.kit
    observer = eyes_of(app, kit)
    world = look(observer, kit)
    keep_look(app, world, observer.world.now())
    refused = [replace(view.caller, exit=Exit.DONE) for view in world.regions if view.caller is not None]
    return _overview(app, found, readings_of(world)), tuple(refused)


def _known_meanwhile(app: App, found: KitFound) -> AbstractContextManager[object]:
    """What is known already, on a terminal, until there is a look to take its place; nothing where it could not be taken away."""
    if not on_screen(app.settings.output) or not app.readings.load().get(STATUS):
        return nullcontext()
    _ = app.settings.sandbox and app.endpoint  # what starts one says so first
    app.listen(QuestionAsked())  # what is known stands where progress would
    return passing(as_drawn(StatusShown(_overview(app, found), live=False, looking=True), app.invocation))


def _overview(app: App, found: KitFound, own: tuple[Reading, ...] | None = None) -> dict[str, Any]:
    """The overview by the cache; `own` is what was seen just now, also where no cache can be written."""
    kept = app.readings.load()
    kept = kept if own is None else {**kept, STATUS: own}
    runs = app.runs.at_hand() if own is None else app.runs.all()
    now = app.now(found.kit.endpoint)
    kit = found.as_json(now) | compared(app, found)
    stale = (stale_fault(kit),) if kit["stale"] else ()
    data = overview(found.kit, kept, runs, now, app.runs.at_work(), stale)
    if not is_readable(app.settings.config / REGIONS_FILE):  # a kit is all there is
        data["next"] = without_project(str(data["next"]))
    return {**data, "kit": kit}


def _report(data: dict[str, Any], notes: tuple[Problem, ...] = (), *, live: bool, judged: bool) -> Report:
    view = StatusShown(data, live, notes=len(notes))
    finding = Exit.NOT_HELD if judged and data["faults"] else Exit.DONE
    return Report(command="status", data=data, problems=notes, view=view, finding=finding)
