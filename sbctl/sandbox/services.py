"""Which simulated services and which corrections of moto the sandbox has."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sbctl.sandbox.awslambda.account import QUOTAS
from sbctl.sandbox.awslambda.overrides import lambda_overrides
from sbctl.sandbox.cloudwatch.overrides import cloudwatch_overrides
from sbctl.sandbox.connect.part import told
from sbctl.sandbox.connect.service import connect_service
from sbctl.sandbox.context import ServiceContext
from sbctl.sandbox.dynamodb.service import DynamoDbService
from sbctl.sandbox.iam.overrides import iam_overrides
from sbctl.sandbox.iam.roles import Roles
from sbctl.sandbox.kms.service import KmsOverrides
from sbctl.sandbox.quotas.service import ServiceQuotas
from sbctl.sandbox.s3.service import s3_service
from sbctl.sandbox.service import Answer, Call, Service
from sbctl.sandbox.tagging.service import tagging_service

OWN = frozenset({"connect", "resourcegroupstaggingapi", "route53", "service-quotas"})
"""Services that are wholly simulated here; of all others only single operations are."""


def services_of(on: ServiceContext) -> Mapping[str, Service]:
    """All of them, by boto3's name of the service."""
    roles = Roles(on.clock, on.upstream)
    quotas = ServiceQuotas(on.clock, (*told(), *QUOTAS))
    fails = partial(on.faults.fails_creation, "connect")
    connect = connect_service(on.clock, on.account, on.upstream, fails, quotas.raised)
    found: dict[str, Service] = {
        "iam": iam_overrides(on.upstream, roles),
        "cloudwatch": cloudwatch_overrides(on),
        "connect": connect,
        "route53": on.route53,
        "dynamodb": DynamoDbService(on),
        "s3": s3_service(on.clock, on.account, on.upstream, on.moto, on.scheduler, on.faults),
        "lambda": lambda_overrides(on, roles, quotas),
        "kms": KmsOverrides(on.upstream),
        "service-quotas": quotas,
    }

    def ask(service: str, operation: str, region: str, params: Mapping[str, Any]) -> Answer:
        simulated = found[service].operations.get(operation) if service in found else None
        if simulated is None:
            return on.upstream.call(service, operation, region, params)
        return simulated(Call(service, operation, region, on.account, params))

    own = {"connect": connect.tagged, "route53": on.route53.tagged}
    return {**found, "resourcegroupstaggingapi": tagging_service(on.clock, ask, own)}
