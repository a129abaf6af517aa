"""Measured lag: canaries run_canary from each region to the others, all ways at once, several times; a reading a pair."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sbctl.checks.lag.canary_item import CALLS as ITEM_CALLS
from sbctl.checks.lag.canary_object import CALLS as OBJECT_CALLS
from sbctl.checks.lag.canary_run import Carrier, Sighting, carrier_for, run_canary, sweep
from sbctl.checks.lag.measuring import Found, Measuring, reading, unasked
from sbctl.checks.lag.routes import Pair
from sbctl.core.events import PairMeasured, PairStarted
from sbctl.core.reading import Reading

CALLS: frozenset[str] = ITEM_CALLS | OBJECT_CALLS


@dataclass(frozen=True)
class Lag:
    """The lags of one pair, in seconds of the world's time; `resolution` is how much shorter the worst may truly be."""

    pair: Pair
    samples: tuple[float, ...]
    resolution: float = 0.0

    def percentile(self, part: float) -> float:
        """The nearest-rank percentile: with few samples p95 is the largest, and nothing is made up between them."""
        ordered = sorted(self.samples)
        return ordered[max(0, math.ceil(part * len(ordered)) - 1)]


@dataclass
class Measured:
    """What canaries showed: a reading a pair, and the lags of those pairs in which all arrived."""

    readings: list[Reading] = field(default_factory=list)
    lags: list[Lag] = field(default_factory=list)


def measure_pairs(on: Measuring, pairs: Sequence[Pair]) -> tuple[Reading, ...]:
    """The lag of each of these pairs by canaries, within `on.timeout`; all at once. One reading a pair, in their order.

    What earlier runs left behind is removed meanwhile. Raises SbctlError when the ledger cannot be written.
    """
    with on.make_executor(1, "sweep") as beside:
        swept = beside.submit(sweep, on)
        readings = tuple(measure(on, pairs).readings)
        swept.result()
    return readings


def measure(on: Measuring, pairs: Sequence[Pair]) -> Measured:
    """As measure_pairs, without the sweep and with the samples themselves."""
    if not pairs:
        return Measured()
    flights: dict[tuple[str, str, str], list[Pair]] = {}
    for pair in pairs:
        flights.setdefault((pair.of.kind, pair.of.name, pair.source), []).append(pair)
    found: dict[Pair, list[Sighting]] = {}
    with on.make_executor(len(flights), "flight") as pool:
        for done in [pool.submit(_fly_samples, on, together) for together in flights.values()]:
            found |= done.result()
    measured = Measured()
    for pair in pairs:
        _add(on, measured, pair, found[pair])
    return measured


def _fly_samples(on: Measuring, pairs: Sequence[Pair]) -> dict[Pair, list[Sighting]]:
    """All samples of the pairs with one source. A pair that lost a canary is not asked again."""
    thing, source = pairs[0].of, pairs[0].source
    found: dict[Pair, list[Sighting]] = {pair: [] for pair in pairs}
    for pair in pairs:
        on.listen(PairStarted(thing.name, source, pair.target))
    for _ in range(on.samples):
        flying = [pair for pair in pairs if all(sighting.lag is not None for sighting in found[pair])]
        if not flying or on.stop.is_set():
            break
        sightings = run_canary(on, thing, source, [pair.target for pair in flying])
        for pair in flying:
            found[pair].append(sightings[pair.target])
    for pair in pairs:
        on.listen(PairMeasured(thing.name, source, pair.target, _said(found[pair])))
    return found


def _said(sightings: Iterable[Sighting]) -> str:
    lags = [sighting.lag for sighting in sightings if sighting.lag is not None]
    return f"{max(lags):.2f} s" if lags else "not seen"


def _add(on: Measuring, measured: Measured, pair: Pair, sightings: Sequence[Sighting]) -> None:
    carrier = carrier_for(pair.of)
    lags = tuple(sighting.lag for sighting in sightings if sighting.lag is not None)
    if lags and len(lags) == len(sightings):
        worst = max(sightings, key=lambda sighting: sighting.lag or 0.0)
        lag = Lag(pair, lags, worst.resolution)
        measured.lags.append(lag)
        found = _timely(on, lag)
    else:
        missing = [sighting for sighting in sightings if sighting.lag is None]
        found = _missing(on, carrier, pair, missing[0] if missing else Sighting(stopped=True))
    measured.readings.append(reading(on, carrier.check, found, pair.of.name, pair.source, pair.target, "s"))


def _timely(on: Measuring, lag: Lag) -> Found:
    most = max(lag.samples)
    said = f"p50 {lag.percentile(0.5):.2f} s, p95 {lag.percentile(0.95):.2f} s, max {most:.2f} s of {len(lag.samples)}"
    detail = f"{said}; at most {lag.resolution:.2f} s too long"
    if most <= on.rpo:
        return Found(round(most, 3), "ok", detail)
    fix = "Wait until it has caught up before a planned failover; a forced one now would lose these seconds."
    return Found(round(most, 3), "late", f"{detail}; the objective is {on.rpo:g} s", fix)


def _missing(on: Measuring, carrier: Carrier, pair: Pair, sighting: Sighting) -> Found:
    error, fix = sighting.error, carrier.lost(pair.source, pair.target)
    if error is not None:
        return replace(unasked(error), value=None)
    if sighting.stopped:
        return Found(None, "unknown", "interrupted before it was seen", "Run it again.")
    if sighting.reason:
        return Found(None, "bad", f"it did not arrive: {sighting.reason}", fix)
    return Found(None, "bad", f"it did not arrive within {sighting.waited:.0f} s (objective {on.rpo:g} s)", fix)
