"""Waits of a drill for what callers get: a good answer before anything is broken, and one of the region that took over."""

from __future__ import annotations

from sbctl.core.address import Address
from sbctl.core.events import StepWaiting
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.drills.context import Scene, Stage
from sbctl.drills.probing import EVERY_SECONDS
from sbctl.failover.decision.observe import answers_needed

BASELINE_SECONDS = 10.0
"""Of steady state before anything is broken."""
PATIENCE_SECONDS = 120.0
"""For an answer: a health function keeps what it found for seconds of real time, and those are long in a fast world."""


class StoppedError(Exception):
    """The operator stopped the drill."""


def pause(scene: Scene, stage: Stage, seconds: float, reason: str) -> None:
    """Wait on the world's clock, in slices, so that Ctrl-C ends it. Raises StoppedError."""
    world = stage.eyes().world
    left = seconds
    while left > 0:
        if stage.stopping():
            raise StoppedError
        stage.listen(StepWaiting(Address(kind="drill", region=scene.target, name=scene.drill.name), reason, left))
        world.sleep(min(left, EVERY_SECONDS))
        left -= EVERY_SECONDS


def await_answer(scene: Scene, stage: Stage, region: str) -> str:
    """Wait until probes got good answers of a region; what they got instead when patience ends, "" when they did.

    Where traffic is shared, one good answer says that callers are answered; that a region is left is seen in enough of them.
    """
    waited, needed = 0.0, 1
    if stage.kit.shared and region != scene.active:
        needed = answers_needed(stage.kit, scene.active)
    while trouble := _trouble(scene, stage, region, needed):
        if waited >= PATIENCE_SECONDS + 2 * EVERY_SECONDS * needed:
            return trouble
        pause(scene, stage, EVERY_SECONDS, f"a good answer of {region}; {trouble}")
        waited += EVERY_SECONDS
    return ""


def _trouble(scene: Scene, stage: Stage, region: str, needed: int) -> str:
    last = scene.seen.probes[-needed:]
    if not last:
        return "nobody has asked yet"
    bad = next((probe for probe in reversed(last) if not probe.good), None)
    if bad is not None:
        return f"callers of {bad.region or region} get {bad.why}"
    if not stage.kit.shared:
        return "" if last[-1].region == region else f"DNS answers {last[-1].region}"
    if region == scene.active:
        return ""
    if any(probe.region == scene.active for probe in last):
        return f"DNS answers {scene.active}"
    return "" if len(last) == needed else f"{len(last)} of {needed} answers are there"


def find_baseline(scene: Scene, stage: Stage) -> None:
    """Let callers be answered well, and count from the last such answer on.

    Raises SbctlError when they are not: nobody could say then for how long the drill left them without an answer.
    """
    pause(scene, stage, BASELINE_SECONDS, "answers before anything is broken")
    trouble = await_answer(scene, stage, scene.active)
    if trouble:
        raise SbctlError(not_steady(scene.drill.name, trouble))
    scene.seen.settle()


def not_steady(drill: str, trouble: str) -> Problem:
    """Why a drill does not begin."""
    return Problem(
        code="not-steady",
        summary="The deployment is not healthy; drill not started",
        detail=trouble,
        at=drill,
        fix="sbctl status shows what is wrong; correct it and drill again.",
        exit=Exit.REFUSED,
    )
