"""What a drill does between breakage and restore: fail over, be refused, watch, hold still, or be cut off and resumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sbctl.core.counted import counted
from sbctl.core.run import Run
from sbctl.core.worst_case import automatic
from sbctl.drills.answers import StoppedError, await_answer, pause
from sbctl.drills.context import Scene, Stage, at_most, equal
from sbctl.drills.fault_injection import mend
from sbctl.drills.probing import EVERY_SECONDS, arrived
from sbctl.failover.decision.observe import active_region
from sbctl.failover.decision.request import Order
from sbctl.failover.execution.prepare import Prepared, prepare
from sbctl.failover.execution.runner import Outcome, Wishes
from sbctl.failover.execution.workflow import begin, proceed

MARGIN_SECONDS = 60.0
SETTLE_SECONDS = 10.0
FLAP_DOWN, FLAP_UP = 1.5, 2.5
"""How long the unrest lasts and rests, as multiples of the check's interval: never threshold failures in a row."""


Play = Callable[[Scene, Run, Stage], Run]


def _failover(scene: Scene, run: Run, stage: Stage) -> Run:
    before = stage.calls_to(scene.active)
    prepared = _prepared(scene, stage)
    if not prepared.decision.go:
        return _held_up(scene, run, stage, prepared)
    inner, run = _begun(scene, run, stage, prepared)
    outcome = _proceeded(inner, stage, Wishes())
    if scene.drill.mode == "forced":
        calls = stage.calls_to(scene.active) - before
        scene.limits.append(at_most(f"calls to {scene.active}", calls, 0, "calls"))
    return _moved(scene, run, stage, outcome)


def _half_done(scene: Scene, run: Run, stage: Stage) -> Run:
    prepared = _prepared(scene, stage)
    if not prepared.decision.go:
        return _held_up(scene, run, stage, prepared)
    inner, run = _begun(scene, run, stage, prepared)
    _proceeded(inner, stage, Wishes(pause_after="signal"))
    left = stage.runs.open()
    scene.limits.append(equal("open run that another process finds", left.id if left else "none", inner.id))
    if left is None:
        return run
    run = stage.runs.add(run, "noted", phase="resume", text=f"{left.id} is resumed from its journal alone")
    run = _moved(scene, run, stage, _proceeded(left, stage, Wishes()))
    still = stage.runs.open()
    scene.limits.append(equal("runs still open", still.id if still else "none", "none"))
    return run


def _held_up(scene: Scene, run: Run, stage: Stage, prepared: Prepared) -> Run:
    """The order is refused, although the drill is about its being carried out."""
    scene.limits.append(equal("the order is refused with", _refusals(prepared), "nothing"))
    scene.figures["refusal"] = [problem.detail for problem in prepared.decision.refusals]
    return stage.runs.add(run, "noted", phase="decision", text=prepared.decision.sentence)


def _refusals(prepared: Prepared) -> str:
    return ", ".join(dict.fromkeys(problem.code for problem in prepared.decision.refusals)) or "nothing"


def _prepared(scene: Scene, stage: Stage) -> Prepared:
    order = Order(
        target=scene.target,
        source=scene.active,
        mode=scene.drill.mode,
        reason=f"drill {scene.drill.name}",
        by=stage.by,
        overridden=("cooldown",),
    )
    prepared = prepare(order, stage.tools(stage.stopping))
    scene.figures["lags"] = [one.as_json(prepared.world.at) for one in prepared.world.lag]
    return prepared


def _begun(scene: Scene, run: Run, stage: Stage, prepared: Prepared) -> tuple[Run, Run]:
    """The failover inside the drill, and the drill that knows of it before it is open: the next start may have to end it."""
    now, name = stage.eyes().clock.now(), stage.runs.name("failover")
    run = stage.runs.add(run, "noted", phase="decision", text=prepared.decision.sentence)
    run = stage.runs.add(run, "noted", phase="failover", text=name, failover=name)
    scene.figures["failover"] = name
    return begin("failover", prepared, stage.kit, stage.runs, now=now, last_good=None, name=name), run


def _proceeded(inner: Run, stage: Stage, wishes: Wishes) -> Outcome:
    outcome = proceed(inner, stage.tools(stage.stopping), wishes)
    if stage.stopping():
        raise StoppedError
    return outcome


