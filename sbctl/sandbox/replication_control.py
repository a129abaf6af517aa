"""The control actions on replication: how long it takes, and what is waiting. For every service that has a `replication`.

GET replication answers {service: {"lag_seconds", "jitter", "backlog": [...]}}; POST replication sets
{"service": "dynamodb", "lag_seconds": 2.5, "jitter": 0.4}, of which either number may be left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any, Protocol, runtime_checkable

from sbctl.sandbox.service import Service

LEAST = 0.001
MOST = {"lag_seconds": 31 * 86400.0, "jitter": 31 * 86400.0}
"""Beyond these the draws of a lag are no numbers any more."""


class ReplicationSettingError(Exception):
    """The wish cannot be met; the text says why."""


class Replication(Protocol):
    """Copying of one service. `lag` is a dataclass with `mean` and `jitter`; the backlog's entries are dataclasses."""

    lag: Any

    def backlog(self) -> Iterable[Any]:
        """What waits, one entry for each way between two places."""


@runtime_checkable
class Replicating(Protocol):
    """A service whose data replicates."""

    @property
    def replication(self) -> Replication: ...


def replication_status(services: Mapping[str, Service]) -> dict[str, Any]:
    """Lag and backlog of each service that replicates."""
    return {name: _shown(service.replication) for name, service in services.items() if isinstance(service, Replicating)}


def set_replication(services: Mapping[str, Service], wish: Mapping[str, Any]) -> dict[str, Any]:
    """Set the lag of what is written from now on. Raises ReplicationSettingError."""
    name = wish.get("service")
    service = services.get(name) if isinstance(name, str) else None
    if not isinstance(service, Replicating):
        known = ", ".join(sorted(name for name, found in services.items() if isinstance(found, Replicating)))
        raise ReplicationSettingError(f'"service" must be one of: {known}')
    numbers = {"lag_seconds": "mean", "jitter": "jitter"}
    given = {field: _number(key, wish[key], MOST[key]) for key, field in numbers.items() if key in wish}
    if not given:
        raise ReplicationSettingError('the body needs "lag_seconds" or "jitter"')
    service.replication.lag = replace(service.replication.lag, **given)
    return replication_status(services)


def _number(key: str, value: Any, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not (value == 0 or LEAST <= value <= most):
        raise ReplicationSettingError(f'"{key}" must be 0, or a number from {LEAST:g} to {most:.0f}')
    return float(value)


def _shown(replication: Replication) -> dict[str, Any]:
    lag = replication.lag
    return {
        "lag_seconds": lag.mean,
        "jitter": lag.jitter,
        "backlog": [asdict(entry) for entry in replication.backlog()],
    }
