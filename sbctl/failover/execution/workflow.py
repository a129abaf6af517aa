"""A failover from beginning to end, for commands, drills and restore alike: look, decide, confirm, begin, act, report.

`prepare` looks and decides; whoever called it confirms; `carry_out` begins the run and acts, and `report` tells what came of it. A
run that was cut off is gone on with by `proceed`, or taken back by `abort`. Nobody is asked anything from here.
"""

from __future__ import annotations

from datetime import datetime

from sbctl.core.events import PhaseStarted
from sbctl.core.moving.run import Kind, Run
from sbctl.failover.decision.observe import active_region, look
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.decision.snapshot import TrafficSnapshot
from sbctl.failover.decision.supersede import lost_with, replaced_by, replaces, signals, silent_target
from sbctl.failover.execution.open_runs import Runs, close_replaced, goes_on, open_of_operator, open_run, refuse_second
from sbctl.failover.execution.prepare import Prepared, newest_of, wanted_signal
from sbctl.failover.execution.runner import RunOptions, RunOutcome, carry_on, steps_of, take_back
from sbctl.failover.execution.tools import Tools
from sbctl.failover.kit.kit import Kit
from sbctl.failover.mechanism import ActionContext, Before, mechanism_named
from sbctl.failover.own.placing import with_own
from sbctl.failover.signal import Signal


def begin(
    kind: Kind, prepared: Prepared, kit: Kit, runs: Runs, *, now: datetime, last_good: str | None, name: str = ""
) -> Run:
    """Write the run's first event. From here on it is open until it has come to an end, and a run that it replaces is closed.

    `name` "": a new one.
    """
    order, world, left = prepared.order, prepared.world, prepared.left
    name, at = name or runs.name(kind), now.isoformat()
    wanted = wanted_signal(order, newest_of(world, left), name, at)
    source = prepared.decision.source
    steps = with_own(mechanism_named(order.mechanism).steps(order, kit, world, wanted), order, kit, source)
    more = {"supersedes": left.id, "replaced": replaced_by(left)} if left else {}
    run = runs.begin(
        kind,
        name,
        order=order.model_dump(mode="json"),
        source=source,
        decision=prepared.decision.as_json(),
        loss=prepared.decision.loss.model_dump(),
        signal=wanted.as_json(),
        known=(world.view(order.target).signal or Signal()).generation,
        previous=left.previous if left else world.signal.region,
        last_good=last_good,
        kit_serial=kit.serial,
        moves=[step.model_dump(mode="json", exclude_defaults=True) for step in steps],
        **more,
    )
    close_replaced(run, runs)
    return run


def carry_out(
    prepared: Prepared, tools: Tools, options: RunOptions, *, last_good: str | None = None, name: str = ""
) -> RunOutcome:
    """Begin the run of a failover that was decided and confirmed, and act. `name` "": a new one."""
    kind: Kind = "failback" if prepared.order.undoes else "failover"
    now = tools.observer().clock.now()
    return proceed(
        begin(kind, prepared, tools.kit, tools.runs, now=now, last_good=last_good, name=name), tools, options
    )


def standing(order: FailoverRequest, runs: Runs) -> Run | None:
    """The open run that an order is about already, and which it therefore goes on with; None where it begins one of its own.

    What a drill has left is nobody's to go on with. Raises SbctlError when a run is open whose place the order cannot take.
    """
    found = open_of_operator(runs)
    if found is None or replaces(found, order):
        return None
    if not goes_on(found, "failback" if order.undoes else "failover", order):
        refuse_second(runs)
    return open_run(runs)


def proceed(run: Run, tools: Tools, options: RunOptions) -> RunOutcome:
    """Do the steps that are left: all that this takes stands in the journal."""
    left = len([step for step in steps_of(run) if step.name not in run.done()])
    tools.listen(PhaseStarted("moving traffic", left, {str(run.order["target"]): left}))
    return carry_on(run, context_for(run, tools), tools.runs, options)


def context_for(run: Run, tools: Tools) -> ActionContext:
    """What the steps of a run are done with, also after a kill."""
    order = FailoverRequest.model_validate(run.order)
    signal = Signal.model_validate(run.begun.data["signal"])
    expected = float(run.begun.data["decision"]["expected_seconds"])
    known = int(run.begun.data["known"])
    replaced = frozenset(run.replaced)
    left = run.source
    observer, listen, stopping = tools.observer(), tools.listen, tools.stopping
    outside = tools.outside
    return ActionContext(observer, tools.kit, order, signal, known, expected, listen, stopping, replaced, left, outside)


def look_after(run: Run, tools: Tools) -> TrafficSnapshot | None:
    """The world once a run has ended; None while it is open. What was left by force is not asked, nor what was lost with it."""
    if run.status == "open":
        return None
    gone = {run.source} if run.order.get("mode") == "forced" else set()
    spare = frozenset(gone | lost_with(replaced_run(run, tools.runs))) - {str(run.order["target"])}
    return look(tools.observer(), tools.kit, spare)


def replaced_run(run: Run, runs: Runs) -> Run | None:
    """The run whose place this one took."""
    return next((one for one in runs.all() if one.id == run.supersedes), None)


def abort(run: Run, tools: Tools) -> RunOutcome:
    """Take back what can be taken back. Where the target does not answer, say what is known and what can be done."""
    on = context_for(run, tools)
    outcome = take_back(run, on, tools.runs, Before(run.previous, run.source))
    silent = [problem for problem in outcome.problems if problem.code == "region-unreachable"]
    if not silent or not signals(run):
        return outcome
    active, said = active_region(on.observer, on.kit)
    traffic = f"DNS answers {active or said}"
    return RunOutcome(outcome.run, (silent_target(outcome.run, on.kit, silent[0].detail, traffic),))
