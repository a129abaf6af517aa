"""What a drill does between breakage and restore: fail over, be refused, watch, hold still, or be cut off and resumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sbctl.core.moving.run import Run
from sbctl.core.text.counted import counted
from sbctl.drills.calls import await_rerouted, expect_callers
from sbctl.drills.context import DrillContext, DrillRun, at_most, equal
from sbctl.drills.fault_injection import heal_all
from sbctl.drills.moving import moved, watch
from sbctl.drills.own_steps import note_own_steps
from sbctl.drills.waits import StoppedError, pause
from sbctl.failover.decision.observe import not_moved_yet
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.execution.prepare import Prepared, prepare
from sbctl.failover.execution.runner import RunOptions, RunOutcome, steps_of
from sbctl.failover.execution.workflow import begin, proceed
from sbctl.failover.mechanism import mechanism_of

FLAP_DOWN, FLAP_UP = 1.5, 2.5
"""How long the unrest lasts and rests, as multiples of the check's interval: never threshold failures in a row."""


Scenario = Callable[[DrillRun, Run, DrillContext], Run]


def _failover(drill_run: DrillRun, run: Run, context: DrillContext) -> Run:
    before = context.calls_to(drill_run.active)
    prepared = _prepared(drill_run, run, context)
    if not prepared.decision.go:
        return _held_up(drill_run, run, context, prepared)
    inner, run = _begun(drill_run, run, context, prepared)
    outcome = _proceeded(drill_run, inner, context, RunOptions())
    if drill_run.drill.mode == "forced":
        calls = context.calls_to(drill_run.active) - before
        drill_run.limits.append(at_most(f"calls to {drill_run.active}", calls, 0, "calls"))
    run = moved(drill_run, run, context, outcome)
    await_rerouted(drill_run, context)
    return run


def _half_done(drill_run: DrillRun, run: Run, context: DrillContext) -> Run:
    prepared = _prepared(drill_run, run, context)
    if not prepared.decision.go:
        return _held_up(drill_run, run, context, prepared)
    inner, run = _begun(drill_run, run, context, prepared)
    _proceeded(drill_run, inner, context, RunOptions(pause_after=steps_of(inner)[0].name))
    left = context.runs.open()
    drill_run.limits.append(equal("open run that another process finds", left.id if left else "none", inner.id))
    if left is None:
        return run
    run = context.runs.add(run, "noted", phase="resume", text=f"{left.id} is resumed from its journal alone")
    run = moved(drill_run, run, context, _proceeded(drill_run, left, context, RunOptions()))
    await_rerouted(drill_run, context)
    still = context.runs.open()
    drill_run.limits.append(equal("runs still open", still.id if still else "none", "none"))
    return run


def _held_up(drill_run: DrillRun, run: Run, context: DrillContext, prepared: Prepared) -> Run:
    """The order is refused, although the drill is about its being carried out."""
    drill_run.limits.append(equal("the order is refused with", _refusals(prepared), "nothing"))
    drill_run.figures["refusal"] = [problem.detail for problem in prepared.decision.refusals]
    return context.runs.add(run, "noted", phase="decision", text=prepared.decision.sentence)


def _refusals(prepared: Prepared) -> str:
    return ", ".join(dict.fromkeys(problem.code for problem in prepared.decision.refusals)) or "nothing"


def _prepared(drill_run: DrillRun, run: Run, context: DrillContext) -> Prepared:
    order = FailoverRequest(
        target=drill_run.target,
        source=drill_run.active,
        mode=drill_run.drill.mode,
        mechanism=mechanism_of(context.kit),
        reason=f"drill {drill_run.drill.name}",
        by=context.by,
        overridden=("cooldown",),
        drill=run.id,
    )
    prepared = prepare(order, context.tools(context.stopping))
    drill_run.figures["lags"] = [one.as_json(prepared.world.at) for one in prepared.world.lag]
    return prepared


