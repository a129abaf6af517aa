"""Three regions with a table each, of which some are silent; DNS answers by what the health functions would say."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sbctl.core.aws.error import AwsError
from sbctl.core.clock import FakeClock
from sbctl.core.moving.run import Run
from sbctl.failover.decision.observe import Observer
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.execution.prepare import Prepared, prepare
from sbctl.failover.execution.runner import RunOptions, RunOutcome
from sbctl.failover.execution.tools import Tools
from sbctl.failover.execution.workflow import abort, begin, proceed
from sbctl.failover.guidance.status import readings_of
from sbctl.store.runs.store import RunStore
from tests.unit.failover.scenes import EAST, LONDON, UNMEASURED, WEST, Reply, Table, kit

ORDER = FailoverRequest(target=WEST, source=EAST, mode="forced", by="op@host", reason="lost")
AWAY = FailoverRequest(target=LONDON, mode="forced", by="op@host", reason="lost too")
__all__ = ["AWAY", "ORDER", "UNMEASURED", "Globe", "readings_of"]


@dataclass
class Globe:
    """`lost` regions answer nothing. Nothing replicates by itself: `replicate` says when."""

    folder: Path
    lost: set[str] = field(default_factory=set)
    refusing: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tables = {code: Table() for code in (EAST, WEST, LONDON)}
        self.clock = FakeClock()
        self.runs = RunStore(self.folder / "runs", self.clock, self.clock, "test")
        self.observer = Observer(aws=self, http=self, dns=self, clock=self.clock, world=self.clock, alone=True)

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        self.calls.append(region)
        if region in self.lost:
            raise AwsError("Unreachable", "no answer in time", service=service, operation=operation, region=region)
        if region in self.refusing:
            raise AwsError("AccessDeniedException", "not allowed", service=service, operation=operation, region=region)
        return self.tables[region].call(service, operation, region, **params)

    def wait(self, seconds: float, reason: str) -> None: ...

    def get(self, host: str, path: str) -> Reply:
        region = next(code for code in self.tables if code in host)
        if region in self.lost:
            return Reply(0, "timed out")
        return Reply(200 if path == "/health" or self.named(region) == region else 404)

    def ask(self, name: str, type_: str) -> Reply:  # noqa: ARG002
        return Reply(values=(f"example-{self.answered()}.my.connect.aws",))

    def named(self, region: str) -> str:
        """The region that a region's own copy of the signal names."""
        return str(self.tables[region].item.get("region", {}).get("S", ""))

    def answered(self) -> str:
        """What DNS answers by the calculated checks; all unhealthy is all healthy, so the first."""
        order = (EAST, WEST, LONDON)
        taken = {code for code in order if code not in self.lost and self.named(code) == code}
        fit = [code for place, code in enumerate(order) if code not in self.lost and not taken & {*order[place + 1 :]}]
        return fit[0] if fit else EAST

    def replicate(self) -> None:
        """The last writer wins, in the regions that answer."""
        known = [self.tables[code] for code in self.tables if code not in self.lost and self.tables[code].item]
        if not known:
            return
        last = max(known, key=lambda table: int(table.item["generation"]["N"]))
        for code, table in self.tables.items():
            if code not in self.lost:
                table.item = dict(last.item)

    def prepared(self, order: FailoverRequest) -> Prepared:
        return prepare(order, self.tools())

    def tools(self) -> Tools:
        return Tools(kit(), self.runs, lambda: self.observer, UNMEASURED, lambda _: None, lambda: False)

    def begun(self, order: FailoverRequest) -> Run:
        prepared = self.prepared(order)
        assert prepared.decision.go, prepared.decision.refusals
        return begin("failover", prepared, kit(), self.runs, now=self.clock.now(), last_good=None)

    def go(self, run: Run, **options: Any) -> RunOutcome:
        return proceed(run, self.tools(), RunOptions(**options))

    def abort(self, run: Run) -> RunOutcome:
        return abort(run, self.tools())

    def run(self, name: str) -> Run:
        return self.runs.load(name)

    def half_done(self) -> Run:
        """us-east-1 is lost; the signal is given in us-west-2, which is lost then."""
        begun = self.begun(ORDER)
        self.lost |= {EAST}
        run = self.go(begun, pause_after="signal").run
        self.lost |= {WEST}
        self.calls.clear()
        return run
