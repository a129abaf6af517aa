"""What the signal and its copies say to whoever asks how things are: who was beaten, what is stale, what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sbctl.core.moving.run import Run
from sbctl.core.reading import Reading
from sbctl.failover.decision.snapshot import RegionView, TrafficSnapshot
from sbctl.failover.decision.supersede import elsewhere, signal_of_run, stale_copies
from sbctl.failover.kit.kit import Kit
from sbctl.failover.signal import Signal

COPY = "signal-copy"


def copy_of(view: RegionView, world: TrafficSnapshot) -> Reading:
    """A region's own copy of the signal. It does harm where it names its own region, and a newer one names another."""
    own, newest = view.signal or Signal(), world.signal
    stale = own.region == view.region != newest.region
    detail = f"its copy of the signal still names {view.region} (run {own.run}), the newest names {newest.region or 'nobody'}"
    return Reading(
        check=COPY,
        source=view.region,
        value=own.region,
        verdict="bad" if stale else "ok",
        at=view.at,
        detail=detail if stale else f"its copy of the signal names {own.region or 'nobody'}",
        fix=f"sbctl failover --rejoin {view.region}" if stale else "",
    )


def about_open(kit: Kit, left: Run, data: Mapping[str, Any], health: Mapping[str, str]) -> str:
    """What to do about an open run: go on; leave it for another region when its target is silent; end it when it was beaten."""
    target, signal = str(left.order.get("target")), data["signal_of"]
    if health.get(target) == "silent" and target not in signal["told"]:
        region = elsewhere(left, kit, [code for code, how in health.items() if how == "healthy"])
        if region and health.get(region) == "healthy":
            return f"sbctl failover --to {region} --mode forced"
    if signal["run"] not in ("", left.id) and signal["generation"] >= signal_of_run(left).generation > 0:
        return "sbctl failover --abort"
    return "sbctl failover --abort" if _half_taken_back(left) else "sbctl failover --resume"


def _half_taken_back(left: Run) -> bool:
    """Whether somebody began to take a run back, and was cut off: that was the last thing that was wanted of it."""
    for event in reversed(left.events):
        if event.what in ("resumed", "move-begun", "move-done"):
            return False
        if event.what == "changed" and event.data.get("again"):
            return True
    return False


def left_behind(kit: Kit, own: Sequence[Reading], runs: Sequence[Run], now: datetime) -> list[Reading]:
    """Copies of the signal in regions that are still silent; what a region that answers says of its own counts instead."""
    ended = {run.id: run.events[-1].when(now) for run in runs}
    told = {one.source: one.at for one in own if one.check == COPY}
    return [
        Reading(
            check=COPY,
            source=one.region,
            verdict="late",
            at=now,
            detail=f"{one.region} does not answer; its copy of the signal may still name it (run {one.run}): {one.when_back}",
            fix=one.fix,
        )
        for one in stale_copies(runs, kit)
        if told.get(one.region, ended[one.run]) <= ended[one.run]
    ]


def copies(kit: Kit, world: TrafficSnapshot, runs: Sequence[Run]) -> tuple[Reading, ...]:
    """A reading for the copy of each region that answers, and for each that was left behind in a silent one."""
    own = [copy_of(view, world) for view in world.regions if view.signal is not None]
    return (*own, *left_behind(kit, own, runs, world.at))


def signal_of(own: Iterable[Reading]) -> dict[str, Any]:
    """Whose the newest signal is, its generation, and the regions that told theirs."""
    found = {one.check: one for one in own}
    run = found["signal"].subject if "signal" in found else ""
    generation = found["signal-generation"].value if "signal-generation" in found else 0.0
    return {"run": run, "generation": generation, "told": [one.source for one in own if one.check == COPY]}
