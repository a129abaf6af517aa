"""Which simulated services and which corrections of moto the sandbox has."""

from __future__ import annotations

from collections.abc import Mapping

from sbctl.sandbox.awslambda.overrides import lambda_overrides
from sbctl.sandbox.clock import WorldClock
from sbctl.sandbox.cloudwatch.overrides import cloudwatch_overrides
from sbctl.sandbox.connect.service import connect_service
from sbctl.sandbox.dynamodb.overrides import dynamodb_overrides
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.iam.overrides import iam_overrides
from sbctl.sandbox.iam.roles import Roles
from sbctl.sandbox.s3.overrides import s3_overrides
from sbctl.sandbox.service import Service

OWN = frozenset({"connect"})
"""Services that are wholly simulated here; of all others only single operations are."""


def services_of(clock: WorldClock, account: str, upstream: Upstream) -> Mapping[str, Service]:
    """All of them, by boto3's name of the service."""
    roles = Roles(clock, upstream)
    return {
        "cloudwatch": cloudwatch_overrides(upstream),
        "connect": connect_service(clock, account),
        "dynamodb": dynamodb_overrides(clock, account, upstream),
        "s3": s3_overrides(clock, account, upstream),
        "iam": iam_overrides(upstream, roles),
        "lambda": lambda_overrides(clock, upstream, roles),
    }
