"""Which simulated services and which corrections of moto the sandbox has."""

from __future__ import annotations

from collections.abc import Mapping

from sbctl.sandbox.awslambda.functions import Functions
from sbctl.sandbox.awslambda.overrides import lambda_overrides
from sbctl.sandbox.clock import WorldClock
from sbctl.sandbox.connect.service import connect_service
from sbctl.sandbox.dynamodb.service import DynamoDbService
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.route53.service import Route53Service
from sbctl.sandbox.s3.overrides import s3_overrides
from sbctl.sandbox.service import Service

OWN = frozenset({"connect", "route53"})
"""Services that are wholly simulated here; of all others only single operations are."""


def services_of(
    clock: WorldClock,
    account: str,
    upstream: Upstream,
    functions: Functions,
    route53: Route53Service,
    dynamodb: DynamoDbService,
) -> Mapping[str, Service]:
    """All of them, by boto3's name of the service."""
    return {
        "connect": connect_service(clock, account),
        "route53": route53,
        "dynamodb": dynamodb,
        "s3": s3_overrides(clock, account, upstream),
        "lambda": lambda_overrides(upstream, functions),
    }
