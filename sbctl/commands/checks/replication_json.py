"""What verify-replication found, as its view and as the `data` of its JSON."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sbctl.checks.lag.measure import Lag
from sbctl.checks.replication.verify import Verified
from sbctl.core.reading import worst_verdict
from sbctl.ui.views import LagShown, ReplicationShown

VERDICTS = ("ok", "late", "bad", "unknown")


def view_of(verified: Verified, rpo: float, now: datetime) -> ReplicationShown:
    """What is drawn. `rpo` in seconds."""
    return ReplicationShown(
        readings=verified.readings,
        lags=tuple(map(_shown, verified.lags)),
        verdict=worst_verdict(verified.readings),
        rpo=rpo,
        at=now,
        swept=verified.swept,
    )


def _shown(lag: Lag) -> LagShown:
    return LagShown(
        subject=lag.pair.of.name,
        source=lag.pair.source,
        target=lag.pair.target,
        samples=len(lag.samples),
        p50=round(lag.percentile(0.5), 3),
        p95=round(lag.percentile(0.95), 3),
        max=round(max(lag.samples), 3),
        resolution=round(lag.resolution, 3),
    )


def data_of(view: ReplicationShown) -> dict[str, Any]:
    """What is printed as JSON (docs/reference/json-output.md)."""
    counts = {verdict: sum(1 for one in view.readings if one.verdict == verdict) for verdict in VERDICTS}
    worst = max((lag.max for lag in view.lags), default=None)
    return {
        "summary": {"verdict": view.verdict, **counts, "worst_lag_seconds": worst, "swept": view.swept},
        "rpo_seconds": worst,
        "objectives": {"rpo_seconds": view.rpo},
        "lags": [_lag_json(lag) for lag in view.lags],
        "readings": [reading.as_json(view.at) for reading in view.readings],
    }


def _lag_json(lag: LagShown) -> dict[str, Any]:
    figures = asdict(lag)
    return {"subject": figures.pop("subject"), "from": figures.pop("source"), "to": figures.pop("target"), **figures}
