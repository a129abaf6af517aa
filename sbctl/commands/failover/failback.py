"""`sbctl failback`: the planned return that undoes a failover."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.commands.failover.carrying_out import Attempt, ordered
from sbctl.commands.failover.inputs import drain_option, eyes_of, operator, reason_given, tools_of
from sbctl.commands.failover.together import skipped_beforehand
from sbctl.commands.kit.caller import check_caller
from sbctl.commands.kit.find import kit_found, with_kit
from sbctl.commands.kit.option import KitPlace, kit_option
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.failover.decision.observe import look
from sbctl.failover.decision.request import GUARDS, FailoverRequest
from sbctl.failover.execution.failback import changed_since, home_of, to_undo
from sbctl.failover.execution.from_signal import MECHANISM, away_elsewhere, told
from sbctl.failover.execution.runner import RunOptions
from sbctl.failover.kit.kit import Kit
from sbctl.failover.signal import Signal

EPILOG = epilog_of(
    """
    sbctl failback --dry-run        what changed meanwhile, and every call
    sbctl failback                  return from the last failover
    sbctl failback --yes --reason "us-east-1 is back"
    """,
    "0 done, 2 nothing to return from, 4 partly done (sbctl failover --resume), 5 another operator was first,"
    " 7 refused: lag, parity or health do not hold, 9 credentials or permission, 130 paused",
)


@click.command(epilog=EPILOG)
@click.option(
    "--run",
    "run_id",
    default="",
    metavar="RUN",
    shell_complete=completions.runs,
    help="Failover to undo. [default: the last]",
)
@click.option("--reason", default="", help="Reason for the history. Required with --yes.")
@click.option(
    "--override", "overridden", multiple=True, type=click.Choice(GUARDS), help="Guard to override. Repeatable."
)
@drain_option
@click.option("--dry-run", is_flag=True, help="Show the decision and every call; change nothing.")
@kit_option
@click.option("--skip", multiple=True, metavar="MOVE", help="Skip your own step. Repeatable.")
@click.option(
    "--pause-after", default="", metavar="MOVE", help="Stop after this move; continue with failover --resume."
)
@command("failback")
def failback(app: App, run_id: str, kit_place: KitPlace | None, **asked: Any) -> Report:
    """Return from a failover. Lag, parity and health must allow it."""
    app.lenient = app.moving = True
    reason_given(app, asked)
    found = kit_found(app, kit_place)
    return with_kit(_done(app, found.kit, run_id, asked), found, app)


def _done(app: App, kit: Kit, run_id: str, asked: dict[str, Any]) -> Report:
    if wrong := [*skipped_beforehand(kit, asked["skip"], "sbctl failover --resume")]:
        raise SbctlError(*wrong)
    undone, away = _undone(app, kit, run_id)
    order = FailoverRequest(
        **undone,
        mode="planned",
        reason=asked["reason"],
        by=operator(),
        overridden=tuple(asked["overridden"]),
        drain_seconds=asked["drain_seconds"],
    )
    options = RunOptions(frozenset(asked["skip"]), asked["pause_after"])
    attempt = Attempt(app, tools_of(app, kit), options, away)
    return ordered(attempt, order, dry_run=asked["dry_run"])


def _undone(app: App, kit: Kit, run_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is to be undone, as fields of the order, and what to tell of it. Raises SbctlError when there is nothing."""
    check_caller(app, kit, kit.primary.region)  # before the signal is asked for
    runs = app.runs.all()
    signal = _signal(app, kit)
    if away_elsewhere(signal, kit, runs) and signal.run.startswith(run_id):
        app.note(_by_signal(signal))
        fields = {"target": kit.primary.region, "source": signal.region, "mechanism": MECHANISM}
        begun, undoes, more = (
            _by_machine(app, signal),
            signal.run or f"signal-{signal.generation}",
            {"from_signal": told(signal)},
        )
    else:
        run = to_undo(runs, run_id, signal.region)
        fields = {
            "target": home_of(run, runs),
            "source": str(run.order["target"]),
            "mechanism": run.order["mechanism"],
        }
        begun, undoes, more = run.begun.at, run.id, {}
    return {**fields, "undoes": undoes}, {"undoes": undoes, "changed_while_away": _changed(app, begun), **more}


def _signal(app: App, kit: Kit) -> Signal:
    """The newest signal that any region tells; none where regions cannot take over by one."""
    return look(eyes_of(app, kit), kit).signal if kit.signal_table else Signal()


def _by_signal(signal: Signal) -> Problem:
    return Problem(
        code="from-signal",
        summary="The failover to return from was not begun from this state",
        detail=f"the signal names {signal.region} by {signal.by or 'somebody'}, run {signal.run or '(none)'}, at {signal.at}",
        at="the takeover signal",
        exit=Exit.DONE,
    )


def _by_machine(app: App, signal: Signal) -> datetime | None:
    """When a signal was given, by the clock that stamps the state. A sandbox's runs fast: then earlier rather than later."""
    return app.clock.now() - (app.now() - signal.when) if signal.when else None


def _changed(app: App, begun: datetime | None) -> list[dict[str, Any]]:
    try:
        return changed_since(begun, app.store.load()) if begun else []
    except SbctlError:
        return []
