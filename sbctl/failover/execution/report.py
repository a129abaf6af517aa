"""What a failover tells: its decision before, its steps and clocks after, and what it did not move."""

from __future__ import annotations

from typing import Any

from sbctl.core.moving.run import Run
from sbctl.failover.data.failover import FailoverTold
from sbctl.failover.decision.not_moved import not_moved
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.decision.snapshot import TrafficSnapshot
from sbctl.failover.decision.supersede import gave_signal, stale
from sbctl.failover.execution.prepare import Prepared
from sbctl.failover.execution.runner import steps_of
from sbctl.failover.execution.tools import Tools
from sbctl.failover.execution.workflow import replaced_run
from sbctl.failover.kit.kit import Kit
from sbctl.failover.mechanism import RunStep


def of_prepared(prepared: Prepared, kit: Kit, **more: Any) -> FailoverTold:
    """A failover that has not begun."""
    order, decision = prepared.order, prepared.decision
    told = {
        "from": decision.source,
        "to": order.target,
        "mode": order.mode,
        "mechanism": order.mechanism,
        "decision": decision.as_json(),
        "moves": [step.as_json() for step in prepared.steps],
        "rto_seconds": None,
        "since_last_good_seconds": None,
        "estimated_loss": decision.loss.model_dump(),
        "objectives": kit.rules.objectives.model_dump(),
        "before": world_rows(prepared.world, kit),
        "not_moved": [one.model_dump() for one in not_moved(kit, order, decision.source)],
        "left_behind": _left_behind(prepared.left, kit, order.target),
    }
    return FailoverTold.model_validate({**told, **more})


def of_run(run: Run, tools: Tools, after: TrafficSnapshot | None, **more: Any) -> FailoverTold:
    """A run as it is now, with the last look at the world where it has ended."""
    left = replaced_run(run, tools.runs)
    told = _of_run(run, tools.kit, after)
    return FailoverTold.model_validate({**told, "left_behind": left_behind(run, left, tools.kit), **more})


def left_behind(run: Run, left: Run | None, kit: Kit) -> dict[str, Any] | None:
    """What a run that took the place of `left` could not undo; None where there is nothing, or where it gave way itself."""
    return None if run.status == "aborted" else _left_behind(left, kit, str(run.order["target"]))


def _left_behind(left: Run | None, kit: Kit, target: str) -> dict[str, Any] | None:
    if left is None or left.order.get("drill") or left.order["target"] == target:
        return None  # what a drill has left answers, and is no lost target
    region = str(left.order["target"])
    found = (
        stale(kit, region, left.id, target).model_dump() if gave_signal(left) else {"region": region, "run": left.id}
    )
    return {"when_back": "", "fix": "", **found}


def _of_run(run: Run, kit: Kit, after: TrafficSnapshot | None) -> dict[str, Any]:
    """A run, as far as it has come."""
    order = FailoverRequest.model_validate(run.order)
    source = run.source
    return {
        "run": run.id,
        "status": run.status,
        "from": source,
        "to": order.target,
        "mode": order.mode,
        "mechanism": order.mechanism,
        "reason": order.reason,
        "by": order.by,
        "undoes": order.undoes,
        "begun_at": run.begun.at.isoformat(),
        "decision": run.begun.data["decision"],
        "moves": [step_row(run, step) for step in steps_of(run)],
        "rto_seconds": run.result.get("rto_seconds"),
        "since_last_good_seconds": run.result.get("since_last_good_seconds"),
        "estimated_loss": run.begun.data["loss"],
        "objectives": kit.rules.objectives.model_dump(),
        "after": world_rows(after, kit) if after else [],
        "not_moved": [one.model_dump() for one in not_moved(kit, order, source)],
        "acknowledged": run.acknowledged,
    }


def step_row(run: Run, step: RunStep) -> dict[str, Any]:
    """A step of a run as JSON: what it is, and how far it has come."""
    return step.as_json(**_progress(run, step.name))


def world_rows(world: TrafficSnapshot, kit: Kit) -> list[dict[str, Any]]:
    """The regions as they were seen."""
    rows = []
    for region in kit.by_priority:
        role = "active" if region.region in (world.active, *world.serving) else "standby"
        rows.append(world.view(region.region).as_json(role, world.at))
    return rows


_WORDS = {"move-begun": "begun", "move-done": "done", "move-failed": "failed", "move-skipped": "skipped"}


def _progress(run: Run, move: str) -> dict[str, Any]:
    """How far a move has come, how long it took on the world's clock, what it said, and what it waits for."""
    events = [event for event in run.events if event.move == move]
    found: dict[str, Any] = {"status": "planned", "seconds": None, "reason": ""}
    began = None
    for event in events:
        if event.data.get("undone"):
            found["status"] = "undone"
        found["status"] = _WORDS.get(event.what, found["status"])
        found["reason"] = str(event.data.get("reason", "")) if event.what in ("move-failed", "paused") else ""
        if event.what == "move-begun":
            began = began or event.world
        if event.what == "move-done" and began is not None:
            found["seconds"] = round((event.world - began).total_seconds(), 3)
        if event.what in ("move-done", "move-failed") and "attempts" in event.data:
            found |= {"seconds": event.data["real_seconds"], "attempts": event.data["attempts"]}
            found["output"] = str(event.data.get("output", ""))
    return found
