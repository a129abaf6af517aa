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
from sbctl.drills.answers import StoppedError, find_baseline, not_steady
from sbctl.drills.context import Scene, Stage
from sbctl.drills.evaluate import findings
from sbctl.drills.fault_injection import faults_of, raise_flag
from sbctl.drills.probing import Probing
from sbctl.drills.restore import put_back
from sbctl.drills.scenarios import ACTS
from sbctl.drills.steadiness import steady_world
from sbctl.failover.data.drill import CUT_OFF, not_seen
from sbctl.failover.decision.snapshot import World
from sbctl.failover.kit.kit import Kit
from sbctl.failover.mechanism import mechanism_of

STEADY_SECONDS = 600.0
"""How long a world that is just settling is waited for."""


@dataclass(frozen=True)
class Played:
    """A drill that was played, with its run and the problems that it amounts to."""

    run: Run
    problems: tuple[Problem, ...]


def play(drill: Drill, level: Level, stage: Stage) -> Played:
    """Play one drill at a level (check, health-flag, full). Raises SbctlError when the world is not steady before it."""
    scene = set_scene(drill, level, stage)
    with stage.shielded():
        return _play(scene, stage)


def _play(scene: Scene, stage: Stage) -> Played:
    drill, level = scene.drill, scene.level
    name = stage.runs.name("drill")
    run = stage.runs.begin(
        "drill",
        name,
        order={
            "name": drill.name,
            "level": level,
            "target": scene.target,
            "mode": drill.mode,
            "mechanism": mechanism_of(stage.kit),
            "by": stage.by,
        },
        source=scene.active,
        faults=_faults(scene, stage, name),
        flag=scene.active if level == "health-flag" else "",
        evidence=_evidence(stage),
    )
    probing = _probing(scene, run, stage)
    outcome, why = "held", ""
    try:
        run = _act(scene, run, stage, probing)
    except StoppedError:
        outcome, why = "interrupted", "the operator stopped it"
    except (SbctlError, AwsError) as error:
        outcome, why = "aborted", str(error)
    finally:
        probing.stop()
        run = _restored(scene, _as_journaled(run, stage), stage)
    return _finished(scene, run, stage, outcome, why)


def _as_journaled(run: Run, stage: Stage) -> Run:
    """The run with all that was noted until it was cut off. A journal that cannot be read now holds up no restore."""
    with suppress(SbctlError):
        return next((one for one in stage.runs.all() if one.id == run.id), run)
    return run


def _probing(scene: Scene, run: Run, stage: Stage) -> Probing:
    eyes = stage.eyes()
    return Probing(stage.kit, run.id, stage.probes, stage.probe_http, eyes.dns, eyes.world, scene.active, scene.seen)


def set_scene(drill: Drill, level: Level, stage: Stage) -> Scene:
    """Who plays which part. Raises SbctlError when the world is not steady: a drill would prove nothing then."""
    world, trouble = steady_world(stage, STEADY_SECONDS)
    target = next(iter(takers(world, stage.kit)), "")
    trouble = trouble or ("" if target else "there is only one region")
    if trouble:
        raise SbctlError(not_steady(drill.name, trouble))
    return Scene(drill, level, world.active, target)


def _evidence(stage: Stage) -> dict[str, Any]:
    """What the page says of where and by whom; its clock begins with this drill."""
    found = dict(stage.evidence)
    if "clock" in found:
        found["clock"] = {**found["clock"], "begun_at": stage.eyes().world.now().isoformat()}
    return found


def takers(world: World, kit: Kit) -> list[str]:
    """The regions that can take over from the active one, the first by priority among the healthy ones first.

    One whose traffic the active region has drawn to itself by its signal cannot, as long as nobody can take that signal back.
    """
    others = [one.region for one in kit.by_priority if one.region != world.active]
    drawn = kit.drawn_by(world.active) if world.active and world.signal.region == world.active else frozenset()
    fits = [code for code in others if world.view(code).health == "healthy"]
    return [code for code in fits if code not in drawn] or fits


def _faults(scene: Scene, stage: Stage, name: str) -> list[dict[str, Any]]:
    if scene.level != "full" or stage.havoc is None:
        return []
    return faults_of(scene.drill.breakages, scene.active, scene.target, name)


def _act(scene: Scene, run: Run, stage: Stage, probing: Probing) -> Run:
    if scene.level != "check":
        probing.start()
        find_baseline(scene, stage)
    run = stage.runs.add(run, "noted", phase="steady", text="all regions healthy, DNS on the active one")
    act = "watch" if scene.level == "health-flag" else scene.drill.act
    if act != "hold":
        run = _break(scene, run, stage)
    stage.listen(PhaseStarted(f"{scene.drill.name}: {act}"))
    return ACTS["check" if scene.level == "check" else act](scene, run, stage)


def _break(scene: Scene, run: Run, stage: Stage) -> Run:
    for fault in run.faults:
        if stage.havoc is not None:
            stage.havoc.add(fault)
    if run.flag:
        raise_flag(stage.probes, stage.kit, scene.active, stage.eyes().world, run.id)
    broken = [_said(fault) for fault in run.faults]
    broken += [f"health flag of {scene.active}"] if run.flag else []
    return stage.runs.add(run, "noted", phase="fault", text=", ".join(broken) or "nothing is broken")


def _said(fault: dict[str, Any]) -> str:
    parts = [fault["kind"], fault.get("service", ""), fault.get("region", "everywhere")]
    parts += [f"towards {fault['target']}"] if fault.get("target") else []
    return " ".join(part for part in parts if part)


def _restored(scene: Scene, run: Run, stage: Stage) -> Run:
    """Mend and go back. A restore that fails is journaled; the next start tries again."""
    stage.listen(PhaseStarted(f"{scene.drill.name}: restore"))
    left: tuple[Problem, ...] = ()
    try:
        done, trouble = put_back(run, stage, cut_off=False)
        run, left = done.run, done.left_alone
    except (SbctlError, AwsError) as error:
        trouble = str(error)
    text = trouble or "; ".join(f"{one.summary}: {one.detail}" for one in left) or "the world is as before"
    more: dict[str, Any] = {"trouble": trouble, "left_alone": [one.as_json() for one in left]}
    return stage.runs.add(run, "noted", phase="restored", text=text, **more)


def _finished(scene: Scene, run: Run, stage: Stage, outcome: str, why: str) -> Played:
    result = findings(scene, run, stage.kit, scene.seen)
    trouble = str(run.fact("trouble") or "")
    if trouble and outcome == "held":
        outcome, why = "aborted", f"not restored: {trouble}"
    if outcome == "held" and not all(limit["held"] for limit in result["limits"]):
        outcome = "deviated"
    result |= {"outcome": outcome, "why": why, "restored": not trouble, "left_alone": run.fact("left_alone")}
    run = stage.runs.add(run, "finished" if not trouble else "noted", **result)
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
