"""What a failover may lose, from what is known of lag, writes and backlog: nobody asks a region that is left by force."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime

from sbctl.core.kinds.spec import Frozen
from sbctl.core.reading import Reading
from sbctl.failover.decision.request import Mode
from sbctl.failover.decision.snapshot import TrafficSnapshot

SECONDS, WRITES, OBJECTS = "s", "writes/s", "objects"
"""Units of readings: of lags, of a table's rate of writes, and of what a bucket has not copied."""


class Loss(Frozen):
    """What may be lost: `seconds` of writes, `items` and `objects` not yet replicated. None: nobody can say, see `basis`."""

    seconds: float | None = None
    items: int | None = None
    objects: int | None = None
    basis: str = ""


def estimate(mode: Mode, world: TrafficSnapshot, source: str) -> Loss:
    """The worst of the newest figures, with how old they are."""
    lags = _by_subject(world.lag, SECONDS)
    seconds = max((value for found in lags.values() for value in found), default=None)
    items = _items(lags, _by_subject(world.backlog, WRITES))
    waiting = _by_subject(world.backlog, OBJECTS)
    objects = int(sum(sum(found) for found in waiting.values())) if waiting else None
    return Loss(seconds=seconds, items=items, objects=objects, basis=_basis(mode, world, source, seconds, items))


def _by_subject(readings: Iterable[Reading], unit: str) -> dict[str, list[float]]:
    """The figures of one unit, by the table or bucket of which they are."""
    found: dict[str, list[float]] = {}
    for one in readings:
        if one.unit == unit and isinstance(one.value, int | float):
            found.setdefault(one.subject, []).append(float(one.value))
    return found


def _items(lags: dict[str, list[float]], rates: dict[str, list[float]]) -> int | None:
    """Each table's lag times its rate of writes, rounded up; None as long as a rate or a lag is not known."""
    if not rates or not rates.keys() <= lags.keys():
        return None
    return sum(math.ceil(max(lags[table]) * max(rates[table])) for table in rates)


def _basis(mode: Mode, world: TrafficSnapshot, source: str, seconds: float | None, items: int | None) -> str:
    if seconds is None:
        return f"no lag from {source} is known: sbctl verify-replication measures it while the region answers"
    if mode == "planned":
        basis = f"measured now; writes that reach {source} while traffic moves replicate within that time"
    else:
        basis = f"the last known lag, {_oldest(world.lag, world.at):.0f} s old"
    if items is None:
        return basis + "; no rate of writes is known: sbctl verify-replication reads it"
    rates = [one for one in world.backlog if one.unit == WRITES]
    return basis + f"; items are lag times the rate of writes, {_oldest(rates, world.at):.0f} s old"


def _oldest(readings: Iterable[Reading], now: datetime) -> float:
    return max(one.age(now) for one in readings)
