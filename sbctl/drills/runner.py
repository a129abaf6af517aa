"""Plays a drill: steady state, breakage, act, limits, restore, steady state. What is broken is mended whatever happens.

The drill is a run like any other: everything is in its journal before it is done, so that the next start can restore what a
killed drill left behind.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sbctl.core.aws.error import AwsError
from sbctl.core.events import PhaseStarted
from sbctl.core.moving.drill import Drill, Level
from sbctl.core.moving.run import Run
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.drills.calls import finish_callers, start_callers, told_callers
from sbctl.drills.context import DrillContext, DrillRun
from sbctl.drills.evaluate import findings
from sbctl.drills.fault_injection import faults_of, set_flag
from sbctl.drills.probing import Probing
from sbctl.drills.restore import restore_state
from sbctl.drills.scenarios import ACTS
from sbctl.drills.steadiness import steady_world
from sbctl.drills.waits import StoppedError, find_baseline, not_steady
from sbctl.failover.data.drill import CUT_OFF, not_seen
from sbctl.failover.decision.snapshot import TrafficSnapshot
from sbctl.failover.kit.kit import Kit
from sbctl.failover.mechanism import mechanism_of

STEADY_SECONDS = 600.0
"""How long a world that is just settling is waited for."""


@dataclass(frozen=True)
class Played:
    """A drill that was played, with its run and the problems that it amounts to."""

    run: Run
    problems: tuple[Problem, ...]


def play(drill: Drill, level: Level, context: DrillContext) -> Played:
    """Play one drill at a level (check, health-flag, full). Raises SbctlError when the world is not steady before it."""
    drill_run = set_scene(drill, level, context)
    with context.shielded():
        return _play(drill_run, context)


def _play(drill_run: DrillRun, context: DrillContext) -> Played:
    drill, level = drill_run.drill, drill_run.level
    name = context.runs.name("drill")
    run = context.runs.begin(
        "drill",
        name,
        order={
            "name": drill.name,
            "level": level,
            "target": drill_run.target,
            "mode": drill.mode,
            "mechanism": mechanism_of(context.kit),
            "by": context.by,
        },
        source=drill_run.active,
        faults=_faults(drill_run, context, name),
        flag=drill_run.active if level == "health-flag" else "",
        evidence={**_evidence(context), "flow_tests": context.flow_tests(drill_run.target)},
    )
    probing = _probing(drill_run, run, context)
    outcome, why = "held", ""
    try:
        run = _act(drill_run, run, context, probing)
    except StoppedError:
        outcome, why = "interrupted", "the operator stopped it"
    except (SbctlError, AwsError) as error:
        outcome, why = "aborted", str(error)
    finally:
        probing.stop()
        finish_callers(drill_run, context)
        run = _restored(drill_run, _as_journaled(run, context), context)
    return _finished(drill_run, run, context, outcome, why)


def _as_journaled(run: Run, context: DrillContext) -> Run:
    """The run with all that was noted until it was cut off. A journal that cannot be read now holds up no restore."""
    with suppress(SbctlError):
        return next((one for one in context.runs.all() if one.id == run.id), run)
    return run


def _probing(drill_run: DrillRun, run: Run, context: DrillContext) -> Probing:
    observer = context.observer()
    return Probing(
        context.kit,
        run.id,
        context.probes,
        context.probe_http,
        observer.dns,
        observer.world,
        drill_run.active,
        drill_run.seen,
    )


def set_scene(drill: Drill, level: Level, context: DrillContext) -> DrillRun:
    """Who plays which part. Raises SbctlError when the world is not steady: a drill would prove nothing then."""
    world, trouble = steady_world(context, STEADY_SECONDS)
    target = next(iter(takers(world, context.kit)), "")
    trouble = trouble or ("" if target else "there is only one region")
    if trouble:
        raise SbctlError(not_steady(drill.name, trouble))
    return DrillRun(drill, level, world.active, target)


def _evidence(context: DrillContext) -> dict[str, Any]:
    """What the page says of where and by whom; its clock begins with this drill."""
    found = dict(context.evidence)
    if "clock" in found:
        found["clock"] = {**found["clock"], "begun_at": context.observer().world.now().isoformat()}
    return found


def takers(world: TrafficSnapshot, kit: Kit) -> list[str]:
    """The regions that can take over from the active one, the first by priority among the healthy ones first.

    One whose traffic the active region has drawn to itself by its signal cannot, as long as nobody can take that signal back.
    """
    others = [one.region for one in kit.by_priority if one.region != world.active]
    drawn = kit.drawn_by(world.active) if world.active and world.signal.region == world.active else frozenset()
    fits = [code for code in others if world.view(code).health == "healthy"]
    return [code for code in fits if code not in drawn] or fits


def _faults(drill_run: DrillRun, context: DrillContext, name: str) -> list[dict[str, Any]]:
    if drill_run.level != "full" or context.injector is None:
        return []
    return faults_of(drill_run.drill.injected, drill_run.active, drill_run.target, name)


def _act(drill_run: DrillRun, run: Run, context: DrillContext, probing: Probing) -> Run:
    if drill_run.level != "check":
        probing.start()
        run = start_callers(drill_run, run, context)
        find_baseline(drill_run, context)
    run = context.runs.add(run, "noted", phase="steady", text="all regions healthy, DNS on the active one")
    act = "watch" if drill_run.level == "health-flag" else drill_run.drill.act
    if act != "hold":
        run = _break(drill_run, run, context)
    context.listen(PhaseStarted(f"{drill_run.drill.name}: {act}"))
    return ACTS["check" if drill_run.level == "check" else act](drill_run, run, context)


def _break(drill_run: DrillRun, run: Run, context: DrillContext) -> Run:
    drill_run.figures["broken_at"] = context.observer().world.now().timestamp()
    for fault in run.faults:
        if context.injector is not None:
            context.injector.add(fault)
    if run.flag:
        set_flag(context.probes, context.kit, drill_run.active, context.observer().world, run.id)
    broken = [_said(fault) for fault in run.faults]
    broken += [f"health flag of {drill_run.active}"] if run.flag else []
    return context.runs.add(run, "noted", phase="fault", text=", ".join(broken) or "nothing is broken")


def _said(fault: dict[str, Any]) -> str:
    parts = [fault["kind"], fault.get("service", ""), fault.get("region", "everywhere")]
    parts += [f"towards {fault['target']}"] if fault.get("target") else []
    return " ".join(part for part in parts if part)


def _restored(drill_run: DrillRun, run: Run, context: DrillContext) -> Run:
    """Mend and go back. A restore that fails is journaled; the next start tries again."""
    context.listen(PhaseStarted(f"{drill_run.drill.name}: restore"))
    left: tuple[Problem, ...] = ()
    try:
        done, trouble = restore_state(run, context, cut_off=False)
        run, left = done.run, done.left_alone
    except (SbctlError, AwsError) as error:
        trouble = str(error)
    text = trouble or "; ".join(f"{one.summary}: {one.detail}" for one in left) or "the world is as before"
    more: dict[str, Any] = {"trouble": trouble, "left_alone": [one.as_json() for one in left]}
    return context.runs.add(run, "noted", phase="restored", text=text, **more)


def _finished(drill_run: DrillRun, run: Run, context: DrillContext, outcome: str, why: str) -> Played:
    called = told_callers(drill_run, context, run.begun.world.timestamp())  # judged with the other limits
    result = {**findings(drill_run, run, context.kit, drill_run.seen), **called}
    result["own_steps"] = drill_run.figures.get("own_steps", [])
    trouble = str(run.fact("trouble") or "")
    if trouble and outcome == "held":
        outcome, why = "aborted", f"not restored: {trouble}"
    if outcome == "held" and not all(limit["held"] for limit in result["limits"]):
        outcome = "deviated"
    result |= {"outcome": outcome, "why": why, "restored": not trouble, "left_alone": run.fact("left_alone")}
    run = context.runs.add(run, "finished" if not trouble else "noted", **result)
    return Played(run, tuple(_problems(run, result)))


def _problems(run: Run, result: dict[str, Any]) -> list[Problem]:
    found = []
    for limit in result["limits"]:
        if not limit["held"] and not not_seen(result["outcome"], limit):
            seen, unit = limit["value"], limit["unit"]
            value = "unknown" if seen is None else seen if isinstance(seen, str) else f"{seen} {unit}".strip()
            found.append(
                Problem(
                    code="drill-deviated",
                    summary="A limit of the drill did not hold",
                    detail=f"{limit['name']}: {value}, allowed {limit['limit']} {unit}".strip(),
                    at=run.id,
                    fix=f"sbctl history show {run.id}",
                    exit=Exit.NOT_HELD,
                )
            )
    if result["outcome"] in CUT_OFF:
        code = Exit.INTERRUPTED if result["outcome"] == "interrupted" else Exit.NOT_HELD
        found.append(
            Problem(
                code=f"drill-{result['outcome']}",
                summary="The drill did not finish",
                detail=result["why"],
                at=run.id,
                fix="What was broken is mended." if result["restored"] else "sbctl drill restore",
                exit=code,
            )
        )
    return found
