"""What the health checkers have last seen, and from it the status of every check. Nothing here probes anything.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Config = Mapping[str, Any]
"""A HealthCheckConfig with Route 53's defaults filled in."""


@dataclass(frozen=True)
class Observation:
    """What the checkers saw: `healthy` before any inversion (None: a metric without data), and in whose words."""

    healthy: bool | None
    reason: str
    at: datetime


class Health:
    """The last observation of each check, its last failure, and the last status of those metrics that lost their data."""

    def __init__(self) -> None:
        self._last: dict[str, Observation] = {}
        self._failure: dict[str, Observation] = {}
        self._known: dict[str, bool] = {}

    def observe(self, check: str, healthy: bool | None, reason: str, at: datetime) -> None:
        """Take in what the checkers of a health check agree on. None is for a CloudWatch metric that has no data."""
        found = Observation(healthy, reason, at)
        self._last[check] = found
        if healthy is not None:
            self._known[check] = healthy
        if healthy is False:
            self._failure[check] = found

    def last(self, check: str) -> Observation | None:
        """The last observation; None as long as no data has arrived."""
        return self._last.get(check)

    def last_failure(self, check: str) -> Observation | None:
        return self._failure.get(check)

    def last_known(self, check: str) -> bool:
        """The last status that was seen. What was never seen counts as healthy, as on AWS."""
        return self._known.get(check, True)

    def forget(self, check: str) -> None:
        for part in (self._last, self._failure, self._known):
            part.pop(check, None)


def is_healthy(check: str, configs: Mapping[str, Config], health: Health) -> bool:
    """The status of a check, as records see it.

    A check without data is healthy, a disabled one too; inversion comes last, so that an inverted check without data is
    unhealthy. A check that no longer exists counts as healthy: AWS says that its effect cannot be predicted.
    """
    config = configs.get(check)
    if config is None:
        return True
    raw = bool(config.get("Disabled")) or _seen(check, config, configs, health)
    return raw != bool(config.get("Inverted"))


def _seen(check: str, config: Config, configs: Mapping[str, Config], health: Health) -> bool:
    if config["Type"] == "CALCULATED":
        return enough_healthy(config, configs, health)
    seen = health.last(check)
    if config["Type"] == "CLOUDWATCH_METRIC" and (seen is None or seen.healthy is None):
        return _without_data(check, config, health)
    return health.last_known(check)


def enough_healthy(config: Config, configs: Mapping[str, Config], health: Health) -> bool:
    """Whether as many children of a CALCULATED check are healthy as its threshold asks. A deleted child is not counted."""
    children = [child for child in config.get("ChildHealthChecks") or () if child in configs]
    healthy = sum(is_healthy(child, configs, health) for child in children)
    return healthy >= int(config.get("HealthThreshold") or 0)


def _without_data(check: str, config: Config, health: Health) -> bool:
    told = config.get("InsufficientDataHealthStatus")
    return health.last_known(check) if told == "LastKnownStatus" else told == "Healthy"
