"""Puts the world back as it was before a drill, from the drill's journal alone: also after a kill, and as often as needed."""

from __future__ import annotations

from collections.abc import Callable

from sbctl.core.address import Address
from sbctl.core.aws_error import AwsError
from sbctl.core.events import StepWaiting
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.run import Run
from sbctl.core.worst_case import automatic
from sbctl.drills.context import Stage
from sbctl.drills.fault_injection import flag_is_up, lower_flag, mend
from sbctl.drills.probing import remove_items
from sbctl.failover.decision.observe import look
from sbctl.failover.decision.request import Order
from sbctl.failover.decision.snapshot import World, holder
from sbctl.failover.execution.prepare import prepare
from sbctl.failover.execution.runner import Wishes
from sbctl.failover.execution.tools import Measures
from sbctl.failover.execution.workflow import abort, carry_out
from sbctl.failover.kit.kit import Kit

POLL_SECONDS = 5.0
UNMEASURED = Measures(*([lambda _source, _target: ()] * 4))
PATIENCE_SECONDS = 300.0
"""Of the world's time, on top of the worst case, for a region to be healthy again everywhere."""


def restore(run: Run, stage: Stage) -> Run:
    """Mend what the drill broke, end what it began, bring traffic back, remove what it wrote.

    Raises SbctlError or AwsError when a part cannot be done; done again later, it goes on from there.
    """
    kit, source = stage.kit, str(run.begun.data["source"])
    if stage.havoc is not None:
        mend(stage.havoc, run.begun.data["faults"])
    if run.begun.data["flag"] and flag_is_up(stage.probes, kit, source):
        lower_flag(stage.probes, kit, source)
    run = stage.runs.add(run, "noted", phase="mended", text="nothing is broken any more")
    _end_failover(run, stage)
    _bring_back(run, stage)
    _clean(run, stage)
    return run


def _end_failover(run: Run, stage: Stage) -> None:
    """A failover of this drill that is still open is taken back."""
    left = stage.runs.open()
    if left is None or left.id != run.fact("failover"):
        return
    outcome = abort(left, stage.tools(_never))
    if outcome.stopped_by:
        raise SbctlError(*outcome.stopped_by)


def _bring_back(run: Run, stage: Stage) -> None:
    """Failback, where the drill's failover has been carried out and nobody has undone it."""
    source, name = str(run.begun.data["source"]), run.fact("failover")
    done = next((one for one in stage.runs.all() if one.id == name and one.status == "finished"), None)
    undone = {
        one.order.get("undoes") for one in stage.runs.all() if one.kind == "failback" and one.status == "finished"
    }
    if done is None:
        return
    if not done.acknowledged:
        stage.runs.add(done, "acknowledged", by=stage.by, note=f"part of {run.id}")
    if done.id in undone:
        return
    _until_healthy(source, run, stage)
    order = Order(
        target=source,
        source=str(done.order["target"]),
        mode="planned",
        reason=f"end of {run.id}",
        by=stage.by,
        overridden=("lag", "parity", "active", "from"),
        undoes=done.id,
    )
    # Lag and parity are not asked for: the drill changed no resource, and its items are removed.
    tools = stage.tools(_never, UNMEASURED)
    prepared = prepare(order, tools)
    if not prepared.decision.go:
        raise SbctlError(*prepared.decision.refusals)
    outcome = carry_out(prepared, tools, Wishes())
    if outcome.stopped_by:
        raise SbctlError(*outcome.stopped_by)


def _never() -> bool:
    """A restore is not stopped half way."""
    return False


def _until_healthy(region: str, run: Run, stage: Stage) -> None:
    _until(run, stage, lambda world: "" if world.view(region).health == "healthy" else f"{region} is not healthy yet")


def steady_world(stage: Stage, patience: float) -> tuple[World, str]:
    """The world once it is steady, or when patience ends; with what keeps it from being steady, "" when nothing does."""
    eyes = stage.eyes()
    begun = eyes.world.monotonic()
    while True:
        world = look(stage.eyes(), stage.kit)
        trouble = steady_problem(world, stage.kit, "")
        if not trouble or eyes.world.monotonic() - begun > patience or stage.stopping():
            return world, trouble
        stage.listen(StepWaiting(Address(kind="drill", region="global", name="steady"), trouble, POLL_SECONDS))
        eyes.world.sleep(POLL_SECONDS)


def wait_steady(run: Run, stage: Stage) -> str:
    """Wait until the world is as it was; what is still wrong when patience ends, "" when nothing is."""
    source = str(run.begun.data["source"])
    try:
        _until(run, stage, lambda world: steady_problem(world, stage.kit, source))
    except SbctlError as error:
        return str(error)
    return ""


def _until(run: Run, stage: Stage, trouble_in: Callable[[World], str]) -> None:
    """Look until there is no trouble. Raises SbctlError when patience ends."""
    eyes = stage.eyes()
    limit = automatic(stage.kit.rules).seconds + PATIENCE_SECONDS
    begun = eyes.world.monotonic()
    while True:
        trouble = trouble_in(look(stage.eyes(), stage.kit))
        if not trouble:
            return
        passed = eyes.world.monotonic() - begun
        if passed > limit:
            raise SbctlError(_not_restored(run, f"{trouble}, after {passed:.0f} s"))
        where = Address(kind="drill", region=str(run.begun.data["source"]), name="restore")
        stage.listen(StepWaiting(where, f"{trouble} ({passed:.0f} s)", POLL_SECONDS))
        eyes.world.sleep(POLL_SECONDS)


def steady_problem(world: World, kit: Kit, active: str) -> str:
    """What keeps the world from being steady; "" when every region is healthy and DNS answers the region that it should."""
    if not world.active:
        return world.active_how
    if active and world.active != active:
        return f"DNS answers {world.active} and not {active}"
    sick = [f"{view.region} is {view.health}: {view.detail}" for view in world.regions if view.health != "healthy"]
    if sick:
        return "; ".join(sick)
    expected = holder(kit, world)
    if expected != world.active and kit.strategy == "active-passive":
        return f"DNS answers {world.active}, and {expected} is expected while all regions are healthy"
    return ""


def _not_restored(run: Run, trouble: str) -> Problem:
    return Problem(
        code="not-restored",
        summary="The world is not as it was before the drill",
        detail=trouble,
        at=run.id,
        fix="sbctl drill restore",
        exit=Exit.NOT_HELD,
    )


def _clean(run: Run, stage: Stage) -> None:
    """Remove the drill's items from every region that answers; from the others the deletion arrives by replication.

    Canaries too: those of a measurement that was made while replication stood still.
    """
    for region in stage.kit.by_priority:
        try:
            remove_items(stage.probes, stage.kit, run.id, region.region)
        except AwsError as error:
            if not error.unreachable:
                raise
    stage.sweep()
