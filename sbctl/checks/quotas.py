"""The quotas that a failover rests on: what a standby may carry must not be less than what it takes over.

Quotas of Connect belong to one instance, so an increase in one region says nothing of the other (connect-api 1.5).
https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.facts import Quota

CALLS = frozenset({"service-quotas:GetServiceQuota", "lambda:GetAccountSettings"})
"""What is asked; IAM policies are derived from this."""
NOT_TOLD = frozenset({"NoSuchResourceException"})


@dataclass(frozen=True)
class Allowed:
    """What a region may use. `value` None: unknown, and `why` says why; `told` False: AWS itself does not tell."""

    quota: Quota
    region: str
    value: float | None
    why: str = ""
    told: bool = True
    error: AwsError | None = None


def allowed(aws: AwsCalls, region: str, instance: str, quotas: Iterable[Quota]) -> tuple[Allowed, ...]:
    """These quotas in a region; without those of Connect where `instance`, the ARN of its Connect instance, is empty."""
    asked = [quota for quota in quotas if instance or not quota.per_instance]
    return tuple(_one(aws, region, quota, instance) for quota in asked)


def _one(aws: AwsCalls, region: str, quota: Quota, instance: str) -> Allowed:
    try:
        return Allowed(quota, region, _value(aws, region, quota, instance))
    except AwsError as error:
        if error.code in NOT_TOLD:
            return Allowed(quota, region, None, "AWS does not tell it", told=False)
        why = f"{region} does not answer" if error.unreachable else f"{error.service}:{error.operation}: {error.code}"
        return Allowed(quota, region, None, why, error=error)


def _value(aws: AwsCalls, region: str, quota: Quota, instance: str) -> float:
    if quota.per_instance:
        context: dict[str, Any] = {"ContextId": instance}
        asked = {"ServiceCode": quota.service, "QuotaCode": quota.code, **context}
        return float(aws.call("service-quotas", "GetServiceQuota", region, **asked)["Quota"]["Value"])
    # Lambda tells what applies itself; Service Quotas may still show the default then.
    settings = aws.call("lambda", "GetAccountSettings", region)
    return float(settings["AccountLimit"]["ConcurrentExecutions"])


def increase(quota: Quota, region: str, instance: str, value: float) -> str:
    """The command that asks AWS for a quota."""
    context = f" --context-id {instance}" if quota.per_instance else ""
    return (
        f"aws service-quotas request-service-quota-increase --service-code {quota.service} --quota-code {quota.code}"
        f"{context} --desired-value {value:g} --region {region}"
    )
