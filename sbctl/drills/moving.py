"""What a drill sees of moved traffic: by its order, or by health checks alone. Nothing is noted that no probe saw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sbctl.core.moving.run import Run
from sbctl.core.moving.worst_case import automatic
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES
from sbctl.drills.answers import await_answer, pause
from sbctl.drills.context import Scene, Stage, at_most, equal
from sbctl.drills.probing import EVERY_SECONDS, Probe, arrived
from sbctl.failover.decision.observe import active_region, answers_needed, not_moved_yet
from sbctl.failover.execution.runner import Outcome

MARGIN_SECONDS = 60.0
SETTLE_SECONDS = 10.0
BREAKS_CONTROL = frozenset({"hang", "down", "control-plane"})
"""Kinds of faults with which a control plane is gone."""


def lost_plane(run: Run) -> str:
    """Why records cannot be changed while the drill's faults last; "" where they can."""
    if run.order.get("mechanism") != "records" or not any(map(_breaks_route53, run.faults)):
        return ""
    return f"records cannot be changed: Route 53's control plane lies in {HOME_OF_GLOBAL_SERVICES}, and this drill has lost it"


def _breaks_route53(fault: Mapping[str, Any]) -> bool:
    here = fault.get("region") in (None, HOME_OF_GLOBAL_SERVICES)
    return here and fault["kind"] in BREAKS_CONTROL and fault.get("service") in (None, "route53")


def moved(scene: Scene, run: Run, stage: Stage, outcome: Outcome) -> Run:
    """What became of the drill's order."""
    result = outcome.run.result
    expected = float(outcome.run.begun.data["decision"]["expected_seconds"])
    scene.figures["decision_to_moved_seconds"] = result.get("rto_seconds")
    scene.limits.append(at_most("decision → traffic moved", result.get("rto_seconds"), expected))
    if outcome.finished:
        return looked(scene, run, stage)
    why = "; ".join(problem.detail for problem in outcome.problems)
    run = stage.runs.add(run, "noted", phase="stuck", text=f"{outcome.run.id} did not finish: {why}")
    plane = lost_plane(run)
    if not plane:
        return run
    scene.limits.append(equal("the order is carried out by records", plane, "yes"))
    run = stage.runs.add(run, "noted", phase="stuck", text=plane)
    return by_itself(scene, run, stage)


def looked(scene: Scene, run: Run, stage: Stage) -> Run:
    """Look up which writes stand in the region that took over, the moment traffic has moved, and wait for what probes see.

    Where nothing is lost, what was under way at that moment is given its time to arrive: it does, since both regions work.
    """
    world = stage.eyes().world
    moved_at = world.now()
    if scene.drill.lossless or scene.drill.act == "watch":
        pause(scene, stage, SETTLE_SECONDS, "the last writes arriving")
    there = sorted(arrived(stage.probes, stage.kit, run.id, scene.target)) if stage.kit.signal_table else []
    scene.figures["moved_at"] = moved_at
    scene.figures["there"] = frozenset(there)
    if stage.kit.signal_table:
        text = f"{len(there)} of the drill's writes stand in {scene.target}"
        run = stage.runs.add(run, "noted", phase="arrived", text=text, arrived=len(there))
    pause(scene, stage, SETTLE_SECONDS, "probes of the new region")
    trouble = await_answer(scene, stage, scene.target)
    return stage.runs.add(run, "noted", **_as_seen(scene, stage, trouble))


def _as_seen(scene: Scene, stage: Stage, trouble: str) -> dict[str, Any]:
    """The note of what probes saw, at the time of the first of them."""
    if trouble:
        return {"phase": "not seen", "text": f"no probe saw traffic in {scene.target}: {trouble}"}
    first = _first_elsewhere(scene.seen.counted, scene.active)
    if first is None:
        return {"phase": "not seen", "text": f"no probe saw an answer of another region than {scene.active}"}
    text = f"DNS answers {first.region}"
    if stage.kit.shared:
        regions = ", ".join(dict.fromkeys(probe.region for probe in scene.seen.probes if probe.at >= first.at))
        text = f"DNS answers {regions}: none of the last {answers_needed(stage.kit, scene.active)} names {scene.active}"
    return {"phase": "moved", "text": text, "seen_at": first.at.isoformat()}


def _first_elsewhere(probes: Iterable[Probe], active: str) -> Probe | None:
    """The first good answer after the last one that named the region left."""
    first: Probe | None = None
    for probe in probes:
        if probe.region == active or not probe.good:
            first = None
        elif first is None:
            first = probe
    return first


def watch(scene: Scene, run: Run, stage: Stage) -> Run:
    """Route 53 moves traffic by itself; nobody is at the keyboard."""
    seconds, _ = _awaited(scene, stage)
    limit = automatic(stage.kit.rules).seconds
    scene.figures["decision_to_moved_seconds"] = seconds
    scene.limits.append(at_most("fault → traffic moved by itself", seconds, limit))
    return looked(scene, run, stage)


def by_itself(scene: Scene, run: Run, stage: Stage) -> Run:
    """What health checks did where the order could not be carried out, as it was seen."""
    seconds, answered = _awaited(scene, stage)
    if seconds is None:
        text = f"health checks moved nothing: {answered}"
        return stage.runs.add(run, "noted", phase="by itself", text=text)
    text = f"health checks alone moved traffic, as was seen {seconds:.0f} s after the order had failed"
    return looked(scene, stage.runs.add(run, "noted", phase="by itself", text=text), stage)


def _awaited(scene: Scene, stage: Stage) -> tuple[float | None, str]:
    """How long it took until DNS had left the active region, None when it did not; and what DNS answers.

    Health checks go where they go: where that is another region than was expected, it is the one that the drill looks at.
    """
    eyes, limit = stage.eyes(), automatic(stage.kit.rules).seconds
    begun = eyes.world.monotonic()
    while True:
        still, found = _still(scene, stage)
        passed = eyes.world.monotonic() - begun
        if not still:
            scene.target = found or scene.target
            return round(passed, 3), found
        if passed > limit + MARGIN_SECONDS:
            return None, still
        pause(scene, stage, EVERY_SECONDS, f"{still} ({passed:.0f} s of {limit:.0f} s at worst)")


def _still(scene: Scene, stage: Stage) -> tuple[str, str]:
    """What DNS still says of the active region, "" when nothing, and which other region it answers then."""
    eyes, kit = stage.eyes(), stage.kit
    if kit.shared:
        return not_moved_yet(eyes, kit, scene.target, scene.active), ""
    found, said = active_region(eyes, kit)
    return ("", found) if found not in ("", scene.active) else (f"DNS answers {found or said}", "")


def when(data: Mapping[str, Any], world: datetime) -> datetime:
    """The time of a note: when it was seen, where it says so."""
    return datetime.fromisoformat(data["seen_at"]) if data.get("seen_at") else world
