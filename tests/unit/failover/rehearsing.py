"""A drill over three regions that was killed somewhere, and what there is to restore it with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sbctl.core.moving.run import Kind, Run
from sbctl.drills.context import DrillContext
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.execution.tools import Measures
from sbctl.failover.execution.workflow import begin
from sbctl.store.runs.store import RunStore
from tests.unit.failover.killing import Killed
from tests.unit.failover.regions import Globe
from tests.unit.failover.scenes import ALIKE, EAST, WEST, kit, lag

DRILL = "drill-1"


class Dying(RunStore):
    """Journals of a process that is killed before or after its n-th line; 0: never."""

    left = 0
    written = True

    def add(self, run: Run, what: Any, move: str = "", **data: Any) -> Run:
        self.left -= 1
        if self.left == 0 and not self.written:
            raise Killed
        run = super().add(run, what, move, **data)
        if self.left == 0:
            raise Killed
        return run


@dataclass
class Faults:
    """The faults of a sandbox."""

    there: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, fault: Mapping[str, Any]) -> str:
        name = f"f{len(self.there) + 1}"
        self.there[name] = {"id": name, **fault}
        return name

    def listed(self) -> list[dict[str, Any]]:
        return [*self.there.values()]

    def heal(self, fault: str) -> None:
        del self.there[fault]


def started(kind: Kind, globe: Globe, order: FailoverRequest, name: str) -> Run:
    prepared = globe.prepared(order)
    assert prepared.decision.go, prepared.decision.refusals
    return begin(kind, prepared, kit(), globe.runs, now=globe.clock.now(), last_good=None, name=name)


def killed(globe: Globe, pause_after: str = "", **order: Any) -> tuple[Run, Run]:
    """A drill, and its failover to us-west-2, as they are after a kill: the failover ended, or after a move of it."""
    faults = [{"kind": "hang", "region": EAST, "owner": DRILL}]
    said = {"name": "region-loss", "target": WEST}
    drill = globe.runs.begin("drill", DRILL, order=said, source=EAST, faults=faults, flag="")
    ours = FailoverRequest(
        target=WEST, source=EAST, mode="forced", by="me", reason="drill region-loss", overridden=("cooldown",),
        **{"drill": drill.id, **order},
    )  # fmt: skip
    globe.runs.add(drill, "noted", phase="failover", failover="failover-1")
    inner = started("failover", globe, ours, "failover-1")
    inner = globe.go(inner, pause_after=pause_after).run if pause_after != "nothing" else inner
    if pause_after != "nothing":
        globe.replicate()
    return globe.run(drill.id), inner


def stage_on(globe: Globe, *, seconds: float = 1.0, faults: Faults | None = None) -> DrillContext:
    """What restores a drill; items take `seconds` from region to region, and the signal as long as anybody waits."""

    def measured(_source: str, _target: str) -> tuple[Any, ...]:
        globe.replicate()
        return (lag(seconds),)

    measures = Measures(measured, lambda _source, _target: (ALIKE,), lambda *_: (), lambda *_: ())
    return DrillContext(
        kit=kit(), runs=globe.runs, observer=lambda: globe.observer, probes=globe, probe_http=globe, measures=measures,
        injector=faults, calls_to=lambda _: 0, sweep=lambda: None, listen=lambda _: globe.replicate(), stopping=lambda: False,
        by="op@host",
    )  # fmt: skip
