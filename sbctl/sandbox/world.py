"""The sandbox's world: one account, its clock, its rate limits, the simulated services, and moto behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from secrets import token_urlsafe
from threading import RLock
from typing import Any
from uuid import uuid4

from sbctl.sandbox.awslambda.metrics import Invocations
from sbctl.sandbox.awslambda.overrides import LambdaOverrides
from sbctl.sandbox.awslambda.runner import Runner
from sbctl.sandbox.awslambda.url_requests import FunctionUrls
from sbctl.sandbox.cloudwatch.overrides import CloudWatchOverrides
from sbctl.sandbox.connect.service import ConnectService
from sbctl.sandbox.context import ServiceContext
from sbctl.sandbox.dns.checkers import Checkers
from sbctl.sandbox.dns.hosted import Endpoints
from sbctl.sandbox.faults.registry import FaultRegistry
from sbctl.sandbox.hooks import Admitting, MotoUpstream, Relay, Relaying
from sbctl.sandbox.http.presigned import AUDIO, PACKAGES, Files
from sbctl.sandbox.limits import Limits
from sbctl.sandbox.moto_bridge.awslambda import deployed
from sbctl.sandbox.moto_bridge.backends import MotoBackends
from sbctl.sandbox.moto_bridge.snapshot import moto_parts
from sbctl.sandbox.route53.service import route53_service
from sbctl.sandbox.s3.service import S3Service
from sbctl.sandbox.service import Answer, Call, Operation, Service
from sbctl.sandbox.services import OWN, services_of
from sbctl.sandbox.snapshot.part import Kept, Part
from sbctl.sandbox.tagging.service import TaggingService
from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.time.scheduler import Scheduler
from sbctl.sandbox.time.stepping import Stepper
from sbctl.sandbox.wire.identify import Identity, Request
from sbctl.sandbox.wire.response import Response

ACCOUNT = "123456789012"


@dataclass(frozen=True)
class WorldSettings:
    """`speed`: how many times as fast as real time the world's clock runs; at 0 it stands until a run waits for it.

    `hang`: seconds of a standing clock's time after which a connection that hangs is cut, as a client would give it up.
    `zone`: a public hosted zone that exists from the start and after a reset; "" for none.
    """

    account: str = ACCOUNT
    speed: float = 1.0
    limits: bool = True
    zone: str = ""
    hang: float = 2.0
    start: float | None = None
    """The time from which a world that was kept goes on."""


def _nothing() -> None:
    pass


Layer = Callable[[Identity, Request, Callable[[Request], Response]], Response]
"""Stands before all services: gets a request and what answers requests, and answers."""


def _passes_on(_who: Identity, request: Request, answer: Callable[[Request], Response]) -> Response:
    return answer(request)


def _looks_away(_who: Identity, _answer: Response) -> None:
    pass


class World:
    """Everything that a server serves. `reset` makes it new."""

    def __init__(self, settings: WorldSettings | None = None) -> None:
        self.settings = settings or WorldSettings()
        self.instance = uuid4().hex
        self.token = token_urlsafe(24)
        """By which control requests are known to come from those who may read the sandbox's note."""
        self.account = self.settings.account
        self.clock = WorldClock(self.settings.speed, self.settings.start)
        self.limits = Limits(self.settings.limits)
        self.endpoint = ""
        """Where this world is served; known once a server is bound."""
        self.ports = (0, 0)
        """Of the server and of its name server; 0 where there is none."""
        self.whole = RLock()
        """Held by whoever changes the world as a whole, and by whoever keeps it."""
        self.witness: Callable[[Identity, Response], object] = _looks_away
        """Sees every answer before it goes out."""
        self.layer: Layer = _passes_on
        self.keep: Callable[[], object] = _nothing
        """Makes sure that what was done is kept; of a world that is not kept, nothing."""
        self.unsaved = self.unsaved_because = ""
        """The world's time from which nothing could be kept, and why; "" while it is."""
        self.moto = MotoBackends(self.account)
        self.upstream = MotoUpstream(self.moto)
        self.scheduler = Scheduler(self.clock)
        self.stepper = Stepper(self.clock, self.scheduler)
        self.faults = FaultRegistry(self.clock, self.scheduler)
        invocations = Invocations(self.clock, self.upstream, self.scheduler)
        code_of = partial(deployed, self.account)
        self.runner = Runner(self.clock, self.upstream, code_of, lambda: self.endpoint, invocations)
        self.route53 = route53_service(self.clock, self.account)
        context = ServiceContext(
            clock=self.clock,
            account=self.account,
            moto=self.moto,
            upstream=self.upstream,
            scheduler=self.scheduler,
            faults=self.faults,
            runner=self.runner,
            route53=self.route53,
        )
        self.services: Mapping[str, Service] = services_of(context)
        self._relays = {
            (name, operation): relay
            for name, service in self.services.items()
            if isinstance(service, Relaying)
            for operation, relay in service.relays.items()
        }
        functions = self.services["lambda"]
        assert isinstance(functions, LambdaOverrides)
        self.function_urls = FunctionUrls(self.runner, functions.url_of_host, partial(self.ask, "lambda"))
        endpoints = Endpoints(self.route53, self.function_urls, self.faults, self.ask)
        tagging = self.services["resourcegroupstaggingapi"]
        assert isinstance(tagging, TaggingService)
        self.tagging = tagging
        connect = self.services["connect"]
        assert isinstance(connect, ConnectService)
        connect.endpoint = lambda: self.endpoint
        functions.endpoint = connect.endpoint
        self.connect = connect
        self.files: Files = {AUDIO: connect.audio, PACKAGES: functions.package}
        """What is handed out by signed addresses."""
        buckets = self.services["s3"]
        assert isinstance(buckets, S3Service)
        self._buckets = buckets
        alarms = self.services["cloudwatch"]
        assert isinstance(alarms, CloudWatchOverrides)
        self.alarms = alarms.evaluation
        self.checkers = Checkers(self.clock, self.scheduler, self.route53, self.upstream, endpoints, self.alarms)
        self._seed()

    def operation(self, service: str, operation: str) -> Operation | None:
        """The simulated operation; None where there is none."""
        found = self.services.get(service)
        return found.operations.get(operation) if found else None

    def relay(self, service: str, operation: str) -> Relay | None:
        """What passes a raw request on to moto in a way of its own; None where nothing does."""
        return self._relays.get((service, operation))

    def admit(self, who: Identity, request: Request) -> None:
        """Let a service refuse a raw request (ApiError) before it is answered by whomever."""
        service = self.services.get(who.service)
        if isinstance(service, Admitting):
            service.admit(who, request)

    def ask(self, service: str, operation: str, region: str, params: Mapping[str, Any]) -> Answer:
        """An operation as a caller of the API sees it, without limits and checks. Raises ApiError."""
        simulated = self.operation(service, operation)
        if simulated is None:
            return self.upstream.call(service, operation, region, params)
        return simulated(Call(service, operation, region, self.account, params))

    def is_bucket(self, name: str) -> bool:
        """Whether there is a bucket of this name."""
        return self._buckets.is_bucket(name)

    def is_own(self, service: str) -> bool:
        """Whether a service is wholly simulated here, so that nothing of it goes to moto."""
        return service in OWN

    def reset(self) -> None:
        """A new account, with nothing in it but the seed."""
        with self.whole:
            self.faults.reset()
            self.scheduler.clear()
            self.moto.reset()
            for service in self.services.values():
                service.reset()
            self.limits.reset()
            self._seed()

    @property
    def parts(self) -> list[Part]:
        """All that is kept of it, in the order in which locks are taken: the sandbox's own before moto's."""
        services = [part for service in self.services.values() if isinstance(service, Kept) for part in service.parts]
        return [self.faults.part(), self.checkers.part(), *services, *moto_parts(self.moto)]

    def close(self) -> None:
        """End the processes that run functions."""
        self.connect.close()
        self.runner.reset()

    def _seed(self) -> None:
        """What goes on by itself, and the hosted zone that a user of AWS has before the first deploy."""
        self.checkers.begin()
        self.alarms.begin()
        if self.settings.zone:
            self.seed_zone()

    def seed_zone(self) -> None:
        """Make the hosted zone of the settings, unless the account has one of that name already."""
        zones = self.ask("route53", "ListHostedZones", "us-east-1", {})["HostedZones"]
        if self.settings.zone not in {zone["Name"].rstrip(".") for zone in zones}:
            params = {"Name": self.settings.zone, "CallerReference": f"sandbox-seed-{uuid4()}"}
            self.ask("route53", "CreateHostedZone", "us-east-1", params)
