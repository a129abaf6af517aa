"""What an operator wants to know at a glance, put together from readings, however old, and from the runs so far.

The same readings are shown from the cache and fresh from a look at the world; each carries its age.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sbctl.core.moving.run import Run, latest, open_run
from sbctl.core.reading import Reading, worst_verdict
from sbctl.failover.decision.snapshot import SHARED
from sbctl.failover.guidance.faults import RECORDS, SHOWN, Kept, counting, events, faults
from sbctl.failover.guidance.looks import ACTIVE, ANSWER, HEALTH, SERVING, measured
from sbctl.failover.guidance.looks import good_now as good_now
from sbctl.failover.guidance.looks import last_good as last_good
from sbctl.failover.guidance.looks import readings_of as readings_of
from sbctl.failover.guidance.next_command import DAY, drill_days, next_command
from sbctl.failover.guidance.signal_copies import left_behind, signal_of
from sbctl.failover.guidance.verdict import verdict
from sbctl.failover.kit.kit import Kit
from sbctl.failover.signal import Signal


def overview(
    kit: Kit,
    kept: Kept,
    runs: Sequence[Run],
    now: datetime,
    at_work: str = "",
    more: Iterable[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The overview as JSON data. `kept` are the last readings by command; `at_work` is what works on the open run now.

    `more` are faults that are not among the readings.
    """
    own = kept.get("status", ())
    active, signal = _value(own, ACTIVE), _value(own, "signal")
    shared = kit.strategy == SHARED and not signal
    counted = counting(kit, kept, events(kit, kept, runs, now))
    lag = _lag(kept, now)
    drill = _drill(latest(runs, "drill"), now)
    left = [{**one.as_json(now), "what": one.detail} for one in left_behind(kit, own, runs, now)]
    ordered = _ordered(own, runs, now)
    by = _mechanism(ordered, signal, active)
    data: dict[str, Any] = {
        "verdict": "",
        "active": active or None,
        "active_how": _detail(own, ACTIVE),
        "dns_answer": _value(own, ANSWER),
        "serving": [code for code in _value(own, SERVING).split(",") if code],
        "signal": signal or None,
        "signal_of": signal_of(own),
        "ordered": ordered,
        "regions": [_region(kit, code.region, own, active, lag, now, shared=shared) for code in kit.by_priority],
        "lag": lag,
        "proofs": {name: _proof(kept[name], counted[name], now) for name in SHOWN if kept.get(name)},
        "last_drill": drill,
        "open_failover": _run(open_run(runs), now),
        "open_drill": _open_drill(runs, now),
        "at_work": at_work or None,
        "last_failover": _run(latest(runs, "failover", "failback"), now),
        "faults": [*left, *faults(kit, own, counted, now, shared=shared, ordered=by), *_stale_drill(kit, drill), *more],
        "objectives": kit.rules.objectives.model_dump(),
        "age_seconds": _age(own, now),
    }
    data["verdict"] = verdict(kit, data, shared=shared)
    data["next"] = next_command(kit, data, runs, shared=shared)
    return data


def _ordered(own: Sequence[Reading], runs: Sequence[Run], now: datetime) -> dict[str, Any] | None:
    """The order by which traffic is where it is: the signal's, or that of the run which put the records so; None for none."""
    active, signal = _value(own, ACTIVE), next((one for one in own if one.check == "signal"), None)
    if not active:
        return None
    if signal is not None and signal.value == active:
        at = Signal(at=_value(own, "signal-at")).when
        ago = None if at is None else round(max(0.0, (now - at).total_seconds()), 3)
        return {"run": signal.subject, "by": signal.detail, "age_seconds": ago}
    run = latest((one for one in runs if one.status == "finished"), "failover", "failback")
    if run is None or run.order.get("target") != active or run.order.get("mechanism") != RECORDS:
        return None
    ended = run.ended or run.begun
    return {
        "run": run.id,
        "by": str(run.order.get("by", "")),
        "age_seconds": ended.age(now),
    }


def _mechanism(ordered: Mapping[str, Any] | None, signal: str, active: str) -> str:
    """The mechanism of the order by which traffic is where it is: where no signal says so, the records; "" for no order."""
    if ordered is None:
        return ""
    return "standby-takeover" if signal == active else RECORDS


