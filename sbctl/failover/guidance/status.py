"""What an operator wants to know at a glance, put together from readings, however old, and from the runs so far.

The same readings are shown from the cache and fresh from a look at the world; each carries its age.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from sbctl.core.reading import Reading, Verdict, worst_verdict
from sbctl.core.run import Run, latest, open_run
from sbctl.failover.decision.snapshot import Health, World
from sbctl.failover.guidance.signal_copies import COPY, about_open, copy_of, left_behind, signal_of
from sbctl.failover.kit.kit import Kit

DAY = 86400.0
PROOF_DAYS = 1.0
"""How old the last verify-replication may be before it is time for another."""
MONTH_DAYS = 30.0
_VERDICTS: Mapping[Health, Verdict] = {"healthy": "ok", "failing": "bad", "silent": "bad", "unknown": "unknown"}
SHOWN = ("verify-replication", "parity", "doctor", "drift")
"""Commands whose last readings the overview sums up."""

Kept = Mapping[str, tuple[Reading, ...]]


def readings_of(world: World) -> tuple[Reading, ...]:
    """What one look at the world says, as readings for the cache."""
    found = [
        Reading(
            check="active",
            value=world.active,
            verdict="ok" if world.active else "unknown",
            at=world.at,
            detail=world.active_how,
        ),
        Reading(
            check="signal",
            subject=world.signal.run,
            value=world.signal.region,
            verdict="ok",
            at=world.at,
            detail=world.signal.by,
        ),
        Reading(check="signal-generation", value=float(world.signal.generation), verdict="ok", at=world.at),
    ]
    found += [copy_of(view, world) for view in world.regions if view.signal is not None]
    for view in world.regions:
        verdict = _VERDICTS[view.health]
        found.append(
            Reading(
                check="health", source=view.region, value=view.health, verdict=verdict, at=view.at, detail=view.detail
            )
        )
    return tuple(found)


def good_now(world: World, kept: Iterable[Reading], at_world: datetime) -> tuple[Reading, ...]:
    """When each region last answered well, on the world's clock; what is not well now keeps its older reading."""
    known = {one.source: one for one in kept}
    for view in world.regions:
        if view.health == "healthy":
            value = at_world.isoformat()
            known[view.region] = Reading(check="last-good", source=view.region, value=value, verdict="ok", at=view.at)
    return tuple(known.values())


def last_good(region: str, seen: World, at_world: datetime, kept: Iterable[Reading]) -> str | None:
    """When a region last answered well, on the world's clock: in this look, else as far as anybody noted it."""
    if seen.view(region).health == "healthy":
        return at_world.isoformat()
    return next((str(one.value) for one in kept if one.source == region), None)


def overview(kit: Kit, kept: Kept, runs: Sequence[Run], now: datetime) -> dict[str, Any]:
    """The overview as JSON data. `kept` are the last readings by command."""
    own = kept.get("status", ())
    active = _value(own, "active")
    proofs = {name: _proof(kept[name], now) for name in SHOWN if kept.get(name)}
    drill = latest(runs, "drill")
    pending = open_run(runs)
    data: dict[str, Any] = {
        "active": active or None,
        "active_how": _detail(own, "active"),
        "signal": _value(own, "signal") or None,
        "signal_of": signal_of(own),
        "regions": [_region(kit, code.region, own, active, now) for code in kit.by_priority],
        "lag": _lag(kept, now),
        "proofs": proofs,
        "last_drill": _drill(drill, now),
        "open_failover": _run(pending, now),
        "last_failover": _run(latest(runs, "failover", "failback"), now),
        "faults": faults(kit, own, kept, now),
        "objectives": kit.rules.objectives.model_dump(),
        "age_seconds": _age(own, now),
    }
    stale = _stale_drill(kit, data["last_drill"])
    data["faults"] += [stale] if stale else []
    left = [{**one.as_json(now), "what": one.detail} for one in left_behind(kit, own, runs, now)]
    data["faults"] = [*left, *data["faults"]]
    data["next"] = next_command(kit, data, runs)
    return data


def next_command(kit: Kit, data: Mapping[str, Any], runs: Sequence[Run]) -> str:
    """The one command that is most worth running now."""
    health = {row["region"]: row["health"] for row in data["regions"]}
    pending = open_run(runs)
    if pending is not None:
        return about_open(kit, pending, data, health)
    unserved = _unserved(data["active"], {*health.values()})
    if unserved:
        return unserved
    away = data["active"] and data["active"] != kit.primary.region
    if data["active"] and health.get(data["active"]) in ("failing", "silent"):
        fit = next((code.region for code in kit.by_priority if health[code.region] == "healthy"), "")
        return f"sbctl failover --to {fit} --mode forced" if fit else "sbctl doctor"
    back = next((row["fix"] for row in data["faults"] if (row.get("check"), row["verdict"]) == (COPY, "bad")), "")
    if back:
        return str(back)
    if away and health[kit.primary.region] != "healthy" and data["signal"] != data["active"] and kit.signal_table:
        return f"sbctl failover --to {data['active']} --mode forced"  # it is there by health checks alone
    if away and health[kit.primary.region] == "healthy":
        undone = {run.order.get("undoes") for run in runs if run.kind == "failback" and run.status == "finished"}
        away_runs = [
            run for run in runs if run.kind == "failover" and run.status == "finished" and run.id not in undone
        ]
        return "sbctl failback" if away_runs else "sbctl doctor"
    for name in ("verify-replication", "parity"):
        proof = data["proofs"].get(name)
        if proof is None or proof["verdict"] != "ok" or proof["age_seconds"] > PROOF_DAYS * DAY:
            return f"sbctl {name}"
    drill = data["last_drill"]
    if drill is None or drill["age_seconds"] > _drill_days(kit) * DAY or drill["outcome"] != "held":
        return "sbctl drill run region-loss"
    return "sbctl doctor"


