"""One fault: what is broken, where, for whom and until when; read from JSON, and written to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

ANY = "*"
DOWN, HANG, THROTTLE, ERROR, SLOW = "down", "hang", "throttle", "error", "slow"
LOST_ANSWER, REPLICATION_PAUSED, CONTROL_PLANE = "lost-answer", "replication-paused", "control-plane"
KINDS = (DOWN, HANG, LOST_ANSWER, ERROR, CONTROL_PLANE, THROTTLE, SLOW, REPLICATION_PAUSED)
"""Most severe first: where several faults match a request, the first of these strikes."""
SILENT = (DOWN, HANG)
"""Kinds under which nothing is answered; of a whole region, they take its endpoints and its replication with it."""


@dataclass
class Fault:
    """A rule. "*" stands for every service, operation or resource; times are seconds since the epoch, in world time.

    `count` is how many requests it still strikes (None: no end), `probability` how likely it strikes one, `delay` in
    seconds of real time. `resource` is a table or bucket, for paused replication alone.
    """

    id: str
    region: str
    kind: str
    service: str = ANY
    operation: str = ANY
    resource: str = ANY
    count: int | None = None
    probability: float = 1.0
    delay: float = 0.0
    code: str = ""
    added: float = 0.0
    until: float | None = None

    def is_of(self, region: str, service: str) -> bool:
        """Whether it is about a service in a region."""
        return self.region == region and self.service in (ANY, service)

    @property
    def is_outage(self) -> bool:
        """Whether all that it is about is silent: not only some operations, some times, or so many calls."""
        return self.kind in SILENT and self.operation == ANY and self.count is None and self.probability >= 1

    def as_json(self) -> Mapping[str, Any]:
        """What is set, times as ISO 8601."""
        found: dict[str, Any] = {
            "id": self.id,
            "region": self.region,
            "kind": self.kind,
            "service": self.service,
            "operation": self.operation,
            "added": _iso(self.added),
        }
        optional = {
            "resource": self.resource if self.resource != ANY else None,
            "count": self.count,
            "probability": self.probability if self.probability < 1 else None,
            "delay": self.delay or None,
            "code": self.code or None,
            "until": _iso(self.until) if self.until is not None else None,
        }
        return found | {name: value for name, value in optional.items() if value is not None}


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
