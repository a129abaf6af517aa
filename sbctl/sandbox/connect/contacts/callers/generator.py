"""A generator of calls on the world's clock: so many a minute, from a mix of callers, who call again when they are lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal

from sbctl.sandbox.connect.contacts.callers.seconds import Seconds
from sbctl.sandbox.connect.contacts.control import Outcome
from sbctl.sandbox.connect.contacts.live.calling import Calling, Refusal
from sbctl.sandbox.connect.contacts.live.ground import Ground
from sbctl.sandbox.connect.contacts.live.progress import Progress, Script
from sbctl.sandbox.time.scheduler import Entry

PATIENCE_SECONDS = 60.0
AGAIN_SECONDS = 15.0
AGAIN_TIMES = 10
State = Literal["running", "stopped", "done"]


@dataclass
class Plan:
    """What a generator does. `until` None: until it is stopped; `again` None: nobody calls once more."""

    rate: float
    until: float | None
    mix: Sequence[Mapping[str, Any]]
    numbers: Sequence[str]
    again: float | None = AGAIN_SECONDS
    again_times: int = AGAIN_TIMES
    patience: float = PATIENCE_SECONDS
    expected: str = ""
    unlimited: bool = False
    """The quota of concurrent calls refuses none of these."""


@dataclass
class Totals:
    """What its callers got."""

    started: int = 0
    again: int = 0
    answered: int = 0
    served: int = 0
    lost: int = 0
    refused: int = 0
    why_refused: str = ""
    wrong_region: int = 0
    wait_seconds_max: float = 0.0


@dataclass
class _Caller:
    """One caller: what they do, and how often they may still call."""

    row: Mapping[str, Any]
    number: str
    name: str
    left: int
    region: str = ""
    queued: float | None = None


@dataclass
class Generator:
    """Calls until its time is over. Used under Connect's lock."""

    id: str
    ground: Ground
    calling: Calling
    seconds: Seconds
    plan: Plan
    began: float
    watch: Callable[[], object]
    """Called at every call: somebody is to note how many wait."""
    state: State = "running"
    totals: Totals = field(default_factory=Totals)
    in_progress: dict[str, _Caller] = field(default_factory=dict)
    _number: int = 0
    _timer: Entry | None = None
    _random: Random = field(default_factory=lambda: Random(1))

    def begin(self) -> None:
        """Call for the first time, at once."""
        self._timer = self.ground.after(0.0, self._next)

    def stop(self) -> None:
        """Begin no more calls; those that go on end as they would."""
        if self._timer is not None:
            self._timer.cancel()
        if self.state == "running":
            self.state = "stopped"

    def waiting(self, region: str = "") -> int:
        """How many of its callers are in a queue now."""
        return sum(one.queued is not None and region in ("", one.region) for one in self.in_progress.values())

    def _next(self) -> None:
        if self.state != "running":
            return
        now = self.ground.now()
        if self.plan.until is not None and now >= self.plan.until - 1e-6:
            self.state = "done"
            return
        self._number += 1
        # from the beginning, so that no rounding adds up
        self._timer = self.ground.at(self.began + self._number * 60.0 / self.plan.rate, self._next)
        row = self._chosen()
        numbers = [row["number"]] if row.get("number") else self.plan.numbers or self.calling.numbers()
        number = numbers[(self._number - 1) % len(numbers)] if numbers else ""
        self._call(_Caller(row, number, f"+1206555{self._number % 10000:04d}", self.plan.again_times))

    def _chosen(self) -> Mapping[str, Any]:
        if not self.plan.mix:
            return {}
        weights = [float(row.get("weight", 1.0)) for row in self.plan.mix]
        return self._random.choices(self.plan.mix, weights)[0]

    def _call(self, caller: _Caller) -> None:
        script = Script.of({"patience": self.plan.patience, **caller.row})
        script.on_change = lambda progress, what: self._changed(caller, progress, what)
        caller.region, caller.queued = self.calling.region_of(caller.number), None
        self.totals.started += 1
        self._count(caller, "started")
        self.watch()
        attributes = dict(caller.row.get("attributes") or {})
        begun = self.calling.call(caller.number, caller.name, script, attributes, unlimited=self.plan.unlimited)
        if isinstance(begun, Refusal):
            self.totals.refused += 1
            self.totals.why_refused = begun.why
            self._count(caller, "lost")
            self._again(caller)
        else:
            self.in_progress[begun.contact.id] = caller

    def _changed(self, caller: _Caller, progress: Progress, what: str) -> None:
        now = self.ground.now()
        if what == "taken" and progress.contact.initiation == "INBOUND":
            self._count(caller, "taken")
        elif what == "queued":
            caller.queued = caller.queued if caller.queued is not None else now
        elif what == "answered":
            self._waited(caller, now)
            self._answered(caller)
        elif what == "ended":
            self._ended(caller, progress, now)

    def _answered(self, caller: _Caller) -> None:
        self.totals.answered += 1
        self._count(caller, "answered")
        if self.plan.expected and caller.region != self.plan.expected:
            self.totals.wrong_region += 1
            self._count(caller, "wrong_region")

    def _waited(self, caller: _Caller, now: float) -> None:
        if caller.queued is None:
            return
        waited, caller.queued = now - caller.queued, None
        self.totals.wait_seconds_max = max(self.totals.wait_seconds_max, waited)
        self.seconds.waited(self.id, now, caller.region, waited)

    def _ended(self, caller: _Caller, progress: Progress, now: float) -> None:
        self._waited(caller, now)
        self.in_progress = {named: one for named, one in self.in_progress.items() if one is not caller}
        outcome: Outcome = progress.outcome
        if outcome == "served":
            self.totals.served += 1
            self._count(caller, "served")
        elif outcome == "lost":
            self.totals.lost += 1
            self._count(caller, "lost")
            self._again(caller)

    def _again(self, caller: _Caller) -> None:
        if self.plan.again is None or caller.left <= 0:
            return
        caller.left -= 1

        def act() -> None:
            if self.state != "stopped":
                self.totals.again += 1
                self._call(caller)

        self.ground.after(self.plan.again, act)

    def _count(self, caller: _Caller, name: str) -> None:
        self.seconds.count(self.id, self.ground.now(), caller.region, name)
