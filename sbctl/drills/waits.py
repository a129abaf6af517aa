"""Waits of a drill for what callers get: a good answer before anything is broken, and one of the region that took over."""

from __future__ import annotations

from sbctl.core.address import Address
from sbctl.core.events import StepWaiting
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.drills.context import DrillContext, DrillRun
from sbctl.drills.probing import EVERY_SECONDS
from sbctl.failover.decision.observe import answers_needed

BASELINE_SECONDS = 10.0
"""Of steady state before anything is broken."""
PATIENCE_SECONDS = 120.0
"""For an answer: a health function keeps what it found for seconds of real time, and those are long in a fast world."""


class StoppedError(Exception):
    """The operator stopped the drill."""


def pause(drill_run: DrillRun, context: DrillContext, seconds: float, reason: str) -> None:
    """Wait on the world's clock, in slices, so that Ctrl-C ends it. Raises StoppedError."""
    world = context.observer().world
    left = seconds
    while left > 0:
        if context.stopping():
            raise StoppedError
        context.listen(
            StepWaiting(Address(kind="drill", region=drill_run.target, name=drill_run.drill.name), reason, left)
        )
        world.sleep(min(left, EVERY_SECONDS))
        left -= EVERY_SECONDS


def await_answer(drill_run: DrillRun, context: DrillContext, region: str) -> str:
    """Wait until probes got good answers of a region; what they got instead when patience ends, "" when they did.

    Where traffic is shared, one good answer says that callers are answered; that a region is left is seen in enough of them.
    """
    waited, needed = 0.0, 1
    if context.kit.shared and region != drill_run.active:
        needed = answers_needed(context.kit, drill_run.active)
    while trouble := _trouble(drill_run, context, region, needed):
        if waited >= PATIENCE_SECONDS + 2 * EVERY_SECONDS * needed:
            return trouble
        pause(drill_run, context, EVERY_SECONDS, f"a good answer of {region}; {trouble}")
        waited += EVERY_SECONDS
    return ""


def _trouble(drill_run: DrillRun, context: DrillContext, region: str, needed: int) -> str:
    last = drill_run.seen.probes[-needed:]
    if not last:
        return "nobody has asked yet"
    bad = next((probe for probe in reversed(last) if not probe.good), None)
    if bad is not None:
        return f"callers of {bad.region or region} get {bad.why}"
    if not context.kit.shared:
        return "" if last[-1].region == region else f"DNS answers {last[-1].region}"
    if region == drill_run.active:
        return ""
    if any(probe.region == drill_run.active for probe in last):
        return f"DNS answers {drill_run.active}"
    return "" if len(last) == needed else f"{len(last)} of {needed} answers are there"


def find_baseline(drill_run: DrillRun, context: DrillContext) -> None:
    """Let callers be answered well, and count from the last such answer on.

    Raises SbctlError when they are not: nobody could say then for how long the drill left them without an answer.
    """
    pause(drill_run, context, BASELINE_SECONDS, "answers before anything is broken")
    trouble = await_answer(drill_run, context, drill_run.active)
    if trouble:
        raise SbctlError(not_steady(drill_run.drill.name, trouble))
    drill_run.seen.settle()


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
