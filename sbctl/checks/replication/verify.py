"""All of `verify-replication`: canaries on every pair, the configuration behind them, backlog and published latency, at once.

Nothing waits for what it does not need, so the whole takes hardly longer than the slowest pair.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sbctl.checks.lag.canary_run import sweep
from sbctl.checks.lag.measure import CALLS as OF_LAGS
from sbctl.checks.lag.measure import Lag, measure
from sbctl.checks.lag.measuring import Measuring
from sbctl.checks.lag.published_latency import overtaken
from sbctl.checks.lag.routes import Pair
from sbctl.checks.replication import buckets, tables
from sbctl.checks.replication.replica_config import BOTH_WAYS
from sbctl.core.reading import Reading

CALLS: frozenset[str] = OF_LAGS | buckets.CALLS | tables.CALLS
"""Every operation that it makes, besides sts:GetCallerIdentity."""
PARTS = 4
LOOKS = 16
"""Looks at configuration and figures at the same time; canaries have threads of their own."""


@dataclass(frozen=True)
class Verified:
    """What was found: readings, and the lags with all their samples. `swept`: canaries of earlier runs now removed."""

    readings: tuple[Reading, ...]
    lags: tuple[Lag, ...]
    swept: int = 0


def verify(on: Measuring, pairs: Sequence[Pair]) -> Verified:
    """Look at these pairs from every side. Raises SbctlError when the ledger of canaries cannot be written."""
    of_tables = [pair for pair in pairs if pair.of.kind == "table"]
    of_buckets = [pair for pair in pairs if pair.of.kind == "bucket"]
    with ThreadPoolExecutor(PARTS, thread_name_prefix="part") as parts, ThreadPoolExecutor(LOOKS) as pool:
        # beside the rest: a region that still does not answer holds up only the removal of what is left there
        swept = parts.submit(sweep, on)
        canaries = parts.submit(measure, on, pairs)
        others = [parts.submit(tables.check_tables, on, of_tables, pool)]
        others.append(parts.submit(buckets.check_buckets, on, of_buckets, pool))
        measured = canaries.result()
        found = [one for part in others for one in part.result()]
        return Verified(
            (*measured.readings, *overtaken(found, measured.readings)), tuple(measured.lags), swept.result()
        )


def concerns(pairs: Collection[Pair], reading: Reading) -> bool:
    """Whether a reading is one that verifying these pairs gives: of a pair, or of one of its ends."""
    ways = {(pair.of.name, pair.source, pair.target) for pair in pairs}
    if reading.check == BOTH_WAYS:
        ways |= {(name, target, source) for name, source, target in ways}
    if reading.target:
        return (reading.subject, reading.source, reading.target) in ways
    return any(reading.subject == name and reading.source in regions for name, *regions in ways)
