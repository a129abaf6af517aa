"""A contact centre over three regions as a failover sees it: a kit, a world, and a region's data plane with a signal in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sbctl.core.aws.error import AwsError
from sbctl.core.clock import FakeClock
from sbctl.core.events import Listener, silent
from sbctl.core.moving.rules import Rules
from sbctl.core.moving.run import Run, RunEvent
from sbctl.core.reading import Reading
from sbctl.drills.context import DrillContext
from sbctl.failover.decision.observe import Observer
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.decision.snapshot import RegionView, TrafficSnapshot
from sbctl.failover.execution.tools import Measures
from sbctl.failover.kit.kit import Kit, KitRegion
from sbctl.failover.mechanism import ActionContext
from sbctl.failover.signal import Signal
from sbctl.store.runs.store import RunStore

UNMEASURED = Measures(*([lambda _source, _target: ()] * 4))
NOW = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
EAST, WEST, LONDON = "us-east-1", "us-west-2", "eu-west-2"


def region(code: str, priority: int) -> KitRegion:
    return KitRegion(
        region=code,
        name=code.upper(),
        priority=priority,
        instance=f"i-{code}",
        access_host=f"example-{code}.my.connect.aws",
        health_host=f"h.lambda-url.{code}.on.aws",
        leaf=f"connect-{code}.example.com",
        answers=(f"example-{code}.my.connect.aws",),
        tables=("connect-config-global",),
        buckets=(f"example-recordings-{code}",),
    )


def kit(**more: Any) -> Kit:
    values: dict[str, Any] = {
        "project": "example",
        "account": "123456789012",
        "strategy": "active-passive",
        "zone": "Z1",
        "public_name": "connect.example.com",
        "record_type": "CNAME",
        "chain": ("connect.example.com", "connect-priority-2.example.com"),
        "signal_table": "connect-config-global",
        "rules": Rules(),
        "regions": (region(EAST, 1), region(WEST, 2), region(LONDON, 3)),
        "made_at": NOW,
        **more,
    }
    return Kit(**values)


def lag(seconds: float, verdict: Any = "ok") -> Reading:
    return Reading(
        check="canary-item",
        subject="customers",
        source=EAST,
        target=WEST,
        value=seconds,
        unit="s",
        verdict=verdict,
        at=NOW,
    )


ALIKE = Reading(check="parity", subject="all kinds", source=EAST, target=WEST, verdict="ok", at=NOW)


def world(active: str = EAST, *, sick: str = "", **more: Any) -> TrafficSnapshot:
    """A world in which all regions are healthy, but one."""
    views = tuple(
        RegionView(
            region=code,
            health="failing" if code == sick else "healthy",
            detail="HTTP 503" if code == sick else "HTTP 200",
            seconds=0.1,
            signal=Signal(),
            at=NOW,
        )
        for code in (EAST, WEST, LONDON)
    )
    values: dict[str, Any] = {
        "at": NOW,
        "active": active,
        "active_how": f"DNS answers {active}" if active else "DNS says nothing",
        "regions": views,
        "lag": (lag(1.0),),
        "parity": (ALIKE,),
        **more,
    }
    return TrafficSnapshot(**values)


def signalled(seen: TrafficSnapshot, to: str) -> TrafficSnapshot:
    """The same world with a signal to a region ("": none) that was given long ago."""
    if not to:
        return seen
    given = Signal(region=to, generation=3, run="failover-0", by="op@host", at=(NOW - timedelta(hours=1)).isoformat())
    return seen.model_copy(update={"regions": tuple(v.model_copy(update={"signal": given}) for v in seen.regions)})


def ended(seconds_ago: float, *more: RunEvent) -> Run:
    """A failover that ended a while ago."""
    at = NOW - timedelta(seconds=seconds_ago)
    begun = RunEvent(at=at, world=at, what="begun", data={"order": {"target": WEST}, "source": EAST})
    return Run(id="failover-x", kind="failover", events=(begun, RunEvent(at=at, world=at, what="finished"), *more))


@dataclass
class Table:
    """The data plane of the region that takes over: one item, written conditionally. `before` runs before each write."""

    item: dict[str, Any] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    lose_answers: int = 0
    before: Callable[[], None] = lambda: None
    silent: bool = False

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        self.calls.append((f"{service}:{operation}", region))
        if self.silent:
            raise AwsError("Unreachable", "no answer in time", service=service, operation=operation, region=region)
        if operation == "GetItem":
            return {"Item": dict(self.item)} if self.item else {}
        if operation == "Query":
            return {"Items": []}
        self.before()
        known = params.get("ExpressionAttributeValues", {}).get(":known", {}).get("N")
        if self.item.get("generation", {}).get("N") != known:
            raise AwsError("ConditionalCheckFailedException", "The conditional request failed", operation=operation)
        self.item = params["Item"]
        if self.lose_answers:
            self.lose_answers -= 1
            raise AwsError("Timeout", "no answer in time", operation=operation, region=region)
        return {}

    def wait(self, seconds: float, reason: str) -> None: ...


@dataclass(frozen=True)
class Reply:
    status: int = 200
    failure: str = ""
    seconds: float = 0.1
    body: str = ""
    values: tuple[str, ...] = ()
    ttl: int | None = 60

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 400


@dataclass
class Site:
    """Endpoints and DNS in front of the table: the function serves what it holds; DNS follows `after` seconds later."""

    table: Table
    clock: FakeClock
    after: float = 30.0
    stuck: bool = False

    def get(self, host: str, path: str) -> Reply:
        named = self.table.item.get("region", {}).get("S", "")
        return Reply(200 if path == "/health" or (named in host and named) else 404)

    def ask(self, name: str, type_: str) -> Reply:  # noqa: ARG002
        named = self.table.item.get("region", {}).get("S", "")
        moved = named and self.clock.monotonic() >= self.after and not self.stuck
        return Reply(values=(f"example-{named if moved else EAST}.my.connect.aws",))


def hands(table: Table, site: Site, **more: Any) -> ActionContext:
    observer = Observer(aws=table, http=site, dns=site, clock=site.clock, world=site.clock)
    order = FailoverRequest(target=WEST, mode="forced", by="op@host", reason="lost")
    values: dict[str, Any] = {
        "eyes": observer,
        "kit": kit(),
        "order": order,
        "signal": Signal(region=WEST, generation=1, run="failover-1", by="op@host", at="now"),
        "known": 0,
        "expected": 122.0,
        "listen": silent,
        "stopping": lambda: False,
        **more,
    }
    return ActionContext(**values)


def stage(runs: RunStore, clock: FakeClock, listen: Listener = silent) -> DrillContext:
    """What a drill is played on: a region's data plane, on which nothing can be broken."""
    table = Table()
    site = Site(table, clock)
    observer = Observer(aws=table, http=site, dns=site, clock=clock, world=clock)
    return DrillContext(
        kit=kit(), runs=runs, observer=lambda: observer, probes=table, probe_http=site, measures=UNMEASURED, injector=None,
        calls_to=lambda _: 0, sweep=lambda: None, listen=listen, stopping=lambda: False, by="op@host",
    )  # fmt: skip
