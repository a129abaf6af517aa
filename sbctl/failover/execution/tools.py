"""What a failover is decided and carried out with, whoever orders it: the kit, the runs, eyes, and what measures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sbctl.core.events import Listener
from sbctl.core.reading import Reading
from sbctl.failover.decision.observe import Observer
from sbctl.failover.execution.open_runs import Runs
from sbctl.failover.kit.kit import Kit
from sbctl.failover.own.outside import HERE, Outside

Measure = Callable[[str, str], tuple[Reading, ...]]
"""Measures something from a source region to a target region."""


@dataclass(frozen=True)
class Measures:
    """How a decision's figures are had: `lag` and `parity` now, `known` what was measured before and costs no call."""

    lag: Measure
    parity: Measure
    known_lag: Measure
    known_backlog: Measure


@dataclass(frozen=True)
class Tools:
    """What a failover is carried out with. `eyes` makes fresh ones: a region that came back is asked again."""

    kit: Kit
    runs: Runs
    observer: Callable[[], Observer]
    measures: Measures
    listen: Listener
    stopping: Callable[[], bool]
    outside: Outside = HERE
    """What steps of one's own reach the world with."""
