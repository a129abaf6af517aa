"""The promised JSON form of a comparison of regions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sbctl.checks.flow_tests.apart import Apart
from sbctl.engine.parity.compare import Cell, Difference
from sbctl.engine.parity.readings import Parity, rank, told


def parity_data(found: Parity, now: datetime) -> dict[str, Any]:
    """`from`, `regions`, `matrix`, `differences` (what hurts a failover most comes first), `extra`, `readings`."""
    comparison = found.comparison
    return {
        "from": comparison.reference,
        "regions": list(comparison.regions),
        "matrix": [_cell(cell) for cell in comparison.cells],
        "differences": [_difference(one) for one in sorted(comparison.differences, key=rank)],
        "extra": [
            {"kind": one.kind, "name": one.key, "region": one.region, "absent_in": one.absent_in}
            for one in comparison.extras
        ],
        "quotas": [
            {"quota": one.quota.name, "region": one.region, "value": one.value, "unknown": one.why}
            for one in found.quotas
        ],
        "readings": [reading.as_json(now) for reading in found.readings],
    }


def apart_row(one: Apart, now: datetime) -> dict[str, Any]:
    """A flow test whose way is another in `region` than in `from`."""
    found = one.parting
    return {
        "name": found.name,
        "region": found.region,
        "from": found.other,
        "flow": found.flow,
        "block": found.block,
        "branch": found.branch,
        "from_branch": found.other_branch,
        "age_seconds": round(max(0.0, (now - one.at).total_seconds()), 3),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    wrong = cell.differing + cell.missing
    return {
        "kind": cell.kind,
        "region": cell.region,
        "verdict": "bad" if wrong else "unknown" if cell.unknown else "ok",
        "compared": cell.compared,
        "differ": cell.differing,
        "missing": cell.missing,
        "extra": cell.extra,
        "unknown": cell.unknown,
    }


def _difference(one: Difference) -> dict[str, Any]:
    hurts = one.severity
    return {
        "address": str(one.address),
        "what": one.what,
        "region": one.region,
        "from": one.reference,
        "field": one.field,
        "here": one.here,
        "there": one.there,
        "moved": one.moved,
        "severity": hurts.level,
        "why": hurts.why,
        "said": told(one),
    }
