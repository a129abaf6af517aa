"""What the signal tells of a failover whose journal is elsewhere or gone: enough to resume it, and to return from it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sbctl.core.moving.recovery_bound import commanded
from sbctl.core.moving.run import Kind, Run
from sbctl.failover.decision.data_loss import Loss
from sbctl.failover.decision.observe import Observer, active_region, look
from sbctl.failover.decision.rehearsals import stands
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.decision.snapshot import TrafficSnapshot
from sbctl.failover.execution.open_runs import Runs
from sbctl.failover.kit.kit import Kit
from sbctl.failover.mechanism import mechanism_named
from sbctl.failover.own.placing import with_own
from sbctl.failover.signal import Signal

NAME = re.compile(r"(failover|failback)-[A-Za-z0-9-]{1,80}")
"""The id of a run. It names a file, and a signal may hold anything."""
MECHANISM = "standby-takeover"


def away_elsewhere(signal: Signal, kit: Kit, runs: Iterable[Run]) -> bool:
    """Whether traffic was taken from the primary by an order that no run here is about, or that a drill's restore renewed."""
    served = {region.region for region in kit.regions}
    known = [*runs]
    if signal.region not in served - {kit.primary.region}:
        return False
    ours = any(stands(run, known) and run.order.get("target") == signal.region for run in known)
    return not ours or signal.run not in {run.id for run in known}


def left_by_signal(observer: Observer, kit: Kit, runs: Runs) -> tuple[TrafficSnapshot, Signal] | None:
    """A signal of a failover or failback that no journal here is about; None where there is nothing to go on with.

    While DNS does not show its region, the region that DNS answers is the one that such a run leaves: it is not asked anything.
    Where that finds nothing and DNS answers a standby, that may be the region of the signal: it alone is asked.
    """
    if not kit.signal_table:
        return None
    active, _ = active_region(observer, kit)
    on_its_way = look(observer, kit, frozenset({active or kit.primary.region}))
    if on_its_way.signal.region != active and _unknown_here(on_its_way.signal, kit, runs):
        return on_its_way, on_its_way.signal
    if active in ("", kit.primary.region):
        return None
    arrived = look(observer, kit, frozenset(region.region for region in kit.regions if region.region != active))
    if arrived.signal.region == active and _unknown_here(arrived.signal, kit, runs):
        return arrived, arrived.signal
    return None


def _unknown_here(signal: Signal, kit: Kit, runs: Runs) -> bool:
    served = {region.region for region in kit.regions}
    known = {run.id for run in runs.all()}
    return signal.region in served and signal.run not in known and _kind(signal) is not None


def rebuilt(world: TrafficSnapshot, signal: Signal, kit: Kit, runs: Runs, mode: str) -> Run:
    """A run with which the order of a signal is gone on with, its first event written.

    It knows neither why nor when the order was decided, so that it measures no RTO.
    """
    source = world.active if world.active not in ("", signal.region) else _other(kit, signal.region)
    order = FailoverRequest.model_validate(
        {"target": signal.region, "source": source, "mode": mode, "mechanism": MECHANISM, "by": signal.by}
    )
    steps = with_own(mechanism_named(MECHANISM).steps(order, kit, world, signal), order, kit, source)
    expected = commanded(kit.rules)
    return runs.begin(
        _kind(signal) or "failover",
        signal.run,
        order=order.model_dump(mode="json"),
        source=source,
        decision={
            "go": True,
            "sentence": f"The signal names {signal.region} by order of {signal.by}, at {signal.at}.",
            "overridden": [],
            "evidence": [world.active_how],
            "expected_seconds": expected.seconds,
            "expected_parts": [part.model_dump() for part in expected.parts],
        },
        loss=_unknown_loss().model_dump(),
        signal=signal.as_json(),
        known=signal.generation,
        previous="",
        last_good=None,
        kit_serial=kit.serial,
        moves=[step.model_dump(mode="json", exclude_defaults=True) for step in steps],
        rebuilt=True,
    )


def told(signal: Signal) -> dict[str, Any]:
    """The signal for JSON data of a command that works from it."""
    return {"region": signal.region, "run": signal.run, "by": signal.by, "at": signal.at}


def _kind(signal: Signal) -> Kind | None:
    """What the run of a signal was; a drill restores itself."""
    kinds: dict[str, Kind] = {"failover": "failover", "failback": "failback"}
    found = NAME.fullmatch(signal.run)
    return kinds[found[1]] if found else None


def _other(kit: Kit, region: str) -> str:
    return next((one.region for one in kit.by_priority if one.region != region), region)


def _unknown_loss() -> Loss:
    return Loss(basis="not known: the run was rebuilt from its signal")
