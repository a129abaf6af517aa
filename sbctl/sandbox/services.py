"""Which simulated services and which corrections of moto the sandbox has."""

from __future__ import annotations

from collections.abc import Mapping

from sbctl.sandbox.agenda import Agenda
from sbctl.sandbox.awslambda.functions import Functions
from sbctl.sandbox.awslambda.overrides import lambda_overrides
from sbctl.sandbox.clock import WorldClock
from sbctl.sandbox.connect.service import connect_service
from sbctl.sandbox.dynamodb.service import dynamodb_service
from sbctl.sandbox.dynamodb.surroundings import Faults
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.moto_backends import MotoBackends
from sbctl.sandbox.s3.overrides import s3_overrides
from sbctl.sandbox.service import Service

OWN = frozenset({"connect"})
"""Services that are wholly simulated here; of all others only single operations are."""


def services_of(
    clock: WorldClock,
    account: str,
    upstream: Upstream,
    functions: Functions,
    moto: MotoBackends,
    agenda: Agenda,
    faults: Faults,
) -> Mapping[str, Service]:
    """All of them, by boto3's name of the service."""
    return {
        "connect": connect_service(clock, account),
        "dynamodb": dynamodb_service(clock, account, upstream, moto, agenda, faults),
        "s3": s3_overrides(clock, account, upstream),
        "lambda": lambda_overrides(upstream, functions),
    }
