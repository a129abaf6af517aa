"""Which simulated services and which corrections of moto the sandbox has."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sbctl.sandbox.awslambda.account import QUOTAS
from sbctl.sandbox.awslambda.overrides import lambda_overrides
from sbctl.sandbox.cloudwatch.overrides import cloudwatch_overrides
from sbctl.sandbox.connect.contacts.live.ground import Invoked, Surroundings
from sbctl.sandbox.connect.part import told
from sbctl.sandbox.connect.service import connect_service
from sbctl.sandbox.connect_sinks import sinks_of
from sbctl.sandbox.context import ServiceContext
from sbctl.sandbox.dynamodb.service import DynamoDbService
from sbctl.sandbox.iam.overrides import iam_overrides
from sbctl.sandbox.iam.roles import Roles
from sbctl.sandbox.kms.service import KmsOverrides
from sbctl.sandbox.participant.service import ParticipantService
from sbctl.sandbox.quotas.service import ServiceQuotas
from sbctl.sandbox.s3.service import s3_service
from sbctl.sandbox.service import Answer, Call, Service
from sbctl.sandbox.tagging.service import tagging_service

OWN = frozenset({"connect", "connectparticipant", "resourcegroupstaggingapi", "route53", "service-quotas"})
"""Services that are wholly simulated here; of all others only single operations are."""


def _invoked(on: ServiceContext, region: str, function: str, event: Any) -> Invoked:
    """Run a function for a contact, where its ARN says that it is; by its name in the contact's region."""
    parts = function.split(":")
    outcome = on.runner.run(parts[3] if len(parts) > 5 else region, ":".join(parts[6:]) or function, event)
    return outcome.payload, outcome.error


def _is_lost(on: ServiceContext, region: str) -> bool:
    return on.faults.service_is_down("connect", region)


def services_of(on: ServiceContext) -> Mapping[str, Service]:
    """All of them, by boto3's name of the service."""
    roles = Roles(on.clock, on.upstream)
    quotas = ServiceQuotas(on.clock, (*told(), *QUOTAS))
    fails = partial(on.faults.fails_creation, "connect")
    around = Surroundings(on.scheduler, partial(_invoked, on), partial(_is_lost, on), on.faults.listen)
    connect = connect_service(on.clock, on.account, on.upstream, fails, quotas.raised, around)
    buckets = s3_service(on.clock, on.account, on.upstream, on.moto, on.scheduler, on.faults)
    found: dict[str, Service] = {
        "iam": iam_overrides(on.upstream, roles),
        "cloudwatch": cloudwatch_overrides(on),
        "connect": connect,
        "route53": on.route53,
        "dynamodb": DynamoDbService(on),
        "s3": buckets,
        "lambda": lambda_overrides(on, roles, quotas),
        "kms": KmsOverrides(on.upstream),
        "service-quotas": quotas,
        "connectparticipant": ParticipantService(lambda: connect.chats),
    }
    connect.sinks = sinks_of(on, buckets.relays["PutObject"])

    def ask(service: str, operation: str, region: str, params: Mapping[str, Any]) -> Answer:
        simulated = found[service].operations.get(operation) if service in found else None
        if simulated is None:
            return on.upstream.call(service, operation, region, params)
        return simulated(Call(service, operation, region, on.account, params))

    own = {"connect": connect.tagged, "route53": on.route53.tagged}
    return {**found, "resourcegroupstaggingapi": tagging_service(on.clock, ask, own)}
