"""What callers got in each second of the last day, by region and generator."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

KEPT_SECONDS = 86400
COUNTS = ("started", "taken", "answered", "served", "lost", "wrong_region")


@dataclass
class Second:
    """One second of one generator in one region."""

    second: int
    generator: str
    region: str
    counts: dict[str, int] = field(default_factory=dict)
    waiting: int = 0
    wait_seconds_max: float = 0.0


class Seconds:
    """The seconds in which anything happened, oldest first."""

    def __init__(self) -> None:
        self._order: deque[Second] = deque()
        self._found: dict[tuple[int, str, str], Second] = {}

    def _at(self, generator: str, when: float, region: str) -> Second:
        key = (int(when), generator, region)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = Second(int(when), generator, region)
            self._order.append(found)
            while self._order[0].second < int(when) - KEPT_SECONDS:
                old = self._order.popleft()
                del self._found[(old.second, old.generator, old.region)]
        return found

    def count(self, generator: str, when: float, region: str, name: str) -> None:
        """One more of what COUNTS names."""
        found = self._at(generator, when, region)
        found.counts[name] = found.counts.get(name, 0) + 1

    def waited(self, generator: str, when: float, region: str, seconds: float) -> None:
        """A wait is over."""
        found = self._at(generator, when, region)
        found.wait_seconds_max = max(found.wait_seconds_max, seconds)

    def waiting(self, generator: str, when: float, region: str, number: int) -> None:
        """So many wait at the end of a second."""
        self._at(generator, when, region).waiting = number

    def rows(self, since: float, until: float, generator: str = "") -> list[dict[str, Any]]:
        """The seconds of a span, those of several generators together."""
        found: dict[tuple[int, str], dict[str, Any]] = {}
        for one in self._order:
            if not since <= one.second <= until or (generator and one.generator != generator):
                continue
            empty = {"second": one.second, "region": one.region, **dict.fromkeys(COUNTS, 0)}
            row = found.setdefault((one.second, one.region), {**empty, "waiting": 0, "wait_seconds_max": 0.0})
            for name in COUNTS:
                row[name] += one.counts.get(name, 0)
            row["waiting"] += one.waiting
            row["wait_seconds_max"] = max(row["wait_seconds_max"], one.wait_seconds_max)
        return [found[key] for key in sorted(found)]