def _begun(drill_run: DrillRun, run: Run, context: DrillContext, prepared: Prepared) -> tuple[Run, Run]:
    """The failover inside the drill, and the drill that knows of it before it is open: the next start may have to end it."""
    now, name = context.observer().clock.now(), context.runs.name("failover")
    run = context.runs.add(run, "noted", phase="decision", text=prepared.decision.sentence)
    run = context.runs.add(run, "noted", phase="failover", text=name, failover=name)
    drill_run.figures["failover"] = name
    expect_callers(drill_run, context, drill_run.target)
    return begin("failover", prepared, context.kit, context.runs, now=now, last_good=None, name=name), run


def _proceeded(drill_run: DrillRun, inner: Run, context: DrillContext, options: RunOptions) -> RunOutcome:
    outcome = proceed(inner, context.tools(context.stopping), options)
    note_own_steps(drill_run, outcome.run)
    if context.stopping():
        raise StoppedError
    return outcome


def _refused(drill_run: DrillRun, run: Run, context: DrillContext) -> Run:
    prepared = _prepared(drill_run, run, context)
    drill_run.limits.append(equal("the order is refused with", _refusals(prepared), drill_run.drill.code))
    drill_run.figures["refusal"] = [problem.detail for problem in prepared.decision.refusals]
    return context.runs.add(run, "noted", phase="decision", text=prepared.decision.sentence)


def _hold(drill_run: DrillRun, run: Run, context: DrillContext) -> Run:
    """Unrest that is shorter than Route 53 needs to notice."""
    interval = float(context.kit.rules.health_check.interval_seconds)
    faults = run.faults
    for turn in range(1, drill_run.drill.unrest + 1):
        run = context.runs.add(run, "noted", phase="fault", text=f"unrest {turn} of {drill_run.drill.unrest} begins")
        for fault in faults:
            if context.injector is not None:
                # it ends by the world's clock, however late this machine is to end it
                context.injector.add({**fault, "seconds": FLAP_DOWN * interval})
        pause(drill_run, context, FLAP_DOWN * interval, f"unrest {turn} of {drill_run.drill.unrest}")
        if context.injector is not None:
            heal_all(context.injector, faults)
        pause(drill_run, context, FLAP_UP * interval, "quiet again")
    return _held(drill_run, run, context)


def _held(drill_run: DrillRun, run: Run, context: DrillContext) -> Run:
    """Nothing has moved: DNS answered no other region; where all serve, it still answers the one that was unsteady."""
    answers = counted(len(drill_run.seen.probes), "answer")
    found = sorted({probe.region for probe in drill_run.seen.probes})
    if context.kit.shared:
        gone = not not_moved_yet(context.observer(), context.kit, drill_run.target, drill_run.active)
        drill_run.limits.append(equal("regions that DNS answers no more", drill_run.active if gone else "none", "none"))
        return context.runs.add(run, "noted", phase="held", text=f"{answers}, of {', '.join(found)}")
    others = ", ".join(code for code in found if code != drill_run.active)
    drill_run.limits.append(equal("regions that DNS answered besides the active one", others or "none", "none"))
    return context.runs.add(run, "noted", phase="held", text=f"{answers} of {', '.join(found) or 'no region'}")


def _check(drill_run: DrillRun, run: Run, context: DrillContext) -> Run:
    """Nothing but reads: would the order be carried out?"""
    prepared = _prepared(drill_run, run, context)
    drill_run.limits.append(equal("an order now would be refused with", _refusals(prepared), "nothing"))
    expected = prepared.decision.expected.seconds
    drill_run.limits.append(
        at_most("worst case until traffic moved", expected, context.kit.rules.objectives.rto_seconds)
    )
    return context.runs.add(run, "noted", phase="decision", text=prepared.decision.sentence)


ACTS: Mapping[str, Scenario] = {
    "failover": _failover,
    "half-done": _half_done,
    "refused": _refused,
    "watch": watch,
    "hold": _hold,
    "check": _check,
}
