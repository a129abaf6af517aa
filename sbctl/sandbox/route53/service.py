"""Route 53 as a service of the sandbox: all its operations under one lock, the same for requests signed for any region."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sbctl.sandbox.route53.answers import Answer as DnsAnswer
from sbctl.sandbox.route53.changes import Changes
from sbctl.sandbox.route53.health_checks import HealthChecks
from sbctl.sandbox.route53.queries import Queries, resolve
from sbctl.sandbox.route53.quotas import Quotas
from sbctl.sandbox.route53.store import ZoneStore
from sbctl.sandbox.route53.tags import Tags
from sbctl.sandbox.route53.zones import Zones
from sbctl.sandbox.service import Operation, alone
from sbctl.sandbox.snapshot.part import Part, Whole
from sbctl.sandbox.time.clock import WorldClock

PARTS = (Zones, Changes, HealthChecks, Tags, Queries, Quotas)


class Route53Service:
    """All of Route 53 that the sandbox models."""

    name = "route53"
    differs = (
        "One health checker speaks for all of Route 53's: there is no 18 % rule, and GetHealthCheckStatus "
        "shows its word for every region.",
        "Endpoints outside the sandbox are looked for on 127.0.0.1 alone; function URLs of the sandbox are "
        "asked as they are.",
        "Answers of DNS are never cached: a TTL is told, and resolvers keep it. Latency is judged by a "
        "fixed table of distances.",
    )

    def __init__(self, clock: WorldClock, account: str) -> None:
        self._clock = clock
        self._account = account
        self.reset()

    @property
    def operations(self) -> Mapping[str, Operation]:
        return self._operations

    def reset(self) -> None:
        """A new account without zones and health checks."""
        self._store = ZoneStore(self._clock, self._account)
        found: dict[str, Operation] = {}
        for part in PARTS:
            found.update(part(self._store).operations())
        self._operations = {name: alone(self._store.lock, operation) for name, operation in found.items()}

    def observe(self, check: str, healthy: bool | None, reason: str) -> None:
        """Let the health checkers see something: how the endpoint of a check answers, before any inversion, and in whose
        words. None is for a metric without data. What no longer exists is not observed."""
        with self._store.lock:
            if check in self._store.checks:
                self._store.health.observe(check, healthy, reason, self._clock.now())

    def check_configs(self) -> dict[str, dict[str, Any]]:
        """All health checks by id: their HealthCheckConfig with defaults filled in, for those who probe."""
        with self._store.lock:
            return {check.id: dict(check.config) for check in self._store.checks.values()}

    def is_healthy(self, check: str) -> bool:
        """The status of a health check, as record sets see it."""
        with self._store.lock:
            return self._store.is_healthy(check)

    def resolve(self, name: str, type_: str, region: str) -> DnsAnswer | None:
        """What the public name servers answer now to a resolver near a region. None: no zone here has the name."""
        with self._store.lock:
            return resolve(self._store, name, type_, region)

    def tagged(self, region: str) -> Mapping[str, dict[str, str]]:  # noqa: ARG002 - it is one for all regions
        """Tags by ARN, of hosted zones and health checks."""
        with self._store.lock:
            zones = {f"arn:aws:route53:::hostedzone/{zone.id}": dict(zone.tags) for zone in self._store.zones.values()}
            checks = self._store.checks.values()
            return zones | {f"arn:aws:route53:::healthcheck/{check.id}": dict(check.tags) for check in checks}

    @property
    def parts(self) -> Iterable[Part]:
        return [Whole("route53", self._taken, self._put_back, lambda: self._store.lock)]

    def _taken(self) -> Any:
        on = self._store
        return on.zones, on.checks, on.spent_references, on.changes, on.health

    def _put_back(self, state: Any) -> None:
        on = self._store
        on.zones, on.checks, on.spent_references, on.changes, on.health = state


def route53_service(clock: WorldClock, account: str) -> Route53Service:
    """The service for one account."""
    return Route53Service(clock, account)
