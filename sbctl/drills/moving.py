"""What a drill sees of moved traffic: by its order, or by health checks alone. Nothing is noted that no probe saw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sbctl.core.moving.recovery_bound import automatic
from sbctl.core.moving.run import Run
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES
from sbctl.drills.context import DrillContext, DrillRun, at_most, equal
from sbctl.drills.probing import EVERY_SECONDS, Probe, arrived
from sbctl.drills.waits import await_answer, pause
from sbctl.failover.decision.observe import active_region, answers_needed, not_moved_yet
from sbctl.failover.execution.runner import RunOutcome

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


def moved(drill_run: DrillRun, run: Run, context: DrillContext, outcome: RunOutcome) -> Run:
    """What became of the drill's order."""
    result = outcome.run.result
    expected = float(outcome.run.begun.data["decision"]["expected_seconds"])
    drill_run.figures["decision_to_moved_seconds"] = result.get("rto_seconds")
    drill_run.limits.append(at_most("decision → traffic moved", result.get("rto_seconds"), expected))
    if outcome.finished:
        return looked(drill_run, run, context)
    why = "; ".join(problem.detail for problem in outcome.problems)
    run = context.runs.add(run, "noted", phase="stuck", text=f"{outcome.run.id} did not finish: {why}")
    plane = lost_plane(run)
    if not plane:
        return run
    drill_run.limits.append(equal("the order is carried out by records", plane, "yes"))
    run = context.runs.add(run, "noted", phase="stuck", text=plane)
    return by_itself(drill_run, run, context)


def looked(drill_run: DrillRun, run: Run, context: DrillContext) -> Run:
    """Look up which writes stand in the region that took over, the moment traffic has moved, and wait for what probes see.

    Where nothing is lost, what was under way at that moment is given its time to arrive: it does, since both regions work.
    """
    world = context.observer().world
    moved_at = world.now()
    if drill_run.drill.lossless or drill_run.drill.act == "watch":
        pause(drill_run, context, SETTLE_SECONDS, "the last writes arriving")
    there = sorted(arrived(context.probes, context.kit, run.id, drill_run.target)) if context.kit.signal_table else []
    drill_run.figures["moved_at"] = moved_at
    drill_run.figures["there"] = frozenset(there)
    if context.kit.signal_table:
        text = f"{len(there)} of the drill's writes stand in {drill_run.target}"
        run = context.runs.add(run, "noted", phase="arrived", text=text, arrived=len(there))
    pause(drill_run, context, SETTLE_SECONDS, "probes of the new region")
    trouble = await_answer(drill_run, context, drill_run.target)
    return context.runs.add(run, "noted", **_as_seen(drill_run, context, trouble))


def _as_seen(drill_run: DrillRun, context: DrillContext, trouble: str) -> dict[str, Any]:
    """The note of what probes saw, at the time of the first of them."""
    if trouble:
        return {"phase": "not seen", "text": f"no probe saw traffic in {drill_run.target}: {trouble}"}
    first = _first_elsewhere(drill_run.seen.counted, drill_run.active)
    if first is None:
        return {"phase": "not seen", "text": f"no probe saw an answer of another region than {drill_run.active}"}
    text = f"DNS answers {first.region}"
    if context.kit.shared:
        regions = ", ".join(dict.fromkeys(probe.region for probe in drill_run.seen.probes if probe.at >= first.at))
        text = f"DNS answers {regions}: none of the last {answers_needed(context.kit, drill_run.active)} names {drill_run.active}"
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


def watch(drill_run: DrillRun, run: Run, context: DrillContext) -> Run:
    """Route 53 moves traffic by itself; nobody is at the keyboard."""
    seconds, _ = _awaited(drill_run, context)
    limit = automatic(context.kit.rules).seconds
    drill_run.figures["decision_to_moved_seconds"] = seconds
    drill_run.limits.append(at_most("fault → traffic moved by itself", seconds, limit))
    return looked(drill_run, run, context)


def by_itself(drill_run: DrillRun, run: Run, context: DrillContext) -> Run:
    """What health checks did where the order could not be carried out, as it was seen."""
    seconds, answered = _awaited(drill_run, context)
    if seconds is None:
        text = f"health checks moved nothing: {answered}"
        return context.runs.add(run, "noted", phase="by itself", text=text)
    text = f"health checks alone moved traffic, as was seen {seconds:.0f} s after the order had failed"
    return looked(drill_run, context.runs.add(run, "noted", phase="by itself", text=text), context)


def _awaited(drill_run: DrillRun, context: DrillContext) -> tuple[float | None, str]:
    """How long it took until DNS had left the active region, None when it did not; and what DNS answers.

    Health checks go where they go: where that is another region than was expected, it is the one that the drill looks at.
    """
    observer, limit = context.observer(), automatic(context.kit.rules).seconds
    begun = observer.world.monotonic()
    while True:
        still, found = _still(drill_run, context)
        passed = observer.world.monotonic() - begun
        if not still:
            drill_run.target = found or drill_run.target
            return round(passed, 3), found
        if passed > limit + MARGIN_SECONDS:
            return None, still
        pause(drill_run, context, EVERY_SECONDS, f"{still} ({passed:.0f} s of {limit:.0f} s at worst)")


def _still(drill_run: DrillRun, context: DrillContext) -> tuple[str, str]:
    """What DNS still says of the active region, "" when nothing, and which other region it answers then."""
    observer, kit = context.observer(), context.kit
    if kit.shared:
        return not_moved_yet(observer, kit, drill_run.target, drill_run.active), ""
    found, said = active_region(observer, kit)
    return ("", found) if found not in ("", drill_run.active) else (f"DNS answers {found or said}", "")


def when(data: Mapping[str, Any], world: datetime) -> datetime:
    """The time of a note: when it was seen, where it says so."""
    return datetime.fromisoformat(data["seen_at"]) if data.get("seen_at") else world