def _unserved(active: str | None, health: Set[str]) -> str:
    """Where DNS names no region and none is well: regions that all answer badly have no deployment; else look closer."""
    if active or "healthy" in health or not health & {"failing", "silent"}:
        return ""
    return "sbctl deploy --region all" if health == {"failing"} else "sbctl doctor"


def faults(kit: Kit, own: Sequence[Reading], kept: Kept, now: datetime) -> list[dict[str, Any]]:
    """Everything that is not as it should be, with its age."""
    found = [one for one in own if one.verdict != "ok"]
    # How the copies of the signal are is the look's to say, and not an older doctor's.
    found += [one for name in SHOWN for one in kept.get(name, ()) if one.verdict != "ok" and one.check != COPY]
    rows = [{**one.as_json(now), "what": _what(one)} for one in found]
    active = _value(own, "active")
    if active and active != kit.primary.region:
        row = {"what": f"{active} is active and not the primary {kit.primary.region}", "verdict": "late"}
        rows.append({**row, "age_seconds": _age(own, now)})
    return rows


def _what(one: Reading) -> str:
    route = " → ".join(part for part in (one.source, one.target) if part)
    return " ".join(part for part in (one.check, one.subject, route, one.detail) if part)


def _region(kit: Kit, code: str, own: Sequence[Reading], active: str, now: datetime) -> dict[str, Any]:
    found = next((one for one in own if one.check == "health" and one.source == code), None)
    role = "active" if code == active else "primary" if code == kit.primary.region else "standby"
    return {
        "region": code,
        "role": role,
        "health": str(found.value) if found else "unknown",
        "detail": found.detail if found else "not asked yet",
        "age_seconds": round(found.age(now), 3) if found else None,
    }


def _lag(kept: Kept, now: datetime) -> list[dict[str, Any]]:
    """The worst lag of each pair of regions that anybody measured."""
    worst: dict[tuple[str, str], Reading] = {}
    for one in kept.get("verify-replication", ()):
        if one.check.startswith("canary-") and isinstance(one.value, int | float):
            pair = (one.source, one.target)
            before = worst.get(pair)
            if before is None or float(one.value) > float(before.value or 0):
                worst[pair] = one
    return [one.as_json(now) for _, one in sorted(worst.items())]


def _proof(readings: tuple[Reading, ...], now: datetime) -> dict[str, Any]:
    failing = [one for one in readings if one.verdict != "ok"]
    return {
        "verdict": worst_verdict(readings),
        "readings": len(readings),
        "not_ok": len(failing),
        "age_seconds": round(max(one.age(now) for one in readings), 3),
    }


def _drill(run: Run | None, now: datetime) -> dict[str, Any] | None:
    if run is None:
        return None
    at = run.ended.at if run.ended else run.begun.at
    outcome = run.result.get("outcome", run.status)
    figures = {name: run.result.get(name) for name in ("rto_seconds", "rpo_seconds")}
    age = round(max(0.0, (now - at).total_seconds()), 3)
    return {"name": run.order.get("name", ""), "run": run.id, "outcome": outcome, "age_seconds": age, **figures}


def _run(run: Run | None, now: datetime) -> dict[str, Any] | None:
    if run is None:
        return None
    age = round(max(0.0, (now - run.begun.at).total_seconds()), 3)
    order = {name: run.order.get(name, "") for name in ("target", "mode", "by", "reason")}
    return {"run": run.id, "kind": run.kind, "status": run.status, "age_seconds": age, **order}


def _stale_drill(kit: Kit, drill: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A drill that is older than the rules want is a warning; one that never was is the next command."""
    limit = _drill_days(kit)
    if drill is None or drill["age_seconds"] <= limit * DAY:
        return None
    days = drill["age_seconds"] / DAY
    what = f"the last drill was {days:.0f} days ago; the rules want one every {limit:.0f}"
    return {"what": what, "verdict": "late", "age_seconds": drill["age_seconds"]}


def _drill_days(kit: Kit) -> float:
    return min((rule.every_days for rule in kit.rules.drills), default=MONTH_DAYS)


def _value(own: Iterable[Reading], check: str) -> str:
    return next((str(one.value or "") for one in own if one.check == check), "")


def _detail(own: Iterable[Reading], check: str) -> str:
    return next((one.detail for one in own if one.check == check), "nobody has looked yet")


def _age(own: Sequence[Reading], now: datetime) -> float | None:
    return round(max(one.age(now) for one in own), 3) if own else None
