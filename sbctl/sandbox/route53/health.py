"""Which health checks are healthy: what checkers last saw, and what follows from it.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

ENDPOINT = frozenset({"HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"})


class Configured(Protocol):
    """A health check, as far as its health goes."""

    config: dict[str, Any]


@dataclass
class Seen:
    """What the checkers of one check have seen. `streak` counts results that contradict `healthy`, in a row."""

    healthy: bool = True
    streak: int = 0
    text: str = ""
    at: float = 0.0
    failure: str = ""
    failed_at: float = 0.0


class Health:
    """The health of all checks. Only what is observed changes it."""

    def __init__(self, checks: Mapping[str, Configured]) -> None:
        self._checks = checks
        self._seen: dict[str, Seen] = {}

    def observe(self, check: str, passed: bool, text: str, at: float) -> bool:
        """Note one result of a checker, at a time of the world's clock in seconds; whether the health turned over.

        Health turns after FailureThreshold results in a row that say otherwise, in both directions.
        """
        seen = self._seen.setdefault(check, Seen())
        seen.text, seen.at = text, at
        if not passed:
            seen.failure, seen.failed_at = text, at
        seen.streak = 0 if passed == seen.healthy else seen.streak + 1
        turned = seen.streak >= int(self._checks[check].config.get("FailureThreshold", 3))
        if turned:
            seen.healthy, seen.streak = passed, 0
        return turned

    def settle(self, check: str, healthy: bool, text: str, at: float) -> None:
        """Set the state of a check that has no checkers: of a metric, or of a routing control."""
        seen = self._seen.setdefault(check, Seen())
        seen.healthy, seen.text, seen.at = healthy, text, at
        if not healthy:
            seen.failure, seen.failed_at = text, at

    def seen(self, check: str) -> Seen | None:
        """What was observed of a check; None when nothing was yet."""
        return self._seen.get(check)

    def forget(self, check: str) -> None:
        self._seen.pop(check, None)

    def is_healthy(self, check: str) -> bool:
        """Whether DNS takes it for healthy. One that was deleted under its records is."""
        found = self._checks.get(check)
        if found is None:
            return True
        config = found.config
        healthy = True if config.get("Disabled") else self._measured(check, config)
        return healthy != bool(config.get("Inverted"))

    def _measured(self, check: str, config: Mapping[str, Any]) -> bool:
        """A new check is healthy until data arrives."""
        if config["Type"] == "CALCULATED":
            children = [self.is_healthy(child) for child in config.get("ChildHealthChecks", ())]
            return sum(children) >= int(config.get("HealthThreshold", 0))
        seen = self._seen.get(check)
        return seen.healthy if seen is not None else True
