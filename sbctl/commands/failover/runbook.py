"""`sbctl runbook`: what to do at three in the morning, printed with real ids, or walked through with every result checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.confirm import after_a_miss, step_through
from sbctl.cli.epilog import epilog_of
from sbctl.cli.keep_readings import STATUS
from sbctl.cli.run import command
from sbctl.commands.failover.at_hand import tools_of
from sbctl.commands.failover.inputs import eyes_of, usage
from sbctl.commands.failover.measures import LAGS
from sbctl.commands.kit.find import KitFound, kit_found, with_kit
from sbctl.commands.kit.option import KitPlace, kit_option
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.core.text.alike import did_you_mean
from sbctl.failover.decision.observe import look
from sbctl.failover.decision.snapshot import TrafficSnapshot
from sbctl.failover.guidance.looks import ACTIVE, HEALTH
from sbctl.failover.guidance.next_command import takes_over
from sbctl.failover.guidance.procedure import RunbookStep
from sbctl.failover.guidance.runbooks import RUNBOOKS, Expectation, Runbook, runbook
from sbctl.failover.kit.kit import Kit
from sbctl.ui.invocation import Invocation
from sbctl.ui.render import show_view
from sbctl.ui.views import RunbookShown, StepShown

EPILOG = epilog_of(
    """
    sbctl runbook                            which there are
    sbctl runbook region-down                printed, with this deployment's ids
    sbctl runbook region-down --walk         step by step, each result checked
    sbctl runbook region-down --from us-east-1 --to eu-west-2
    """,
    "0 done, 2 usage, 7 nothing is deployed, 8 a step was not observed",
)


@click.command(epilog=EPILOG)
@click.argument("name", required=False, type=click.Choice([*RUNBOOKS]), metavar="[NAME]")
@click.option(
    "--from",
    "source",
    default="",
    metavar="REGION",
    shell_complete=completions.regions,
    help="Region in trouble. [default: the active one]",
)
@click.option(
    "--to",
    "target",
    default="",
    metavar="REGION",
    shell_complete=completions.regions,
    help="Region to move to. [default: the next healthy one]",
)
@click.option("--walk", is_flag=True, help="Go through it step by step, and check every result.")
@kit_option
@command("runbook")
def runbook_(app: App, name: str | None, source: str, target: str, walk: bool, kit_place: KitPlace | None) -> Report:
    """Print a step-by-step runbook for this deployment.

    Without NAME, list the runbooks.
    """
    app.lenient = True
    found = kit_found(app, kit_place)
    return with_kit(_shown(app, found, name, source, target, walk=walk), found, app)


def _shown(app: App, found: KitFound, name: str | None, source: str, target: str, *, walk: bool) -> Report:
    kit = found.kit
    source, target = _regions(app, kit, source, target)
    for option, code in (("--from", source), ("--to", target)):
        if code not in {one.region for one in kit.regions}:
            known = [one.region for one in kit.by_priority]
            fix = did_you_mean(code, known, "Choose one of them.")
            raise SbctlError(usage(option, f"{code!r} is none of {', '.join(known)}", fix))
    if name is None:
        books = [runbook(one, kit, source, target) for one in RUNBOOKS]
        data = {"runbooks": [{"name": book.name, "title": book.title, "when": book.when} for book in books]}
        return Report(command="runbook", data=data, view=RunbookShown(tuple(books), whole=False))
    book = _called(runbook(name, kit, source, target, tools_of(app, found)), app.invocation)
    if not walk:
        return Report(command="runbook", data=book.model_dump(), view=RunbookShown((book,), whole=True))
    return _walked(app, kit, book)


def _regions(app: App, kit: Kit, source: str, target: str) -> tuple[str, str]:
    """The regions that are asked for; else where traffic was last seen, and the first healthy other one."""
    seen = app.readings.load().get(STATUS, ())
    active = next((str(one.value) for one in seen if one.check == ACTIVE and one.value), "")
    source = source or (active if active in {one.region for one in kit.regions} else kit.primary.region)
    health = {one.source: str(one.value) for one in seen if one.check == HEALTH}
    following = next((one.region for one in kit.by_priority if one.region != source), source)
    return source, target or takes_over(kit, health, source) or following


def _called(book: Runbook, invocation: Invocation) -> Runbook:
    """The runbook with its commands as they have to be typed to reach this project and this world."""
    steps = [
        step.model_copy(
            update={
                "commands": tuple(invocation.told(line) for line in step.commands),
                **{name: invocation.told(getattr(step, name)) for name in ("why", "expect")},
            }
        )
        for step in book.steps
    ]
    return book.model_copy(update={"when": invocation.told(book.when), "steps": tuple(steps)})


def _walked(app: App, kit: Kit, book: Runbook) -> Report:
    rows: list[dict[str, Any]] = []
    for number, step in enumerate(book.steps, 1):
        show_view(StepShown(step, number, len(book.steps)), app.settings.output)
        word = step_through(app.settings, app.listen)
        while word not in ("skip", "stop"):
            seen = _seen(app, kit, book, step)
            came_true = not seen if step.check else None
            show_view(StepShown(step, number, len(book.steps), came_true, seen, done=True), app.settings.output)
            if came_true is not False or (word := after_a_miss(app.settings, app.listen)) != "again":
                rows.append(_row(step, came_true, seen))
                break
        else:
            rows += [_row(step, None, "")] if word == "skip" else []
        if word == "stop":
            break
    missed = tuple(_missed(row, book.name) for row in rows if row["came_true"] is False)
    return Report(command="runbook", data={"name": book.name, "steps": rows}, problems=missed)


def _row(step: RunbookStep, came_true: bool | None, seen: str) -> dict[str, Any]:
    return {"step": step.title, "check": step.check, "came_true": came_true, "seen": seen}


def _seen(app: App, kit: Kit, book: Runbook, step: RunbookStep) -> str:
    """Why a step did not come true; "" when it did, or when nothing is checked."""
    return CHECKS[step.check](app, kit, book) if step.check else ""


def _look(app: App, kit: Kit) -> TrafficSnapshot:
    return look(eyes_of(app, kit), kit)


def _source_bad(app: App, kit: Kit, book: Runbook) -> str:
    view = _look(app, kit).view(book.source)
    return f"{book.source} is healthy: {view.detail}" if view.health == "healthy" else ""


def _target_healthy(app: App, kit: Kit, book: Runbook) -> str:
    view = _look(app, kit).view(book.target)
    return "" if view.health == "healthy" else f"{book.target} is {view.health}: {view.detail}"


def _dns_on_target(app: App, kit: Kit, book: Runbook) -> str:
    world = _look(app, kit)
    return "" if world.active == book.target else world.active_how


def _signal_on_target(app: App, kit: Kit, book: Runbook) -> str:
    signal = _look(app, kit).signal
    return "" if signal.region == book.target else f"the signal names {signal.region or 'nobody'}"


def _no_open_run(app: App, _kit: Kit, _book: Runbook) -> str:
    run = app.runs.open()
    return f"{run.id} is open" if run else ""


def _open_run(app: App, _kit: Kit, _book: Runbook) -> str:
    return "" if app.runs.open() else "no run is open here"


def _lag_known(app: App, _kit: Kit, book: Runbook) -> str:
    pair = (book.source, book.target)
    kept = [one for rows in app.readings.load().values() for one in rows]
    found = [one for one in kept if one.check in LAGS and (one.source, one.target) == pair]
    return "" if found else "nobody has measured this pair yet"


def _state_reads(app: App, _kit: Kit, _book: Runbook) -> str:
    try:
        state = app.store.load()
    except SbctlError as error:
        return str(error)
    return "" if state.records else "the state is empty"


CHECKS: dict[Expectation, Callable[[App, Kit, Runbook], str]] = {
    "source-bad": _source_bad,
    "target-healthy": _target_healthy,
    "dns-on-target": _dns_on_target,
    "signal-on-target": _signal_on_target,
    "no-open-run": _no_open_run,
    "open-run": _open_run,
    "lag-known": _lag_known,
    "state-reads": _state_reads,
}


def _missed(row: dict[str, Any], book: str) -> Problem:
    return Problem(
        code="step-missed",
        summary="The step's expected result was not observed",
        detail=f"{row['step']}: {row['seen']}",
        at=str(row["step"]),
        fix=f"Do the step again, or go on if you know why. To walk through it: sbctl runbook {book} --walk",
        exit=Exit.NOT_HELD,
    )
