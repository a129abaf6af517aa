"""What a drill does between breakage and restore: fail over, be refused, watch, hold still, or be cut off and resumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sbctl.core.moving.run import Run
from sbctl.core.text.counted import counted
from sbctl.drills.answers import StoppedError, pause
from sbctl.drills.context import Scene, Stage, at_most, equal
from sbctl.drills.fault_injection import mend
from sbctl.drills.moving import moved, watch
from sbctl.failover.decision.observe import not_moved_yet
from sbctl.failover.decision.request import Order
from sbctl.failover.execution.prepare import Prepared, prepare
from sbctl.failover.execution.runner import Outcome, Wishes, steps_of
from sbctl.failover.execution.workflow import begin, proceed
from sbctl.failover.mechanism import mechanism_of

FLAP_DOWN, FLAP_UP = 1.5, 2.5
"""How long the unrest lasts and rests, as multiples of the check's interval: never threshold failures in a row."""


Play = Callable[[Scene, Run, Stage], Run]


def _failover(scene: Scene, run: Run, stage: Stage) -> Run:
    before = stage.calls_to(scene.active)
    prepared = _prepared(scene, run, stage)
    if not prepared.decision.go:
        return _held_up(scene, run, stage, prepared)
    inner, run = _begun(scene, run, stage, prepared)
    outcome = _proceeded(inner, stage, Wishes())
    if scene.drill.mode == "forced":
        calls = stage.calls_to(scene.active) - before
        scene.limits.append(at_most(f"calls to {scene.active}", calls, 0, "calls"))
    return moved(scene, run, stage, outcome)


def _half_done(scene: Scene, run: Run, stage: Stage) -> Run:
    prepared = _prepared(scene, run, stage)
    if not prepared.decision.go:
        return _held_up(scene, run, stage, prepared)
    inner, run = _begun(scene, run, stage, prepared)
    _proceeded(inner, stage, Wishes(pause_after=steps_of(inner)[0].name))
    left = stage.runs.open()
    scene.limits.append(equal("open run that another process finds", left.id if left else "none", inner.id))
    if left is None:
        return run
    run = stage.runs.add(run, "noted", phase="resume", text=f"{left.id} is resumed from its journal alone")
    run = moved(scene, run, stage, _proceeded(left, stage, Wishes()))
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


def _prepared(scene: Scene, run: Run, stage: Stage) -> Prepared:
    order = Order(
        target=scene.target,
        source=scene.active,
        mode=scene.drill.mode,
        mechanism=mechanism_of(stage.kit),
        reason=f"drill {scene.drill.name}",
        by=stage.by,
        overridden=("cooldown",),
        drill=run.id,
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


def _refused(scene: Scene, run: Run, stage: Stage) -> Run:
    prepared = _prepared(scene, run, stage)
    scene.limits.append(equal("the order is refused with", _refusals(prepared), scene.drill.code))
    scene.figures["refusal"] = [problem.detail for problem in prepared.decision.refusals]
    return stage.runs.add(run, "noted", phase="decision", text=prepared.decision.sentence)


def _hold(scene: Scene, run: Run, stage: Stage) -> Run:
    """Unrest that is shorter than Route 53 needs to notice."""
    interval = float(stage.kit.rules.health_check.interval_seconds)
    faults = run.faults
    for turn in range(1, scene.drill.unrest + 1):
        run = stage.runs.add(run, "noted", phase="fault", text=f"unrest {turn} of {scene.drill.unrest} begins")
        for fault in faults:
            if stage.havoc is not None:
                # it ends by the world's clock, however late this machine is to end it
                stage.havoc.add({**fault, "seconds": FLAP_DOWN * interval})
        pause(scene, stage, FLAP_DOWN * interval, f"unrest {turn} of {scene.drill.unrest}")
        if stage.havoc is not None:
            mend(stage.havoc, faults)
        pause(scene, stage, FLAP_UP * interval, "quiet again")
    return _held(scene, run, stage)


def _held(scene: Scene, run: Run, stage: Stage) -> Run:
    """Nothing has moved: DNS answered no other region; where all serve, it still answers the one that was unsteady."""
    answers = counted(len(scene.seen.probes), "answer")
    found = sorted({probe.region for probe in scene.seen.probes})
    if stage.kit.shared:
        gone = not not_moved_yet(stage.eyes(), stage.kit, scene.target, scene.active)
        scene.limits.append(equal("regions that DNS answers no more", scene.active if gone else "none", "none"))
        return stage.runs.add(run, "noted", phase="held", text=f"{answers}, of {', '.join(found)}")
    others = ", ".join(code for code in found if code != scene.active)
    scene.limits.append(equal("regions that DNS answered besides the active one", others or "none", "none"))
    return stage.runs.add(run, "noted", phase="held", text=f"{answers} of {', '.join(found) or 'no region'}")


def _check(scene: Scene, run: Run, stage: Stage) -> Run:
    """Nothing but reads: would the order be carried out?"""
    prepared = _prepared(scene, run, stage)
    scene.limits.append(equal("an order now would be refused with", _refusals(prepared), "nothing"))
    expected = prepared.decision.expected.seconds
    scene.limits.append(at_most("worst case until traffic moved", expected, stage.kit.rules.objectives.rto_seconds))
    return stage.runs.add(run, "noted", phase="decision", text=prepared.decision.sentence)


ACTS: Mapping[str, Play] = {
    "failover": _failover,
    "half-done": _half_done,
    "refused": _refused,
    "watch": watch,
    "hold": _hold,
    "check": _check,
}
