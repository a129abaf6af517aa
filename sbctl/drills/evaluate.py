"""What a drill's probes amount to: how long callers got no answer, which writes were missing, and whether the limits held."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sbctl.core.moving.run import Run
from sbctl.drills.context import DrillLimit, DrillRun, at_most
from sbctl.drills.moving import when
from sbctl.drills.probing import Probe, Probed, lost, outage, reach_back
from sbctl.failover.kit.kit import Kit


def findings(drill_run: DrillRun, run: Run, kit: Kit, seen: Probed) -> dict[str, Any]:
    """The figures of a drill, its limits and its timeline. All seconds are the world's."""
    gap = outage(seen.counted)
    moved_at: datetime | None = drill_run.figures.get("moved_at")
    missing = lost(seen.writes, drill_run.figures["there"], moved_at) if moved_at else []
    rpo = reach_back(missing, seen.writes, moved_at) if moved_at else None
    rto = _rto(drill_run, gap.seconds)
    limits = [*drill_run.limits, *_limits(drill_run, kit, seen, rto, rpo, len(missing))]
    return {
        "name": drill_run.drill.name,
        "title": drill_run.drill.title,
        "purpose": drill_run.drill.purpose,
        "from": drill_run.active,
        "to": drill_run.target,
        "begun_at": run.begun.at.isoformat(),
        "level": drill_run.level,
        "mode": drill_run.drill.mode,
        "mechanism": run.order.get("mechanism", ""),
        **run.begun.data.get("evidence", {}),
        "rto_seconds": rto,
        "rpo_seconds": rpo,
        "decision_to_moved_seconds": drill_run.figures.get("decision_to_moved_seconds"),
        "outage_seconds": gap.seconds,
        "objectives": kit.rules.objectives.model_dump(),
        "limits": [limit.as_json() for limit in limits],
        "probes_total": len(seen.counted),
        "probes_failed": gap.failed,
        "last_good_at": gap.last_good.isoformat() if gap.last_good else None,
        "writes_acknowledged": sum(one.acknowledged for one in seen.writes),
        "writes_lost": [one.number for one in missing],
        "lags": drill_run.figures.get("lags", []),
        "refusal": drill_run.figures.get("refusal", []),
        "probes": [_probe(one, run) for one in seen.probes],
        "writes": [
            {"number": one.number, "at_seconds": _after(run, one.at), "acknowledged": one.acknowledged, "why": one.why}
            for one in seen.writes
        ],
        "timeline": timeline(run, seen),
    }


def _rto(drill_run: DrillRun, outage_seconds: float | None) -> float | None:
    """The longer of the two clocks: from the decision, and from the last good answer, to moved traffic."""
    decided = drill_run.figures.get("decision_to_moved_seconds")
    if "moved_at" not in drill_run.figures:
        return None
    if decided is None or outage_seconds is None:
        return None
    return round(max(float(decided), outage_seconds), 3)


def _limits(
    drill_run: DrillRun, kit: Kit, seen: Probed, rto: float | None, rpo: float | None, missing: int
) -> list[DrillLimit]:
    if drill_run.level == "check":
        return []
    found = [DrillLimit("probes made", len(seen.counted), 3, "at least", len(seen.counted) >= 3)]
    if "moved_at" in drill_run.figures or drill_run.drill.act in ("failover", "half-done", "watch"):
        found.append(at_most("RTO", rto, kit.rules.objectives.rto_seconds))
        if kit.signal_table:  # without one nothing is written, so that nothing is known of it
            found.append(_recovery_point(rpo, missing, kit.rules.objectives.rpo_seconds))
    if drill_run.drill.lossless and drill_run.level == "full":
        found.append(at_most("failed probes", sum(not probe.good for probe in seen.counted), 0, "probes"))
        found.append(at_most("acknowledged writes missing", missing, 0, "writes"))
    return found


def _recovery_point(rpo: float | None, missing: int, objective: float) -> DrillLimit:
    if rpo is None and missing:
        return DrillLimit("RPO", "farther back than the drill's first write", objective, "s", held=False)
    return at_most("RPO", rpo, objective)


def timeline(run: Run, seen: Probed) -> list[dict[str, Any]]:
    """What happened, in order: phases of the run, and where the probes' answers changed."""
    rows = [
        {
            "at_seconds": _after(run, when(event.data, event.world)),
            "what": event.data.get("phase", event.what),
            "text": _text(event.data),
        }
        for event in run.events
    ]
    before: Probe | None = None
    for probe in seen.probes:
        if before is None or (probe.region, probe.good) != (before.region, before.good):
            said = f"DNS answers {probe.region or 'nothing'}, which is {'good' if probe.good else f'bad: {probe.why}'}"
            rows.append({"at_seconds": _after(run, probe.at), "what": "probe", "text": said})
        before = probe
    return sorted(rows, key=lambda row: float(row["at_seconds"]))


def _text(data: dict[str, Any]) -> str:
    return str(data.get("text", ""))


def _probe(probe: Probe, run: Run) -> dict[str, Any]:
    return {"at_seconds": _after(run, probe.at), "region": probe.region, "good": probe.good, "why": probe.why}


def _after(run: Run, at: datetime) -> float:
    return round((at - run.begun.world).total_seconds(), 3)
