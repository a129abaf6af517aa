"""`sbctl failover`: move traffic to another region, planned or by force; resume or abort a run that was cut off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from sbctl.app import App
from sbctl.commands.asking import confirm_typed
from sbctl.commands.ending import ending
from sbctl.commands.failover.inputs import (
    LAST_GOOD,
    check_caller,
    eyes_of,
    kit_at_hand,
    kit_for,
    measures_of,
    operator,
    reason_given,
    usage,
)
from sbctl.commands.failover.rejoin import rejoined
from sbctl.commands.run import command
from sbctl.core.events import PhaseStarted
from sbctl.core.problem import Problem, SbctlError
from sbctl.core.report import Report
from sbctl.core.run import Kind, Run
from sbctl.failover.decision.observe import look
from sbctl.failover.decision.request import GUARDS, Order
from sbctl.failover.decision.supersede import lost_with, replaces
from sbctl.failover.execution.actions import Hands
from sbctl.failover.execution.open_runs import close_replaced, goes_on, open_run, refuse_second
from sbctl.failover.execution.report import data_of, left_behind, of_prepared
from sbctl.failover.execution.runner import Outcome, Wishes, moves_of
from sbctl.failover.execution.workflow import Prepared, abort, begin, check_regions, hands_for, prepare, proceed
from sbctl.failover.guidance.status import last_good
from sbctl.failover.kit.kit import Kit
from sbctl.store.place import SharedPlace
from sbctl.ui.render import show_prepared
from sbctl.ui.views import FailoverShown

EPILOG = ending(
    """
    sbctl failover --to us-west-2 --dry-run  what would be done, every call
    sbctl failover --to us-west-2            planned: both regions are healthy
    sbctl failover --to us-west-2 --mode forced --yes --reason "region lost"
    sbctl failover --resume                  go on with a run that was cut off
    sbctl failover --rejoin us-west-2        it is back: put its signal right
    sbctl failover --kit failover-kit.json --to us-west-2 --mode forced
    """,
    "0 done, 1 failed, 2 usage, 4 partly done (--resume), 5 another operator was first,"
    " 7 refused by a guard, 9 credentials or permission, 130 paused",
)


@click.command(epilog=EPILOG)
@click.option("--to", "target", metavar="REGION", help="The region that takes over.")
@click.option("--from", "source", metavar="REGION", default="", help="The region to leave; must be the active one.")
@click.option("--mode", type=click.Choice(["planned", "forced"]), help="forced: the region to leave is lost.")
@click.option("--mechanism", type=click.Choice(["standby-takeover", "records"]), help="[default: the rules']")
@click.option("--reason", default="", help="Why; kept in the history. Needed with --yes.")
@click.option("--override", "overridden", multiple=True, type=click.Choice(GUARDS), help="A guard to override.")
@click.option("--dry-run", is_flag=True, help="Look, decide and show every call; change nothing.")
@click.option("--kit", "kit_file", type=click.Path(path_type=Path), help="Work from this kit, without config or state.")
@click.option("--resume", is_flag=True, help="Go on with the open run.")
@click.option("--abort", "aborting", is_flag=True, help="Take the open run back as far as that can be done.")
@click.option("--rejoin", metavar="REGION", help="Put a returned region's copy of the signal in order.")
@click.option("--skip", multiple=True, metavar="MOVE", help="With --resume: leave out this move.")
@click.option("--pause-after", default="", metavar="MOVE", help="Stop after this move; go on with --resume.")
@command("failover")
def failover(app: App, target: str | None, kit_file: Path | None, **asked: Any) -> Report:
    """Move traffic to another region, journaled move by move."""
    # A shared state may be kept in the region that is lost: by force, the kit of the last deploy is enough.
    forced_away = asked["mode"] == "forced" and isinstance(app.settings.state, SharedPlace) and not kit_file
    kit = kit_at_hand(app) if forced_away else kit_for(app, kit_file)
    wishes = Wishes(frozenset(asked["skip"]), asked["pause_after"])
    if asked["rejoin"]:
        with app.runs.lock():
            return rejoined(app, kit, asked["rejoin"], dry_run=asked["dry_run"])
    if asked["resume"] or asked["aborting"]:
        with app.runs.lock():
            return _go_on(app, kit, asked, wishes)
    order = _order(app, kit, target, asked)
    if asked["dry_run"]:
        return shown_dry("failover", prepared_for(app, kit, order, kit_file), kit, {})
    with app.runs.lock():
        return carry_out(app, kit, order, asked, wishes, {}, kit_file)


def _order(app: App, kit: Kit, target: str | None, asked: dict[str, Any]) -> Order:
    problems = []
    if not target:
        problems.append(usage("--to", "Say which region takes over.", f"--to {kit.by_priority[-1].region}"))
    if asked["skip"]:
        problems.append(usage("--skip", "Moves are left out of a run that is open.", "--resume --skip MOVE"))
    if problems:
        raise SbctlError(*problems)
    reason_given(app, asked)
    return Order(
        target=str(target),
        source=asked["source"],
        mode=asked["mode"] or "planned",
        mechanism=asked["mechanism"] or ("records" if kit.rules.mechanism == "records" else "standby-takeover"),
        reason=asked["reason"],
        by=operator(),
        overridden=tuple(asked["overridden"]),
    )


def prepared_for(app: App, kit: Kit, order: Order, kit_file: Path | None) -> Prepared:
    """Look and decide; first of all whose the credentials are, since measuring a lag writes canaries.

    An open run whose place the order can take is part of what is decided; any other one is not asked about here.
    """
    check_regions(kit, order)
    app.listen(PhaseStarted("looking at the regions"))
    notes = check_caller(app, kit, order.target, forced=order.mode == "forced")
    found = app.runs.open()
    left = open_run(app.runs) if found is not None and replaces(found, order) else None
    prepared = prepare(eyes_of(app, kit), kit, order, app.runs, measures_of(app, kit_file), left)
    if app.stop.is_set():
        raise KeyboardInterrupt  # what was not measured to its end is no reason to refuse
    return replace(prepared, notes=notes)


def carry_out(
    app: App,
    kit: Kit,
    order: Order,
    asked: dict[str, Any],
    wishes: Wishes,
    more: dict[str, Any],
    kit_file: Path | None,
) -> Report:
    """Begin a run; or go on with the open one, where this is what it is about; or take its place. The lock is held."""
    found = app.runs.open()
    if found is not None and goes_on(found, "failback" if order.undoes else "failover", order):
        app.listen(PhaseStarted(f"going on with {found.id}, which is open"))
        return _go_on(app, kit, asked, wishes)
    if found is not None and not replaces(found, order):
        refuse_second(app.runs)
    return begin_run(app, kit, order, wishes, more, kit_file)


def shown_dry(name: str, prepared: Prepared, kit: Kit, more: dict[str, Any]) -> Report:
    """What would be done, and every call."""
    data = {**of_prepared(prepared, kit), **more}
    problems = prepared.notes if prepared.decision.go else prepared.decision.refusals
    return Report(command=name, data=data, problems=problems, view=FailoverShown(data, "dry run"))


def begin_run(app: App, kit: Kit, order: Order, wishes: Wishes, more: dict[str, Any], kit_file: Path | None) -> Report:
    """Decide, ask, and carry out. The caller holds the lock on the runs."""
    looked = app.world.now()
    prepared = prepared_for(app, kit, order, kit_file)
    data = {**of_prepared(prepared, kit), **more}
    kind: Kind = "failback" if order.undoes else "failover"
    if not prepared.decision.go:
        view = FailoverShown(data, "refused")
        return Report(command=kind, data=data, problems=prepared.decision.refusals, view=view)
    if not app.settings.yes:
        show_prepared(data, app.settings.output, prepared.notes)
    confirm_typed(app.settings, app.listen, prepared.decision.sentence, order.target)
    if app.stop.is_set():
        raise KeyboardInterrupt  # nothing has begun yet
    good = last_good(prepared.decision.source, prepared.world, looked, app.readings.load().get(LAST_GOOD, ()))
    run = begin(kind, prepared, kit, app.runs, now=app.clock.now(), last_good=good)
    return _carried(app, kit, run, wishes, more, prepared.notes)


def _go_on(app: App, kit: Kit, asked: dict[str, Any], wishes: Wishes) -> Report:
    run = open_run(app.runs)
    close_replaced(run, app.runs)
    forced = (asked.get("mode") or run.order["mode"]) == "forced"
    notes = check_caller(app, kit, str(run.order["target"]), forced=forced)
    if asked.get("aborting"):
        confirm_typed(app.settings, app.listen, f"{run.id} is taken back.", str(run.order["target"]))
        return _report(app, kit, abort(run, _hands(app, kit, run), app.runs), {}, notes)
    run = app.runs.add(run, "resumed", by=operator())
    if asked["mode"] and asked["mode"] != run.order["mode"]:
        order = {"mode": asked["mode"], "reason": asked["reason"] or run.order["reason"]}
        run = app.runs.add(run, "changed", order=order)
    return _carried(app, kit, run, wishes, {}, notes)


def _carried(app: App, kit: Kit, run: Run, wishes: Wishes, more: dict[str, Any], notes: tuple[Problem, ...]) -> Report:
    left = len([move for move in moves_of(run) if move.name not in run.done()])
    app.listen(PhaseStarted("moving traffic", left, {str(run.order["target"]): left}))
    return _report(app, kit, proceed(run, _hands(app, kit, run), app.runs, wishes), more, notes)


def _hands(app: App, kit: Kit, run: Run) -> Hands:
    return hands_for(run, kit, eyes_of(app, kit), app.listen, app.stop.is_set)


def _report(app: App, kit: Kit, outcome: Outcome, more: dict[str, Any], notes: tuple[Problem, ...]) -> Report:
    run = outcome.run
    gone = {str(run.begun.data["source"])} if run.order.get("mode") == "forced" else set()
    left = next((one for one in app.runs.all() if one.id == run.begun.data.get("supersedes")), None)
    spare = frozenset(gone | lost_with(left)) - {str(run.order["target"])}
    after = look(eyes_of(app, kit), kit, spare) if run.status != "open" else None
    data = {**data_of(run, kit, after), **more, "left_behind": left_behind(run, left, kit)}
    problems = (*outcome.problems, *notes)  # what went wrong comes first
    return Report(command=run.kind, data=data, problems=problems, view=FailoverShown(data, run.status))
