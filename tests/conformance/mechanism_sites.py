"""Worlds on which mechanisms are tried: for each the calls that it makes, DNS that follows them, and who else may act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sbctl.core.aws.error import AwsError
from sbctl.core.clock import FakeClock
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES
from sbctl.failover.decision.observe import Observer
from sbctl.failover.execution.tools import Tools
from sbctl.store.runs.store import RunStore
from tests.unit.failover.regions import UNMEASURED
from tests.unit.failover.scenes import EAST, WEST, Reply, kit

Call = Callable[..., dict[str, Any]]


@dataclass
class Place:
    """One world. `answered` is what DNS answers; `control` the region whose plane the mechanism needs."""

    folder: Path
    control: str
    lost: set[str] = field(default_factory=set)
    changes: int = 0
    """How many writes took effect."""
    stopping: bool = False

    def __post_init__(self) -> None:
        self.clock = FakeClock()
        self.runs = RunStore(self.folder / "runs", self.clock, self.clock, "test")

    def answered(self) -> str:
        """The region that DNS answers."""
        raise NotImplementedError

    def act(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """The effect of a call that arrived."""
        raise NotImplementedError

    def other_acts(self, region: str) -> None:
        """Another operator moves traffic to a region."""
        raise NotImplementedError

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        if region in self.lost:
            raise AwsError("Unreachable", "no answer in time", service=service, operation=operation, region=region)
        return self.act(operation, params)

    def wait(self, seconds: float, reason: str) -> None: ...

    def get(self, host: str, path: str) -> Reply:
        if any(region in host for region in self.lost):
            return Reply(0, "timed out")
        return Reply(200 if path == "/health" or self.answered() in host else 404)

    def ask(self, name: str, type_: str) -> Reply:  # noqa: ARG002
        return Reply(values=(f"example-{self.answered()}.my.connect.aws",))

    def tools(self, runs: Any = None) -> Tools:
        """What failovers are carried out with here."""
        observer = Observer(aws=self, http=self, dns=self, clock=self.clock, world=self.clock, alone=True)
        return Tools(kit(), runs or self.runs, lambda: observer, UNMEASURED, lambda _: None, lambda: self.stopping)


@dataclass
class BySignal(Place):
    """The target's own table; DNS answers whom its item names."""

    item: dict[str, Any] = field(default_factory=dict)

    def answered(self) -> str:
        return str(self.item.get("region", {}).get("S", "")) or EAST

    def act(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        if operation == "GetItem":
            return {"Item": dict(self.item)} if self.item else {}
        known = params.get("ExpressionAttributeValues", {}).get(":known", {}).get("N")
        if self.item.get("generation", {}).get("N") != known:
            raise AwsError("ConditionalCheckFailedException", "The conditional request failed", operation=operation)
        self.item = params["Item"]
        self.changes += 1
        return {}

    def other_acts(self, region: str) -> None:
        said = {"region": region, "run": "failover-other", "by": "kim@desk", "at": "2026-01-01T00:00:00+00:00"}
        number = int(self.item.get("generation", {}).get("N", "0")) + 1
        self.item = {**{name: {"S": value} for name, value in said.items()}, "generation": {"N": str(number)}}


@dataclass
class ByRecords(Place):
    """Route 53's records; DNS answers the first of the chain."""

    first: str = EAST

    def answered(self) -> str:
        return self.first

    def act(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        if operation == "GetItem":
            return {}
        if operation == "GetChange":
            return {"ChangeInfo": {"Id": "/change/C1", "Status": "INSYNC"}}
        record = params["ChangeBatch"]["Changes"][0]["ResourceRecordSet"]
        target = record["AliasTarget"]["DNSName"]
        self.changes += self.first not in target
        self.first = next(one.region for one in kit().regions if one.region in target)
        return {"ChangeInfo": {"Id": "/change/C1", "Status": "PENDING"}}

    def other_acts(self, region: str) -> None:
        self.first = region


SITES: dict[str, Callable[[Path], Place]] = {
    "standby-takeover": lambda folder: BySignal(folder, control=WEST),
    "records": lambda folder: ByRecords(folder, control=HOME_OF_GLOBAL_SERVICES),
}
"""A place for every mechanism; one without a place fails the suite."""
