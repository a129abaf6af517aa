"""Waits until the world is steady: all regions healthy, and DNS where it belongs."""

from __future__ import annotations

from collections.abc import Callable

from sbctl.core.address import Address
from sbctl.core.events import StepWaiting
from sbctl.core.moving.recovery_bound import automatic
from sbctl.core.moving.run import Run
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.drills.context import DrillContext
from sbctl.failover.decision.observe import look
from sbctl.failover.decision.snapshot import SHARED, TrafficSnapshot, holder
from sbctl.failover.kit.kit import Kit

POLL_SECONDS = 5.0
PATIENCE_SECONDS = 300.0
"""Of the world's time, on top of the worst case, for a region to be healthy again everywhere."""


def steady_world(context: DrillContext, patience: float) -> tuple[TrafficSnapshot, str]:
    """The world once it is steady, or when patience ends; with what keeps it from being steady, "" when nothing does."""
    observer = context.observer()
    begun = observer.world.monotonic()
    while True:
        world = look(context.observer(), context.kit)
        trouble = steady_problem(world, context.kit, "")
        if not trouble or observer.world.monotonic() - begun > patience or context.stopping():
            return world, trouble
        context.listen(StepWaiting(Address(kind="drill", region="global", name="steady"), trouble, POLL_SECONDS))
        observer.world.sleep(POLL_SECONDS)


def wait_steady(run: Run, context: DrillContext) -> str:
    """Wait until the world is as it was; what is still wrong when patience ends, "" when nothing is."""
    source = run.source
    try:
        wait_until(run, context, lambda world: steady_problem(world, context.kit, source))
    except SbctlError as error:
        return "; ".join(problem.detail or problem.summary for problem in error.problems)
    return ""


def wait_healthy(region: str, run: Run, context: DrillContext) -> None:
    """Wait until a region is healthy. Raises SbctlError when patience ends."""
    wait_until(
        run, context, lambda world: "" if world.view(region).health == "healthy" else f"{region} is not healthy yet"
    )


def wait_until(run: Run, context: DrillContext, trouble_in: Callable[[TrafficSnapshot], str]) -> None:
    """Look until there is no trouble. Raises SbctlError when patience ends."""
    observer = context.observer()
    limit = automatic(context.kit.rules).seconds + PATIENCE_SECONDS
    begun = observer.world.monotonic()
    while True:
        trouble = trouble_in(look(context.observer(), context.kit))
        if not trouble:
            return
        passed = observer.world.monotonic() - begun
        if passed > limit:
            raise SbctlError(not_restored(run, f"{trouble}, after {passed:.0f} s"))
        where = Address(kind="drill", region=run.source, name="restore")
        context.listen(StepWaiting(where, f"{trouble} ({passed:.0f} s)", POLL_SECONDS))
        observer.world.sleep(POLL_SECONDS)


def steady_problem(world: TrafficSnapshot, kit: Kit, active: str) -> str:
    """What keeps the world from being steady; "" when every region is healthy and DNS answers the region that it should."""
    if not world.active:
        return world.active_how
    shared = kit.strategy == SHARED
    if active and world.active != active and not shared:
        return f"DNS answers {world.active} and not {active}"
    sick = [f"{view.region} is {view.health}: {view.detail}" for view in world.regions if view.health != "healthy"]
    if sick:
        return "; ".join(sick)
    expected = holder(kit, world)
    if expected != world.active and not shared:
        return f"DNS answers {world.active}, and {expected} is expected while all regions are healthy"
    return ""


def not_restored(run: Run, trouble: str, fix: str = "sbctl drill restore") -> Problem:
    """The problem of a drill that could not be put back, or not yet."""
    return Problem(
        code="not-restored",
        summary="The world is not as it was before the drill",
        detail=trouble,
        at=run.id,
        fix=fix,
        exit=Exit.NOT_HELD,
    )