def _moved(scene: Scene, run: Run, stage: Stage, outcome: Outcome) -> Run:
    result = outcome.run.result
    expected = float(outcome.run.begun.data["decision"]["expected_seconds"])
    scene.figures["decision_to_moved_seconds"] = result.get("rto_seconds")
    scene.limits.append(at_most("decision → traffic moved", result.get("rto_seconds"), expected))
    if not outcome.finished:
        why = "; ".join(problem.detail for problem in outcome.problems)
        return stage.runs.add(run, "noted", phase="stuck", text=f"{outcome.run.id} did not come to its end: {why}")
    return _looked(scene, run, stage)


def _looked(scene: Scene, run: Run, stage: Stage) -> Run:
    """Look up which writes stand in the region that took over, the moment traffic has moved.

    Where nothing is lost, what was under way at that moment is given its time to arrive: it does, since both regions work.
    """
    world = stage.eyes().world
    moved_at = world.now()
    if scene.drill.lossless or scene.drill.act == "watch":
        pause(scene, stage, SETTLE_SECONDS, "the last writes arriving")
    there = sorted(arrived(stage.probes, stage.kit, run.id, scene.target)) if stage.kit.signal_table else []
    scene.figures["moved_at"] = moved_at
    scene.figures["there"] = frozenset(there)
    run = stage.runs.add(run, "noted", phase="moved", text=f"DNS answers {scene.target}", arrived=len(there))
    pause(scene, stage, SETTLE_SECONDS, "probes of the new region")
    await_answer(scene, stage, scene.target)
    return run


def _refused(scene: Scene, run: Run, stage: Stage) -> Run:
    prepared = _prepared(scene, stage)
    scene.limits.append(equal("the order is refused with", _refusals(prepared), scene.drill.code))
    scene.figures["refusal"] = [problem.detail for problem in prepared.decision.refusals]
    return stage.runs.add(run, "noted", phase="decision", text=prepared.decision.sentence)


def _watch(scene: Scene, run: Run, stage: Stage) -> Run:
    """Route 53 moves traffic by itself; nobody is at the keyboard."""
    eyes, limit = stage.eyes(), automatic(stage.kit.rules).seconds
    begun = eyes.world.monotonic()
    while True:
        active, _ = active_region(eyes, stage.kit)
        passed = eyes.world.monotonic() - begun
        if active == scene.target or passed > limit + MARGIN_SECONDS:
            break
        pause(
            scene, stage, EVERY_SECONDS, f"Route 53 still answers {active} ({passed:.0f} s of {limit:.0f} s at worst)"
        )
    seconds = round(passed, 3) if active == scene.target else None
    scene.figures["decision_to_moved_seconds"] = seconds
    scene.limits.append(at_most("fault → traffic moved by itself", seconds, limit))
    return _looked(scene, run, stage)


def _hold(scene: Scene, run: Run, stage: Stage) -> Run:
    """Unrest that is shorter than Route 53 needs to notice."""
    interval = float(stage.kit.rules.health_check.interval_seconds)
    faults = run.begun.data["faults"]
    for turn in range(1, scene.drill.unrest + 1):
        run = stage.runs.add(run, "noted", phase="fault", text=f"unrest {turn} of {scene.drill.unrest} begins")
        for fault in faults:
            if stage.havoc is not None:
                stage.havoc.add(fault)
        pause(scene, stage, FLAP_DOWN * interval, f"unrest {turn} of {scene.drill.unrest}")
        if stage.havoc is not None:
            mend(stage.havoc, faults)
        pause(scene, stage, FLAP_UP * interval, "quiet again")
    others = sorted({probe.region for probe in scene.seen.probes} - {scene.active})
    scene.limits.append(equal("regions that DNS answered besides the active one", ", ".join(others) or "none", "none"))
    return stage.runs.add(
        run, "noted", phase="held", text=f"{counted(len(scene.seen.probes), 'answer')}, all of {scene.active}"
    )


def _check(scene: Scene, run: Run, stage: Stage) -> Run:
    """Nothing but reads: would the order be carried out?"""
    prepared = _prepared(scene, stage)
    scene.limits.append(equal("an order now would be refused with", _refusals(prepared), "nothing"))
    expected = prepared.decision.expected.seconds
    scene.limits.append(at_most("worst case until traffic moved", expected, stage.kit.rules.objectives.rto_seconds))
    return stage.runs.add(run, "noted", phase="decision", text=prepared.decision.sentence)


ACTS: Mapping[str, Play] = {
    "failover": _failover,
    "half-done": _half_done,
    "refused": _refused,
    "watch": _watch,
    "hold": _hold,
    "check": _check,
}
