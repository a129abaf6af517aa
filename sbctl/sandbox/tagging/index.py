"""What the Tagging API knows: it is behind the services for some seconds, as on AWS.

https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sbctl.sandbox.tagging.sources import HOME, Tags, changes
from sbctl.sandbox.time.clock import WorldClock

LAG_SECONDS = 3.0
"""From a write until the index has it, in the world's time. AWS gives no figure; seconds to minutes are seen."""
LONGEST_LAG_SECONDS = 30.0
"""The same while writes go on."""
GLOBAL = frozenset({"route53"})
EVERYWHERE = frozenset({"dynamodb"})
"""Services whose writes in one region make resources in others."""
Source = Callable[[str], Mapping[str, Tags]]
"""Tags by ARN, of one service in a region."""
READS = ("BatchGet", "Describe", "Get", "Head", "List", "Query", "Scan", "Search")
"""How operations begin that change nothing."""


@dataclass
class _Shelf:
    """One service in one region: what was last known and of which moment, and since when, and until when, it was changed."""

    moment: tuple[int, float] | None = None
    tags: dict[str, Tags] = field(default_factory=dict)
    ever: set[str] = field(default_factory=set)
    first: float = 0.0
    last: float = 0.0


class Index:
    """The tags of an account by region. Thread-safe."""

    def __init__(self, clock: WorldClock, sources: Mapping[str, Source]) -> None:
        self._clock = clock
        self._sources = sources
        self._lock = threading.Lock()
        self._shelves: dict[tuple[str, str], _Shelf] = {}
        self._changes = 0

    def clear(self) -> None:
        with self._lock:
            self._shelves.clear()

    def noticed(self, service: str, operation: str, region: str) -> None:
        """An operation succeeded."""
        if operation.startswith(READS):
            return
        with self._lock:
            self._changes += 1
            if not changes(service, operation):
                return
            seen = {place for name, place in self._shelves if name == service} if service in EVERYWHERE else set()
            for place in {region, *seen}:
                shelf = self._shelves.setdefault((service, place), _Shelf())
                shelf.last = self._clock.seconds()
                shelf.first = shelf.first or shelf.last

    def resources(self, region: str) -> dict[str, Tags]:
        """Tags by ARN of all that has tags in a region, or had them once; in the order of the ARNs."""
        found: dict[str, Tags] = {}
        for service, source in self._sources.items():
            if service not in GLOBAL or region == HOME:
                found |= self._known(service, region, source)
        return dict(sorted(found.items()))

    def _known(self, service: str, region: str, source: Source) -> Mapping[str, Tags]:
        with self._lock:
            shelf = self._shelves.setdefault((service, region), _Shelf())
            moment = (self._changes, self._clock.seconds())
            if self._is_behind(shelf) or shelf.moment == moment:
                return dict(shelf.tags)
            asked = shelf.last
        now = source(region)
        with self._lock:
            shelf.ever |= {arn for arn, tags in now.items() if tags}
            shelf.tags = {arn: dict(tags) for arn, tags in now.items() if arn in shelf.ever}
            if shelf.last == asked:
                shelf.first = shelf.last = 0.0
                shelf.moment = moment
            return dict(shelf.tags)

    def _is_behind(self, shelf: _Shelf) -> bool:
        now = self._clock.seconds()
        return bool(shelf.last) and now < shelf.last + LAG_SECONDS and now < shelf.first + LONGEST_LAG_SECONDS
