"""All faults of a world: what is broken now. Those who replicate, check health or answer requests ask here."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sbctl.sandbox.faults.fault import ANY, BREAKS_NO_REQUEST, SEVERITY, Fault
from sbctl.sandbox.faults.planes import is_control_plane
from sbctl.sandbox.snapshot.part import Whole
from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.time.scheduler import Scheduler

LOG = logging.getLogger("sbctl.sandbox")
Callback = Callable[[], object]


class FaultRegistry:
    """The faults, by id. Thread-safe. `chance` gives numbers from 0 up to 1, for faults with a probability."""

    def __init__(self, clock: WorldClock, scheduler: Scheduler, chance: Callable[[], float] = random.random) -> None:
        self._clock = clock
        self._agenda = scheduler
        self._chance = chance
        self._lock = threading.RLock()
        self._number = 0
        self._faults: dict[str, Fault] = {}
        self._listeners: list[Callback] = []

    def add(self, fault: Fault, seconds: float | None = None) -> Fault:
        """Begin a fault; `seconds` of world time later it ends by itself. Answers it with its id and times."""
        now = self._clock.seconds()
        with self._lock:
            until = None if seconds is None else now + seconds
            self._number += 1
            begun = replace(fault, id=f"f{self._number}", added=now, until=until)
            self._faults[begun.id] = begun
        self._plan_end(begun)
        self._tell()
        return begun

    def heal(self, named: str = "", region: str = "") -> list[str]:
        """End one fault, those of a region, or all; the ids of those that ended."""
        with self._lock:
            ended = [
                fault.id
                for fault in self._faults.values()
                if (not named or fault.id == named) and (not region or fault.region == region)
            ]
            for one in ended:
                del self._faults[one]
        if ended:
            self._tell()
        return ended

    def part(self) -> Whole:
        """What is broken, to be kept; it ends when it would have ended."""
        return Whole("faults", self._taken, self._put_back)

    def _taken(self) -> Any:
        with self._lock:
            return dict(self._faults), self._number

    def _put_back(self, state: Any) -> None:
        with self._lock:
            self._faults, self._number = state
            faults = list(self._faults.values())
        for fault in faults:
            self._plan_end(fault)

    def _plan_end(self, fault: Fault) -> None:
        if fault.until is not None:
            self._agenda.at(fault.until, lambda: self.heal(fault.id))

    def reset(self) -> None:
        """Forget all faults; those who listen hear of it and go on listening."""
        self.heal()

    def all(self) -> list[Fault]:
        """What is broken now, oldest first."""
        now = self._clock.seconds()
        with self._lock:
            return [fault for fault in self._faults.values() if fault.until is None or fault.until > now]

    def breaking(self, region: str, service: str, operation: str) -> Fault | None:
        """The fault that breaks a request, if any: the most severe. One with a count is spent by one."""
        if not self._faults:
            return None
        found = [
            fault
            for fault in self.all()
            if fault.concerns(region, service, operation) and _breaks(fault, service, operation)
        ]
        for fault in sorted(found, key=lambda one: SEVERITY.index(one.kind)):
            if self._chosen(fault) and self._spent(fault):
                return fault
        return None

    def region_is_down(self, region: str) -> bool:
        """Whether a whole region is lost: nothing in it answers, runs or replicates."""
        return self.service_is_down(ANY, region)

    def service_is_down(self, service: str, region: str) -> bool:
        """Whether a service is lost in a region, alone or with the whole region: it neither answers nor replicates."""
        return any(
            fault.is_outage and fault.service in (ANY, service) and fault.region in (ANY, region)
            for fault in self.all()
        )

    def replication_paused(self, service: str, source: str, target: str, resource: str = "") -> bool:
        """Whether nothing gets from one region to the other, also because the service or the region is down at one end."""
        if self.service_is_down(service, source) or self.service_is_down(service, target):
            return True
        return any(
            fault.kind == "replication-paused"
            and fault.service in (ANY, service)
            and fault.region in (ANY, source)
            and fault.target in (ANY, target)
            and fault.resource in (ANY, resource)
            for fault in self.all()
        )

    def fails_creation(self, service: str, region: str) -> str:
        """Why what is made there now will fail, as AWS would say it; "" when it will not. One with a count is spent by one."""
        for fault in self.all():
            concerned = fault.kind == "creation-failed" and fault.concerns(region, service, ANY)
            if concerned and self._chosen(fault) and self._spent(fault):
                return f"Creation failed because of fault {fault.id} of the sandbox."
        return ""

    def listen(self, callback: Callback) -> None:
        """Call back whenever a fault begins or ends."""
        with self._lock:
            self._listeners.append(callback)

    def _chosen(self, fault: Fault) -> bool:
        """Whether it breaks what comes now, as likely as it does that."""
        return fault.probability >= 1 or self._chance() < fault.probability

    def _spent(self, fault: Fault) -> bool:
        """Take one of its count; whether there was one left."""
        if fault.count is None:
            return True
        with self._lock:
            now = self._faults.get(fault.id)
            if now is None or not now.count:
                return False
            self._faults[fault.id] = replace(now, count=now.count - 1)
        if now.count == 1:
            self.heal(fault.id)
        return True

    def _tell(self) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for callback in listeners:
            try:
                callback()
            except Exception:  # the others still hear of it
                LOG.exception("one who listens to faults failed")


def _breaks(fault: Fault, service: str, operation: str) -> bool:
    if fault.kind == "control-plane":
        return is_control_plane(service, operation)
    return fault.kind not in BREAKS_NO_REQUEST


def as_json(faults: list[Fault]) -> list[dict[str, Any]]:
    """Faults as the control API lists them."""
    return [fault.as_json() for fault in faults]
