"""Undoes what a drill did, and nothing else, from the drill's journal alone: also after a kill, and as often as needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sbctl.core.aws.error import AwsError
from sbctl.core.moving.run import Run
from sbctl.core.problem import Exit, Problem
from sbctl.drills.bringing_back import TRAFFIC_STAYS, bring_back
from sbctl.drills.calls import stop_callers
from sbctl.drills.context import DrillContext
from sbctl.drills.fault_injection import clear_flag, flag_is_up, heal_all
from sbctl.drills.probing import remove_items
from sbctl.drills.steadiness import wait_steady


@dataclass(frozen=True)
class Restored:
    """The drill's run, and what was left alone: why, and which command does it."""

    run: Run
    left_alone: tuple[Problem, ...] = ()


def restore(run: Run, context: DrillContext, *, cut_off: bool = False) -> Restored:
    """Mend what the drill broke, end what it began, bring traffic back where nothing forbids it, remove what it wrote.

    `cut_off`: the drill's process was killed, and nobody has watched what was done since; every guard of a failback is asked then.
    Raises SbctlError or AwsError when a part cannot be done; done again later, it goes on from there.
    """
    if context.injector is not None:
        heal_all(context.injector, run.faults)
    stop_callers(run, context.simulator)
    left = _flag_down(run, context)
    run = context.runs.add(run, "noted", phase="mended", text="nothing is broken any more")
    try:
        left += bring_back(run, context, cut_off=cut_off)
    finally:
        _clean(run, context)
    return Restored(run, left)


def restore_state(run: Run, context: DrillContext, *, cut_off: bool) -> tuple[Restored, str]:
    """Restore, and wait until the world is steady again; with what is still wrong then, "" when nothing is.

    Where traffic stays by another order, nobody waits for the world as it was before the drill.
    """
    with context.shielded():
        done = restore(run, context, cut_off=cut_off)
        stays = any(one.code == TRAFFIC_STAYS for one in done.left_alone)
        return done, "" if stays else wait_steady(done.run, context)


def is_left(run: Run) -> bool:
    """Whether a drill has left something: it is open, or an order has ended it and nobody has mended what it broke."""
    ended = run.status == "open" or bool(run.fact("superseded_by") and not run.fact("restored"))
    return run.kind == "drill" and ended


def close(done: Restored, trouble: str, context: DrillContext) -> Run:
    """Note in the journal of a drill that was cut off that it is put back, or what still is not."""
    run, left = done.run, [one.as_json() for one in done.left_alone]
    more: dict[str, Any] = {"left_alone": left, "trouble": trouble, "restored": not trouble}
    if run.fact("superseded_by"):
        return context.runs.add(run, "noted", phase="restored", text=trouble or "what it broke is mended", **more)
    result = {"name": run.order.get("name", ""), "outcome": "interrupted", "why": trouble or "it was cut off"}
    return context.runs.add(run, "finished" if not trouble else "noted", **result, **more)


def _flag_down(run: Run, context: DrillContext) -> tuple[Problem, ...]:
    """Lower the drill's own health flag. A region that does not answer keeps it until it ends by itself, and that is said."""
    flag, kit = run.flag, context.kit
    if not flag or not kit.signal_table:
        return ()
    try:
        if flag_is_up(context.probes, kit, flag, run.id):
            clear_flag(context.probes, kit, flag)
    except AwsError as error:
        if not error.unreachable:
            raise
        detail = f"{flag} does not answer; the flag ends by itself a quarter of an hour after the drill raised it"
        return (
            _left("flag-stays", "The health flag of the drill was not lowered", detail, run, "sbctl drill restore"),
        )
    return ()


def _left(code: str, summary: str, detail: str, run: Run, fix: str) -> Problem:
    return Problem(code=code, summary=summary, detail=detail, at=run.id, fix=fix, exit=Exit.DONE)


def _clean(run: Run, context: DrillContext) -> None:
    """Remove the drill's items from every region that answers; from the others the deletion arrives by replication.

    Canaries too: those of a measurement that was made while replication stood still.
    """
    for region in context.kit.by_priority:
        try:
            remove_items(context.probes, context.kit, run.id, region.region)
        except AwsError as error:
            if not error.unreachable:
                raise
    context.sweep()
