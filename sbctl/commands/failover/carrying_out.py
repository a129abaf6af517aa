"""What failover and failback have in common on the command line: look and decide, confirm, carry out, tell."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from sbctl.app import App
from sbctl.checks.preflight.flow_tests import failed_before
from sbctl.cli.confirm import confirm_typed
from sbctl.cli.keep_readings import LAST_GOOD, STATUS, keep_look
from sbctl.commands.failover.elsewhere import resumed_elsewhere
from sbctl.commands.failover.inputs import operator
from sbctl.commands.failover.together import check_moves
from sbctl.commands.kit.caller import check_caller
from sbctl.core.events import PhaseStarted
from sbctl.core.moving.run import Run
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.failover.contacts import contacts_left
from sbctl.failover.data.failover import FailoverTold
from sbctl.failover.decision.refusing import command_of
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.execution.from_signal import left_by_signal, rebuilt
from sbctl.failover.execution.open_runs import close_replaced, open_run
from sbctl.failover.execution.prepare import Prepared, check_regions, prepare
from sbctl.failover.execution.report import of_prepared, of_run
from sbctl.failover.execution.runner import RunOptions, RunOutcome, steps_of
from sbctl.failover.execution.tools import Tools
from sbctl.failover.execution.workflow import abort, carry_out, look_after, proceed, standing
from sbctl.failover.guidance.looks import last_good
from sbctl.failover.kit.kit import FILE
from sbctl.ui.invocation import as_called
from sbctl.ui.render import show_report
from sbctl.ui.views import FailoverShown


@dataclass(frozen=True)
class Attempt:
    """A failover or failback that an operator asks for. `more` is what its command tells besides."""

    app: App
    tools: Tools
    options: RunOptions
    more: Mapping[str, Any] = field(default_factory=dict)


def ordered(attempt: Attempt, order: FailoverRequest, *, dry_run: bool) -> Report:
    """Carry an order out; or go on with the open run, where this is what it is about; or show what would be done."""
    if dry_run:
        return _shown(_prepared(attempt, order), attempt, "dry run")
    with _alone(attempt, order):
        report = _begun_or_continued(attempt, order)
        if "run" not in report.data and attempt.app.runs.ask_after_all():
            # It was refused: there is time to hear of the run that another machine has begun.
            return _begun_or_continued(attempt, order)
        return report


def _begun_or_continued(attempt: Attempt, order: FailoverRequest) -> Report:
    left = standing(order, attempt.tools.runs)
    if left is not None:
        attempt.app.listen(PhaseStarted(f"going on with {left.id}, which is open"))
        return go_on(attempt)
    return _carried_out(attempt, order)


@contextmanager
def _alone(attempt: Attempt, order: FailoverRequest) -> Iterator[None]:
    """Hold the lock on the runs. While a drill holds it, a forced order is told how to go past it: by the kit, with a state apart.

    The drill leaves traffic where that order has it, and puts the rest back.
    """
    try:
        with attempt.app.runs.lock():
            yield
    except SbctlError as error:
        held = error.problems[0]
        if order.mode != "forced" or held.code != "state-locked" or "drill run" not in held.detail:
            raise
        raise SbctlError(replace(held, fix=_past_drill(attempt, order))) from error


def _past_drill(attempt: Attempt, order: FailoverRequest) -> str:
    """On the sandbox another state would be another sandbox: there the drill is ended first."""
    end = "End the drill first (Ctrl-C there, or SIGTERM to its process): it puts back what it did."
    if attempt.app.settings.sandbox:
        return end
    state = attempt.app.state
    apart = shlex.join(["--kit", str(state / FILE), "--state", str(state.with_name(f"{state.name}-apart"))])
    return f"At once, past the drill: {command_of(order, attempt.tools.kit)} {apart}. Or: {end}"


def go_on(
    attempt: Attempt,
    *,
    mode: str | None = None,
    reason: str = "",
    aborting: bool = False,
    check: Callable[[Run], None] = lambda _: None,
) -> Report:
    """Go on with the open run, or take it back. `mode` changes it from planned to forced. The lock is held.

    `check` raises where that is not the run that is meant.
    """
    app, tools = attempt.app, attempt.tools
    # What stood before a run whose journal is gone is not known, so that it cannot be taken back.
    run = open_run(tools.runs) if aborting else _open(attempt, mode)
    check(run)
    check_moves(attempt.options, (step.name for step in steps_of(run)))
    elsewhere = resumed_elsewhere(app, run)
    close_replaced(run, tools.runs)
    forced = (mode or run.order["mode"]) == "forced"
    notes = (*check_caller(app, tools.kit, str(run.order["target"]), forced=forced), *elsewhere)
    if aborting:
        back = run.source or "where it was"
        statement = f"What {run.id} did is to be undone: traffic goes back to {back}."
        confirm_typed(app.settings, app.listen, statement, run.source or str(run.order["target"]))
        return _told(attempt, abort(run, tools), notes)
    run = tools.runs.add(run, "resumed", by=operator())
    if mode and mode != run.order["mode"]:
        run = tools.runs.add(run, "changed", order={"mode": mode, "reason": reason or run.order["reason"]})
    return _told(attempt, proceed(run, tools, attempt.options), notes)


def _open(attempt: Attempt, mode: str | None) -> Run:
    """The open run; where none is open here, that of a signal which no journal here is about. Raises SbctlError."""
    app, tools = attempt.app, attempt.tools
    if tools.runs.open() is None:
        check_caller(app, tools.kit, tools.kit.by_priority[-1].region, forced=True)  # before the signal is asked for
        left = left_by_signal(tools.observer(), tools.kit, tools.runs)
        if left is not None:
            run = rebuilt(*left, tools.kit, tools.runs, mode or "forced")
            app.note(_from_signal(run))
            return run
    return open_run(tools.runs)


def _from_signal(run: Run) -> Problem:
    return Problem(
        code="from-signal",
        summary="No failover is open here; this one is rebuilt from the takeover signal",
        detail=str(run.begun.data["decision"]["sentence"]),
        at=run.id,
        exit=Exit.DONE,
    )


def _prepared(attempt: Attempt, order: FailoverRequest) -> Prepared:
    """Look and decide; first of all whose the credentials are, since measuring a lag writes canaries."""
    app, tools = attempt.app, attempt.tools
    check_regions(tools.kit, order)
    app.listen(PhaseStarted("looking at the regions"))
    notes = check_caller(app, tools.kit, order.target, forced=order.mode == "forced")
    prepared = prepare(order, tools)
    check_moves(attempt.options, (step.name for step in prepared.steps))
    if app.stop.is_set():
        raise KeyboardInterrupt  # what was not measured to its end is no reason to refuse
    keep_look(app, prepared.world, app.world.now())
    tests = failed_before(app.flow_tests.load(), order.target, app.world.now())
    return replace(prepared, notes=(*notes, *tests, *prepared.notes))


def _carried_out(attempt: Attempt, order: FailoverRequest) -> Report:
    """Look, decide, confirm, begin, act, tell. The lock is held."""
    app = attempt.app
    looked = app.world.now()
    prepared = _prepared(attempt, order)
    if not prepared.decision.go:
        return _shown(prepared, attempt, "refused")
    _confirmed(attempt, prepared)
    kept = app.readings.load()
    noted, looks = kept.get(LAST_GOOD, ()), kept.get(STATUS, ())
    good = last_good(prepared.decision.source, prepared.world, looked, noted, looks)
    return _told(attempt, carry_out(prepared, attempt.tools, attempt.options, last_good=good), prepared.notes)


def _confirmed(attempt: Attempt, prepared: Prepared) -> None:
    """Raises SbctlError or KeyboardInterrupt where the operator does not want it; nothing has begun then."""
    app = attempt.app
    if not app.settings.yes:
        view = FailoverShown(_data(prepared, attempt), "not begun")
        shown = Report(command=_name(prepared.order), problems=prepared.notes, view=view)
        show_report(as_called(shown, app.invocation), app.settings.output)
    order = prepared.order
    confirm_typed(app.settings, app.listen, prepared.decision.sentence, order.target, needs_reason=not order.reason)
    if app.stop.is_set():
        raise KeyboardInterrupt


def _data(prepared: Prepared, attempt: Attempt) -> FailoverTold:
    """What was thought through, with the contacts that a planned move would leave; a region left by force is not asked."""
    kit, source, more = attempt.tools.kit, prepared.decision.source, dict(attempt.more)
    planned = prepared.order.mode == "planned" and prepared.decision.go
    if planned and source not in ("", prepared.order.target) and source in {one.region for one in kit.regions}:
        left = contacts_left(attempt.tools.observer().aws, source, kit.region(source).instance)
        more["contacts"] = left.model_dump()
    return of_prepared(prepared, kit, **more)


def _shown(prepared: Prepared, attempt: Attempt, state: str) -> Report:
    """What would be done, and every call; or why it is refused."""
    data = _data(prepared, attempt)
    problems = prepared.decision.refusals or prepared.notes
    return Report(
        command=_name(prepared.order), data=data.as_json(), problems=problems, view=FailoverShown(data, state)
    )


def _name(order: FailoverRequest) -> str:
    return "failback" if order.undoes else "failover"


def _told(attempt: Attempt, outcome: RunOutcome, notes: tuple[Problem, ...]) -> Report:
    run: Run = outcome.run
    after = look_after(run, attempt.tools)
    if after is not None:
        keep_look(attempt.app, after, attempt.app.world.now())
    data = of_run(run, attempt.tools, after, **attempt.more)
    problems = (*outcome.problems, *notes)  # what went wrong comes first
    return Report(command=run.kind, data=data.as_json(), problems=problems, view=FailoverShown(data, run.status))
