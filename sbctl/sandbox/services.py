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
from sbctl.sandbox.connect.running.functions import Functions
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


def _asked(on: ServiceContext, service: Service, operation: str, region: str, params: Mapping[str, Any]) -> Answer:
    """An operation of a service, whoever answers it."""
    simulated = service.operations.get(operation)
    if simulated is None:
        return on.upstream.call(service.name, operation, region, params)
    return simulated(Call(service.name, operation, region, on.account, params))


def _run(on: ServiceContext, region: str, function: str, event: Any) -> Invoked:
    outcome = on.runner.run(region, function, event)
    return outcome.payload, outcome.error


def _broken(on: ServiceContext, region: str) -> str:
    """The kind of the fault that breaks an invocation in a region now; "" for none."""
    fault = on.faults.breaking(region, "lambda", "Invoke")
    return fault.kind if fault is not None else ""


def _is_lost(on: ServiceContext, region: str) -> bool:
    return on.faults.service_is_down("connect", region)


def services_of(on: ServiceContext) -> Mapping[str, Service]:
    """All of them, by boto3's name of the service."""
    roles = Roles(on.clock, on.upstream)
    quotas = ServiceQuotas(on.clock, (*told(), *QUOTAS))
    fails = partial(on.faults.fails_creation, "connect")
    lambdas = lambda_overrides(on, roles, quotas)
    functions = Functions(partial(_run, on), partial(_asked, on, lambdas), partial(_broken, on))
    around = Surroundings(on.scheduler, functions.invoke, partial(_is_lost, on), on.faults.listen)
    connect = connect_service(on.clock, on.account, on.upstream, fails, quotas.raised, around)
    buckets = s3_service(on.clock, on.account, on.upstream, on.moto, on.scheduler, on.faults)
    found: dict[str, Service] = {
        "iam": iam_overrides(on.upstream, roles),
        "cloudwatch": cloudwatch_overrides(on),
        "connect": connect,
        "route53": on.route53,
        "dynamodb": DynamoDbService(on),
        "s3": buckets,
        "lambda": lambdas,
        "kms": KmsOverrides(on.upstream),
        "service-quotas": quotas,
        "connectparticipant": ParticipantService(lambda: connect.chats),
    }
    connect.sinks = sinks_of(on, buckets.relays["PutObject"])

    def ask(service: str, operation: str, region: str, params: Mapping[str, Any]) -> Answer:
        if service in found:
            return _asked(on, found[service], operation, region, params)
        return on.upstream.call(service, operation, region, params)

    own = {"connect": connect.tagged, "route53": on.route53.tagged}
    return {**found, "resourcegroupstaggingapi": tagging_service(on.clock, ask, own)}
