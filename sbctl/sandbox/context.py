"""What every simulated service stands on: the account, its clock, moto, and what goes on by itself or is broken."""

from __future__ import annotations

from dataclasses import dataclass

from sbctl.sandbox.awslambda.runner import Runner
from sbctl.sandbox.faults.registry import FaultRegistry
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.moto_bridge.backends import MotoBackends
from sbctl.sandbox.route53.service import Route53Service
from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.time.scheduler import Scheduler


@dataclass(frozen=True)
class ServiceContext:
    """One world's ground."""

    clock: WorldClock
    account: str
    moto: MotoBackends
    upstream: Upstream
    scheduler: Scheduler
    faults: FaultRegistry
    runner: Runner
    route53: Route53Service
