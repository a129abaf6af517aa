"""Waits of a drill for what callers get: a good answer before anything is broken, and one of the region that took over."""

from __future__ import annotations

from sbctl.core.address import Address
from sbctl.core.events import StepWaiting
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.drills.context import Scene, Stage
from sbctl.drills.probing import EVERY_SECONDS

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
    """Wait until the last probe got a good answer of a region; what it got instead when patience ends, "" when it did."""
    waited = 0.0
    while trouble := _trouble(scene, region):
        if waited >= PATIENCE_SECONDS:
            return trouble
        pause(scene, stage, EVERY_SECONDS, f"a good answer of {region}; {trouble}")
        waited += EVERY_SECONDS
    return ""


def _trouble(scene: Scene, region: str) -> str:
    if not scene.seen.probes:
        return "nobody has asked yet"
    last = scene.seen.probes[-1]
    if not last.good:
        return f"callers of {last.region or region} get {last.why}"
    return "" if last.region == region else f"DNS answers {last.region}"


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
        summary="The world is not steady, so a drill would prove nothing",
        detail=trouble,
        at=drill,
        fix="sbctl status; put it right and drill again.",
        exit=Exit.REFUSED,
    )
