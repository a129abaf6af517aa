"""`sbctl drill`: rehearse the loss of a region and what else may happen; on the sandbox in full, on AWS what is safe there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.confirm import confirm_typed
from sbctl.cli.epilog import epilog_of
from sbctl.cli.keep_readings import keep_look
from sbctl.cli.listing import Listing
from sbctl.cli.rates import RATE
from sbctl.cli.run import INTERRUPTED, command
from sbctl.commands.failover.drill_context import drills, restore_leftovers, stage_of, write_report
from sbctl.commands.failover.elsewhere import refuse_drills_elsewhere
from sbctl.commands.failover.inputs import usage
from sbctl.commands.kit.caller import check_caller
from sbctl.commands.kit.find import kit_found, with_kit
from sbctl.commands.kit.option import KitPlace, kit_option
from sbctl.core.events import PhaseStarted
from sbctl.core.moving.drill import LEVELS, Drill, Level
from sbctl.core.moving.run import latest
from sbctl.core.problem import AGAIN, Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.core.text.alike import did_you_mean
from sbctl.drills.callers import CallersWanted
from sbctl.drills.context import DrillContext
from sbctl.drills.runner import Played, play
from sbctl.failover.decision.observe import look
from sbctl.failover.execution.open_runs import refuse_second
from sbctl.ui.views import DrillShown, DrillsListed, DrillsShown, Pairs, TabletopShown

LIST_ENDING = epilog_of("sbctl drill list\nsbctl drill list --output json", "0 done, 2 usage")
RUN_ENDING = epilog_of(
    """
    sbctl --sandbox drill run region-loss        lose a region of the local AWS
    sbctl --sandbox drill run region-loss --callers 60/min
    sbctl --sandbox drill run --all              the acceptance of the whole
    sbctl drill run region-loss --level tabletop read it aloud; calls nothing
    sbctl drill run planned-switch --yes --reason "monthly rehearsal"
    """,
    "0 it held, 2 usage, 5 another run, 7 the world is not steady or it is not"
    " safe here, 8 a limit did not hold, 130 interrupted",
)


REPORT_ENDING = epilog_of("sbctl drill report\nsbctl drill report RUN --out today.html", "0 done, 2 no such drill")
CODES = "0 done or held, 2 usage, 7 refused by a guard, 8 a limit did not hold, 130 interrupted"


@click.group("drill", cls=Listing, epilog=epilog_of("sbctl --sandbox drill run region-loss\nsbctl drill list", CODES))
def drill() -> None:
    """Rehearse failovers: list, run, restore. Measures RTO and RPO."""


@drill.command("list", epilog=LIST_ENDING)
@command("drill list")
def listed(app: App) -> Report:
    """List the drills, with the last run of each."""
    app.lenient = True
    runs = app.runs.all()
    rows = []
    for one in drills().values():
        played = [run for run in runs if run.kind == "drill" and run.order.get("name") == one.name]
        last = played[-1] if played else None
        rows.append(
            {
                "name": one.name,
                "title": one.title,
                "purpose": one.purpose,
                "on_aws": one.on_aws,
                "last_at": last.begun.at.isoformat() if last else None,
                "last_outcome": last.result.get("outcome", last.status) if last else None,
            }
        )
    return Report(command="drill list", data={"drills": rows}, view=DrillsListed(tuple(rows)))


@drill.command("run", epilog=RUN_ENDING)
@click.argument("name", required=False, metavar="NAME", shell_complete=completions.drills)
@click.option("--all", "every", is_flag=True, help="Run all drills, one after the other.")
@click.option("--level", type=click.Choice(LEVELS), help="Depth. [default: full on the sandbox, else check]")
@click.option("--reason", default="", help="Reason. Required with --yes for changes on AWS.")
@click.option("--callers", type=RATE, metavar="RATE", help="Simulated calls, on the sandbox. [default: 30/min]")
@click.option("--no-callers", "silent", is_flag=True, help="Drill without simulated calls.")
@kit_option
@command("drill run")
def run_(
    app: App,
    name: str | None,
    every: bool,
    level: Level | None,
    reason: str,
    callers: float | None,
    silent: bool,
    kit_place: KitPlace | None,
) -> Report:
    """Run a drill: steady state, fault, act, limits, restore. The restore always runs."""
    chosen = _chosen(name, every)
    called = _callers(app, callers, silent=silent)
    far = level or ("full" if app.settings.sandbox else "check")
    if far == "tabletop":
        return _tabletop(chosen)
    found = kit_found(app, kit_place)
    kit = found.kit
    check_caller(app, kit)
    with app.runs.lock():
        stage = stage_of(app, kit, callers=called)
        refuse_drills_elsewhere(app)
        _, said = restore_leftovers(app, stage)
        app.notes.extend(said)
        refuse_second(app.runs)
        played = _played(app, stage, chosen, far, reason)
        keep_look(app, look(stage.observer(), kit), app.world.now())
        rows = [{"run": one.run.id, **one.run.events[-1].data, "report": write_report(app, one.run)} for one in played]
    problems = tuple(problem for one in played for problem in one.problems)
    return with_kit(_report(rows, problems, every), found, app)


@drill.command("report", epilog=REPORT_ENDING)
@click.argument("run_id", required=False, metavar="RUN", shell_complete=completions.drill_runs)
@click.option("--out", type=click.Path(path_type=Path), help="File to write. [default: in state/reports/]")
@command("drill report")
def report_(app: App, run_id: str | None, out: Path | None) -> Report:
    """Write the HTML report of a drill. Of RUN, or of the last drill; the file needs no other file."""
    run = app.runs.load(run_id) if run_id else latest(app.runs.all(), "drill")
    if run is None or run.kind != "drill" or "limits" not in run.events[-1].data:
        raise SbctlError(usage("RUN", "This is no drill that was played to its end.", "sbctl history"))
    path = write_report(app, run, out)
    return Report(command="drill report", data={"run": run.id, "report": path}, view=Pairs("Report", (("file", path),)))


@drill.command("restore", epilog=epilog_of("sbctl --sandbox drill restore", "0 done, 5 another run, 8 not restored"))
@kit_option
@command("drill restore")
def restore_(app: App, kit_place: KitPlace | None) -> Report:
    """Restore after a drill that was stopped. Every `drill run` begins with this."""
    kit = kit_found(app, kit_place).kit
    check_caller(app, kit)
    with app.runs.lock():
        stage = stage_of(app, kit, played=False)
        names, said = restore_leftovers(app, stage)
        keep_look(app, look(stage.observer(), kit), app.world.now())
    data = {"restored": names, "left_alone": [one.as_json() for one in said]}
    rows = (("restored", ", ".join(names) or "nothing: no drill was cut off"),)
    return Report(command="drill restore", data=data, problems=said, view=Pairs("Drills", rows))


def _callers(app: App, rate: float | None, *, silent: bool) -> CallersWanted | None:
    """The callers that the options ask for; None: none. Raises SbctlError for what cannot be."""
    if rate is not None and silent:
        raise SbctlError(usage("--callers --no-callers", "Each says the opposite of the other.", "Give one of them."))
    if rate is not None and not app.settings.sandbox:
        detail = "Callers are simulated by the sandbox; nothing calls real numbers."
        raise SbctlError(usage("--callers", detail, f"{AGAIN} --sandbox"))
    if silent or not app.settings.sandbox:
        return None
    return CallersWanted() if rate is None else CallersWanted(rate, demanded=True)


def _chosen(name: str | None, every: bool) -> list[Drill]:
    found = drills()
    if every == bool(name):
        raise SbctlError(usage("NAME", "Name a drill, or all of them.", f"sbctl drill run {min(found)}"))
    if name and name not in found:
        detail = f"{name!r} is none of {', '.join(found)}"
        raise SbctlError(usage("NAME", detail, did_you_mean(name, found, "sbctl drill list shows them.")))
    return [*found.values()] if every else [found[str(name)]]


def _tabletop(chosen: list[Drill]) -> Report:
    rows = [{"name": one.name, "title": one.title, "purpose": one.purpose, "steps": [*one.steps]} for one in chosen]
    data = {"level": "tabletop", "outcome": None, "drills": rows}
    return Report(command="drill run", data=data, view=TabletopShown(tuple(rows)))


def _played(app: App, stage: DrillContext, chosen: list[Drill], level: Level, reason: str) -> list[Played]:
    found: list[Played] = []
    for one in chosen:
        _safe(app, one, level, reason)
        app.listen(PhaseStarted(one.name))
        found.append(play(one, level, stage))
        if app.stop.is_set():
            break
    return found


def _safe(app: App, drill_: Drill, level: Level, reason: str) -> None:
    """On AWS nothing can be broken on purpose, and what changes anything needs consent. Raises SbctlError."""
    if app.settings.sandbox or level == "check":
        return
    if LEVELS.index(level) > LEVELS.index(drill_.on_aws):
        raise SbctlError(_unsafe(drill_, level))
    if app.settings.yes and not reason:
        raise SbctlError(usage("--yes", "Without a question a reason is needed.", f'{AGAIN} --reason "why"'))
    confirm_typed(
        app.settings, app.listen, f"{drill_.title}: this moves real traffic.", drill_.name, needs_reason=not reason
    )


def _unsafe(drill_: Drill, level: Level) -> Problem:
    return Problem(
        code="unsafe-here",
        summary="This drill cannot go so far on AWS",
        detail=f"{drill_.name} at level {level} would have to break AWS itself; {drill_.on_aws} is the highest level",
        at=drill_.name,
        fix=f"{AGAIN} --level {drill_.on_aws}; on the sandbox it goes all the way: {AGAIN} --sandbox",
        exit=Exit.REFUSED,
    )


def _report(rows: list[dict[str, Any]], problems: tuple[Problem, ...], every: bool) -> Report:
    if not rows:
        return Report(command="drill run", problems=(INTERRUPTED,))
    if not every:
        return Report(command="drill run", data=rows[0], problems=problems, view=DrillShown(rows[0]))
    held = all(row["outcome"] == "held" for row in rows)
    data: dict[str, Any] = {"outcome": "held" if held else "deviated", "drills": rows}
    return Report(command="drill run", data=data, problems=problems, view=DrillsShown(tuple(rows)))
