"""What moves traffic, as its commands do it, over a kept world: failover, failback, a drill, its restore; and the ways on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

from sbctl.core.events import Listener
from sbctl.core.moving.run import Run, What
from sbctl.drills.catalogue.region_loss import DRILL
from sbctl.drills.context import DrillContext
from sbctl.drills.restore import close, is_left, restore_state
from sbctl.drills.runner import play
from sbctl.failover.decision.observe import Observer
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.execution.failback import home_of, to_undo
from sbctl.failover.execution.prepare import prepare
from sbctl.failover.execution.runner import RunOptions
from sbctl.failover.execution.tools import Measures, Tools
from sbctl.failover.execution.workflow import carry_out, proceed, standing
from sbctl.store.runs.store import RunStore
from tests.instants.kept_world import KeptWorld, Step
from tests.unit.failover.scenes import ALIKE, WEST, kit, lag

MEASURES = Measures(lambda *_: (lag(1.0),), lambda *_: (ALIKE,), lambda *_: (), lambda *_: ())


class Journals(RunStore):
    """Journals in which a line is an instant."""

    step: Step = staticmethod(lambda _: None)

    def add(self, run: Run, what: What, move: str = "", **data: Any) -> Run:
        self.step(f"before line {what}")
        run = super().add(run, what, move, **data)
        self.step(f"after line {what}")
        return run


class Operator:
    """Somebody at a keyboard, with the state in a folder."""

    def __init__(self, folder: Path, step: Step, listen: Listener, stop: Event, restoring: Event) -> None:
        self.world = KeptWorld(folder / "world.json", step)
        clock = self.world.clock
        self.runs = Journals(folder / "runs", clock, clock, "test")
        self.runs.step = step
        self.observer = Observer(aws=self.world, http=self.world, dns=self.world, clock=clock, world=clock, alone=True)
        self.listen, self.stop = listen, stop
        self.stage = DrillContext(
            kit=kit(), runs=self.runs, observer=lambda: self.observer, probes=self.world, probe_http=self.world,
            measures=MEASURES, injector=self.world, calls_to=lambda _: 0, sweep=lambda: None, listen=listen,
            stopping=stop.is_set, by="op@host", restoring=restoring,
        )  # fmt: skip

    def failover(self) -> None:
        self._order(FailoverRequest(target=WEST, mode="forced", by="op@host", reason="lost", overridden=("active",)))

    def failback(self) -> None:
        known = self.runs.all()
        undone = to_undo(known)
        home, source = home_of(undone, known), str(undone.order["target"])
        self._order(FailoverRequest(target=home, source=source, undoes=undone.id, overridden=("cooldown",)))

    def drill(self) -> None:
        play(DRILL, "full", self.stage)

    def restore(self) -> None:
        for run in [one for one in self.runs.all() if is_left(one)]:
            done, trouble = restore_state(run, self.stage, cut_off=True)
            close(done, trouble, self.stage)

    def resume(self) -> None:
        """`failover --resume`, where a run is open."""
        left = self.runs.open()
        if left is not None:
            proceed(left, self._tools(), RunOptions())

    def _order(self, order: FailoverRequest) -> None:
        left = standing(order, self.runs)
        if left is not None:
            proceed(left, self._tools(), RunOptions())
            return
        prepared = prepare(order, self._tools())
        assert prepared.decision.go, prepared.decision.refusals
        carry_out(prepared, self._tools(), RunOptions())

    def _tools(self) -> Tools:
        return self.stage.tools(self.stop.is_set)


Act = Callable[[Operator], None]
ACTS: dict[str, Act] = {
    "failover": Operator.failover,
    "failback": Operator.failback,
    "drill": Operator.drill,
    "restore": Operator.restore,
}