def _region(
    kit: Kit,
    code: str,
    own: Sequence[Reading],
    active: str,
    lag: Iterable[Mapping[str, Any]],
    now: datetime,
    *,
    shared: bool,
) -> dict[str, Any]:
    found = next((one for one in own if one.check == HEALTH and one.source == code), None)
    serving = _value(own, SERVING).split(",") if shared else ()
    serves = (
        code in serving
        if any(serving)
        else found is not None and found.value == "healthy"
        if shared
        else code == active
    )
    role = "active" if serves else "primary" if code == kit.primary.region else "standby"
    return {
        "region": code,
        "role": role,
        "health": str(found.value) if found else "unknown",
        "detail": found.detail if found else "not asked yet",
        "lag_seconds": max((row["value"] for row in lag if row["to"] == code), default=None),
        "age_seconds": round(found.age(now), 3) if found else None,
    }


def _lag(kept: Kept, now: datetime) -> list[dict[str, Any]]:
    """The worst lag of each pair of regions that anybody measured."""
    worst: dict[tuple[str, str], Reading] = {}
    for one in measured(kept, "verify-replication"):
        if one.check.startswith("canary-") and isinstance(one.value, int | float):
            pair = (one.source, one.target)
            before = worst.get(pair)
            if before is None or float(one.value) > float(before.value or 0):
                worst[pair] = one
    return [one.as_json(now) for _, one in sorted(worst.items())]


def _proof(readings: Sequence[Reading], counted: Sequence[Reading], now: datetime) -> dict[str, Any]:
    """A command's last readings, summed up. `overtaken` of them no longer count, so that the command is to be run again."""
    failing = [one for one in counted if one.verdict != "ok"]
    overtaken = len(readings) - len(counted)
    return {
        "verdict": worst_verdict(counted) if failing or not overtaken else "unknown",
        "readings": len(readings),
        "not_ok": len(failing),
        "overtaken": overtaken,
        "age_seconds": round(max(one.age(now) for one in readings), 3),
    }


def _drill(run: Run | None, now: datetime) -> dict[str, Any] | None:
    if run is None:
        return None
    outcome = run.result.get("outcome", run.status)
    figures = {name: run.result.get(name) for name in ("rto_seconds", "rpo_seconds")}
    age = (run.ended or run.begun).age(now)
    return {"name": run.order.get("name", ""), "run": run.id, "outcome": outcome, "age_seconds": age, **figures}


def _open_drill(runs: Sequence[Run], now: datetime) -> dict[str, Any] | None:
    """The drill that has not come to its end, with the failover that it began ("": none), and whether it breaks anything."""
    run = next((one for one in reversed(runs) if one.kind == "drill" and one.status == "open"), None)
    if run is None:
        return None
    begun = run.begun.data
    return {
        "name": str(run.order.get("name", "")),
        "run": run.id,
        "by": str(run.order.get("by", "")),
        "failover": str(run.fact("failover") or ""),
        "breaks": bool(begun.get("faults") or begun.get("flag")),
        "age_seconds": run.begun.age(now),
    }


def _run(run: Run | None, now: datetime) -> dict[str, Any] | None:
    if run is None:
        return None
    order = {name: run.order.get(name, "") for name in ("target", "mode", "by", "reason")}
    return {"run": run.id, "kind": run.kind, "status": run.status, "age_seconds": run.begun.age(now), **order}


def _stale_drill(kit: Kit, drill: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """A drill that is older than the rules want is a warning; one that never was is the next command."""
    limit = drill_days(kit)
    if drill is None or drill["age_seconds"] <= limit * DAY:
        return []
    days = drill["age_seconds"] / DAY
    what = f"the last drill was {days:.0f} days ago; the rules want one every {limit:.0f}"
    return [{"what": what, "verdict": "late", "age_seconds": drill["age_seconds"]}]


def _value(own: Iterable[Reading], check: str) -> str:
    return next((str(one.value or "") for one in own if one.check == check), "")


def _detail(own: Iterable[Reading], check: str) -> str:
    return next((one.detail for one in own if one.check == check), "nobody has looked yet")


def _age(own: Sequence[Reading], now: datetime) -> float | None:
    return round(max(one.age(now) for one in own), 3) if own else None
