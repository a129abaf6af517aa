"""The sandbox's world: one account, its clock, its rate limits, the simulated services, and moto behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from sbctl.sandbox.clock import WorldClock
from sbctl.sandbox.connect.service import connect_service
from sbctl.sandbox.dynamodb.overrides import dynamodb_overrides
from sbctl.sandbox.hooks import LoopbackUpstream
from sbctl.sandbox.limits import Limits
from sbctl.sandbox.moto_backends import MotoBackends
from sbctl.sandbox.route53.service import route53_service
from sbctl.sandbox.s3.overrides import s3_overrides
from sbctl.sandbox.service import Call, Service

ACCOUNT = "123456789012"
OWN = frozenset({"connect", "route53"})
"""Services that are wholly ours; of the others only corrections are."""


@dataclass(frozen=True)
class WorldSettings:
    """`speed`: how fast the world's clock runs. `zone`: a public hosted zone that exists from the start."""

    account: str = ACCOUNT
    speed: float = 1.0
    limits: bool = True
    zone: str = "example.com"


class World:
    """Everything that a server serves. `reset` makes it new."""

    def __init__(self, settings: WorldSettings | None = None) -> None:
        self.settings = settings or WorldSettings()
        self.instance = uuid4().hex
        self.account = self.settings.account
        self.clock = WorldClock(self.settings.speed)
        self.limits = Limits(self.settings.limits)
        self.moto = MotoBackends(self.account)
        self.upstream = LoopbackUpstream()
        self.services: Mapping[str, Service] = {
            "connect": connect_service(self.clock, self.account),
            "route53": route53_service(self.clock, self.account),
            "dynamodb": dynamodb_overrides(self.clock, self.account, self.upstream),
            "s3": s3_overrides(self.clock, self.account, self.upstream),
        }
        self._seed()

    def is_own(self, service: str) -> bool:
        """Whether a service is wholly ours, so that nothing of it goes to moto."""
        return service in OWN

    def reset(self) -> None:
        """A new, empty account."""
        self.moto.reset()
        for service in self.services.values():
            service.reset()
        self.limits.reset()
        self._seed()

    def _seed(self) -> None:
        """The hosted zone that a user of AWS would have before the first deploy."""
        if self.settings.zone:
            create = self.services["route53"].operations["CreateHostedZone"]
            params = {"Name": self.settings.zone, "CallerReference": "sandbox-seed"}
            create(Call("route53", "CreateHostedZone", "us-east-1", self.account, params))
