"""What every simulated service stands on: the account, its clock, moto, and what goes on by itself or is broken."""

from __future__ import annotations

from dataclasses import dataclass

from sbctl.sandbox.agenda import Agenda
from sbctl.sandbox.awslambda.functions import Functions
from sbctl.sandbox.clock import WorldClock
from sbctl.sandbox.faults.weather import Weather
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.moto_backends import MotoBackends
from sbctl.sandbox.route53.service import Route53Service


@dataclass(frozen=True)
class Ground:
    """One world's ground."""

    clock: WorldClock
    account: str
    moto: MotoBackends
    upstream: Upstream
    agenda: Agenda
    faults: Weather
    functions: Functions
    route53: Route53Service
