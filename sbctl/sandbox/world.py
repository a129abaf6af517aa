"""The sandbox's world: one account, its clock and agenda, its limits and faults, the simulated services, moto behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from sbctl.sandbox.agenda import Agenda
from sbctl.sandbox.clock import WorldClock
from sbctl.sandbox.faults.faults import Faults
from sbctl.sandbox.hooks import MotoUpstream
from sbctl.sandbox.limits import Limits
from sbctl.sandbox.moto_backends import MotoBackends
from sbctl.sandbox.service import Operation, Service
from sbctl.sandbox.services import OWN, services_of

ACCOUNT = "123456789012"


@dataclass(frozen=True)
class WorldSettings:
    """`speed`: how many times as fast as real time the world's clock runs. `zone`: a public hosted zone that exists from
    the start and after a reset; "" for none."""

    account: str = ACCOUNT
    speed: float = 1.0
    limits: bool = True
    zone: str = ""


class World:
    """Everything that a server serves. `reset` makes it new."""

    def __init__(self, settings: WorldSettings | None = None) -> None:
        self.settings = settings or WorldSettings()
        self.instance = uuid4().hex
        self.account = self.settings.account
        self.clock = WorldClock(self.settings.speed)
        self.agenda = Agenda(self.clock)
        self.faults = Faults(self.clock, self.agenda)
        self.limits = Limits(self.settings.limits)
        self.moto = MotoBackends(self.account)
        self.upstream = MotoUpstream(self.moto)
        self.services: Mapping[str, Service] = services_of(self.clock, self.account, self.upstream)
        self._seed()

    def operation(self, service: str, operation: str) -> Operation | None:
        """The simulated operation; None where there is none."""
        found = self.services.get(service)
        return found.operations.get(operation) if found else None

    def is_own(self, service: str) -> bool:
        """Whether a service is wholly simulated here, so that nothing of it goes to moto."""
        return service in OWN

    def reset(self) -> None:
        """A new account, with nothing in it but the seed, and nothing broken.

        The agenda is emptied before the services are: what a service does again and again, its reset() puts back.
        """
        self.faults.heal()
        self.agenda.clear()
        self.moto.reset()
        for service in self.services.values():
            service.reset()
        self.limits.reset()
        self._seed()

    def _seed(self) -> None:
        """The hosted zone that a user of AWS has before the first deploy."""
        if self.settings.zone:
            params = {"Name": self.settings.zone, "CallerReference": "sandbox-seed"}
            self.upstream.call("route53", "CreateHostedZone", "us-east-1", params)
