"""Route 53 as a service of the sandbox: one for all regions, all its operations under one lock."""

from __future__ import annotations

from collections.abc import Mapping

from sbctl.sandbox.clock import WorldClock
from sbctl.sandbox.route53.health_checks import HealthChecks
from sbctl.sandbox.route53.queries import Queries
from sbctl.sandbox.route53.records import RecordSets
from sbctl.sandbox.route53.store import Book
from sbctl.sandbox.route53.zones import Zones
from sbctl.sandbox.service import Answer, Call, Operation


class Route53Service:
    """All of Route 53 that the sandbox models. `book` is what is asked by those who answer DNS or check health."""

    name = "route53"

    def __init__(self, clock: WorldClock) -> None:
        self._clock = clock
        self.book = Book(clock)
        self._operations: Mapping[str, Operation] = {}
        self.reset()

    @property
    def operations(self) -> Mapping[str, Operation]:
        return self._operations

    def reset(self) -> None:
        """A new account without zones and checks."""
        self.book = Book(self._clock)
        found: dict[str, Operation] = {}
        for part in (Zones, RecordSets, HealthChecks, Queries):
            found.update(part(self.book).operations())
        self._operations = {name: _alone(self.book, operation) for name, operation in found.items()}


def _alone(book: Book, operation: Operation) -> Operation:
    def run(call: Call) -> Answer:
        with book.lock:
            return operation(call)

    return run
