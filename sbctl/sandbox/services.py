"""Which simulated services and which corrections of moto the sandbox has."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

from sbctl.sandbox.clock import WorldClock
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.service import Service

OWN = frozenset({"connect", "route53"})
"""Services that are wholly simulated here; of all others only single operations are."""


def services_of(clock: WorldClock, account: str, upstream: Upstream) -> Mapping[str, Service]:
    """All of them, by boto3's name of the service."""
    found: dict[str, Service] = {}
    for name, place, factory, args in (
        ("connect", "connect.service", "connect_service", (clock, account)),
        ("route53", "route53.service", "route53_service", (clock, account)),
        ("dynamodb", "dynamodb.overrides", "dynamodb_overrides", (clock, account, upstream)),
        ("s3", "s3.overrides", "s3_overrides", (clock, account, upstream)),
        ("lambda", "awslambda.overrides", "lambda_overrides", (clock, account, upstream)),
        ("cloudwatch", "cloudwatch.overrides", "cloudwatch_overrides", (clock, account, upstream)),
        ("iam", "iam.overrides", "iam_overrides", (clock, account, upstream)),
    ):
        try:
            module = importlib.import_module(f"sbctl.sandbox.{place}")
        except ImportError:
            continue
        found[name] = getattr(module, factory)(*args)
    return found
