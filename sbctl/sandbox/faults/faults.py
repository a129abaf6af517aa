"""All faults of the world, and the questions that services ask of them."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

from sbctl.sandbox.agenda import Agenda
from sbctl.sandbox.clock import WorldClock
from sbctl.sandbox.faults.fault import ANY, CONTROL_PLANE, KINDS, REPLICATION_PAUSED, Fault
from sbctl.sandbox.faults.planes import is_control_plane
from sbctl.sandbox.identify import Identity

Listener = Callable[[], None]


class Faults:
    """What is broken now. Thread-safe. Listeners are called after every change, outside the lock.

    `chance` gives numbers from 0 up to 1, for faults with a probability.
    """

    def __init__(self, clock: WorldClock, agenda: Agenda, chance: Callable[[], float] = random.random) -> None:
        self._clock = clock
        self._agenda = agenda
        self._chance = chance
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._listeners: list[Listener] = []
        self._added = 0

    def region_is_down(self, region: str) -> bool:
        """Whether a region is silent as a whole: down, or hanging."""
        return self.service_is_down(ANY, region)

    def service_is_down(self, service: str, region: str) -> bool:
        """Whether a service, or its whole region, is silent: endpoints, functions and replication with it."""
        return any(fault.is_outage and fault.is_of(region, service) for fault in self.active())

    def replication_paused(self, service: str, source: str, target: str, resource: str = "") -> bool:
        """Whether a service ("dynamodb", "s3") does not replicate from `source` to `target` now.

        True while either is down, too. `resource`, a table or bucket, matters to faults that are about one.
        """
        ends = (source, target)
        return any(self.service_is_down(service, region) for region in ends) or any(
            fault.kind == REPLICATION_PAUSED
            and fault.resource in (ANY, resource)
            and any(fault.is_of(region, service) for region in ends)
            for fault in self.active()
        )

    def strike(self, who: Identity) -> Fault | None:
        """The fault that strikes this request, the most severe of those that match; counted as having struck."""
        if not self._faults:
            return None
        matching = [fault for fault in self.active() if matches(fault, who)]
        for fault in sorted(matching, key=lambda one: KINDS.index(one.kind)):
            if fault.probability < 1 and self._chance() >= fault.probability:
                continue
            if self._used(fault):
                return fault
        return None

    def listen(self, callback: Listener) -> None:
        """Call `callback` after every change: a fault added, ended, used up or healed. It must be quick."""
        self._listeners.append(callback)

    def active(self) -> list[Fault]:
        """The faults of now, in the order in which they were added."""
        now = self._clock.seconds()
        with self._lock:
            return [fault for fault in self._faults if fault.until is None or fault.until > now]

    def add(self, fault: Fault) -> Fault:
        """Break something from now on; the fault with its id and time."""
        with self._lock:
            self._added += 1
            fault.id, fault.added = f"f{self._added}", self._clock.seconds()
            self._faults.append(fault)
        if fault.until is not None:
            self._agenda.at(fault.until, self._expire)
        self._tell()
        return fault

    def heal(self, identity: str = "", region: str = "") -> list[Fault]:
        """End one fault, those of a region, or all; the ones that ended."""
        return self._end(lambda fault: identity in ("", fault.id) and region in ("", fault.region))

    def _used(self, fault: Fault) -> bool:
        """Take one of a fault's strikes; False when another request has just taken the last."""
        with self._lock:
            if fault.count is None:
                return True
            if fault.count < 1:
                return False
            fault.count -= 1
            last = fault.count == 0
        if last:
            self._end(lambda one: one is fault)
        return True

    def _expire(self) -> None:
        now = self._clock.seconds()
        self._end(lambda fault: fault.until is not None and fault.until <= now)

    def _end(self, is_over: Callable[[Fault], bool]) -> list[Fault]:
        with self._lock:
            ended = [fault for fault in self._faults if is_over(fault)]
            self._faults = [fault for fault in self._faults if fault not in ended]
        if ended:
            self._tell()
        return ended

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()


def matches(fault: Fault, who: Identity) -> bool:
    """Whether a request is one that a fault is about."""
    if fault.kind == REPLICATION_PAUSED or not fault.is_of(who.region, who.service):
        return False
    if fault.kind == CONTROL_PLANE:
        return is_control_plane(who.service, who.operation)
    return fault.operation in (ANY, who.operation)
