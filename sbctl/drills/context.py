"""What a drill is played on, and its limits: the regions, the tools, and what must be true at the end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.events import Listener
from sbctl.core.moving.drill import Drill, Level
from sbctl.drills.callers import Callers, CallersWanted, CallSimulator
from sbctl.drills.fault_injection import FaultInjector
from sbctl.drills.probing import Probed
from sbctl.failover.decision.observe import Observer
from sbctl.failover.execution.open_runs import Runs
from sbctl.failover.execution.tools import Measures, Tools
from sbctl.failover.kit.kit import Kit
from sbctl.failover.own.outside import HERE, Outside
from sbctl.probes.protocols import Endpoints


@dataclass(frozen=True)
class DrillContext:
    """Tools of a drill. `eyes` makes fresh ones, so that a region that came back is asked again; `probes` calls once.

    `injector` None means that nothing can be broken here (AWS). `calls_to` counts the calls that failovers made to a region.
    """

    kit: Kit
    runs: Runs
    observer: Callable[[], Observer]
    probes: AwsCalls
    probe_http: Endpoints
    measures: Measures
    injector: FaultInjector | None
    calls_to: Callable[[str], int]
    sweep: Callable[[], object]
    """Removes the canaries that measurements could not remove while something was broken."""
    listen: Listener
    stopping: Callable[[], bool]
    by: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    """Where the drill is played, by whom and with what, for its page. JSON values only."""
    flow_tests: Callable[[str], Mapping[str, Any] | None] = lambda _target: None
    """What the last flow tests said of a region, as JSON values; None where none was tested."""

    restoring: threading.Event = field(default_factory=threading.Event)
    """Set while a drill has something to put back, so that a second signal does not keep it from that."""

    outside: Outside = HERE
    """What steps of the user's own reach the world with."""

    callers: CallersWanted | None = None
    """The callers that a drill is played with; None: none."""
    simulator: CallSimulator | None = None
    """What simulates callers and agents; None where nothing does (AWS)."""

    @contextmanager
    def shielded(self) -> Iterator[None]:
        """From before anything is broken until all is put back."""
        before = self.restoring.is_set()
        self.restoring.set()
        try:
            yield
        finally:
            if not before:
                self.restoring.clear()

    def tools(self, stopping: Callable[[], bool], measures: Measures | None = None) -> Tools:
        """What the failovers inside a drill are carried out with."""
        measures = measures or self.measures
        return Tools(self.kit, self.runs, self.observer, measures, self.listen, stopping, self.outside)


@dataclass(frozen=True)
class DrillLimit:
    """One thing that must hold, with what was seen and what was allowed."""

    name: str
    value: float | str | None
    limit: float | str
    unit: str
    held: bool

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "value": self.value, "limit": self.limit, "unit": self.unit, "held": self.held}


def at_most(name: str, value: float | None, limit: float, unit: str = "s") -> DrillLimit:
    """A figure that must be known and not above its limit."""
    return DrillLimit(name, value, limit, unit, value is not None and value <= limit)


def equal(name: str, value: str, wanted: str) -> DrillLimit:
    return DrillLimit(name, value, wanted, "", value == wanted)


@dataclass
class DrillRun:
    """One drill as it is played: its roles, and what is found on the way."""

    drill: Drill
    level: Level
    active: str
    target: str
    seen: Probed = field(default_factory=Probed)
    limits: list[DrillLimit] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    callers: Callers = field(default_factory=Callers)
