"""Service Quotas, for the quotas that a failover rests on: those of a Connect instance, and Lambda's concurrency.

An increase is asked for as on AWS and answered PENDING, but takes effect at once: nobody reviews it here.
https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sbctl.sandbox.quotas.quota import Quota
from sbctl.sandbox.service import Answer, ApiError, Call, Operation, alone
from sbctl.sandbox.snapshot.part import Part, Whole
from sbctl.sandbox.time.clock import WorldClock

PAGE = 100
EVERY_RESOURCE = "*"
NAMES = {"connect": "Amazon Connect", "lambda": "AWS Lambda"}


class ServiceQuotas:
    """The quotas of one account, region by region. What it models is exact; all other quotas are unknown to it."""

    name = "service-quotas"
    roughly = frozenset({"RequestServiceQuotaIncrease"})
    differs = ("Only the quotas that a failover rests on are known; an increase takes effect at once.",)

    def __init__(self, clock: WorldClock, quotas: Iterable[Quota]) -> None:
        self._clock = clock
        self._quotas = tuple(quotas)
        self._lock = threading.RLock()
        self._applied: dict[tuple[str, str, str], float] = {}
        """Values by region, quota and resource ("*" for all of the account)."""

    @property
    def operations(self) -> Mapping[str, Operation]:
        parts: dict[str, Operation] = {
            "GetServiceQuota": self.get,
            "ListServiceQuotas": self.list_page,
            "RequestServiceQuotaIncrease": self.request,
        }
        return {name: alone(self._lock, operation) for name, operation in parts.items()}

    def reset(self) -> None:
        with self._lock:
            self._applied.clear()

    @property
    def parts(self) -> Iterable[Part]:
        return [Whole(self.name, lambda: self._applied, self._put_back, lambda: self._lock)]

    def _put_back(self, state: Any) -> None:
        self._applied = state

    def value(self, region: str, code: str) -> float:
        """What applies to the account in a region."""
        found = next(quota for quota in self._quotas if quota.code == code)
        with self._lock:
            return self._applied.get((region, code, EVERY_RESOURCE), found.default)

    def raised(self, region: str, code: str, *resources: str) -> float | None:
        """What was applied to a quota of a resource (its id, its ARN) or of the whole account; None where it has its default."""
        with self._lock:
            found = (self._applied.get((region, code, resource)) for resource in (*resources, EVERY_RESOURCE))
            return next((value for value in found if value is not None), None)

    def apply(self, region: str, code: str, value: float) -> None:
        """Give the account a quota of its own, a lower one too: new accounts have less than AWS's defaults."""
        with self._lock:
            self._applied[(region, code, EVERY_RESOURCE)] = value

    def get(self, call: Call) -> Answer:
        return {"Quota": self._shown(call, self._quota(call), call.params.get("ContextId", ""))}

    def list_page(self, call: Call) -> Answer:
        """All of a service on one page: there are fewer than a page holds."""
        found = [quota for quota in self._quotas if quota.service == call.params["ServiceCode"]]
        if not found:
            raise ApiError("NoSuchResourceException", f"Service {call.params['ServiceCode']} is not modelled here.")
        return {"Quotas": [self._shown(call, quota, "") for quota in found]}

    def request(self, call: Call) -> Answer:
        quota, resource = self._quota(call), call.params.get("ContextId", "")
        desired = float(call.params["DesiredValue"])
        if desired <= self._value(call, quota, resource):
            raise ApiError(
                "InvalidResourceStateException", "The requested value must be greater than the current value."
            )
        self._applied[(call.region, quota.code, resource or EVERY_RESOURCE)] = desired
        return {
            "RequestedQuota": {
                "Id": uuid.uuid4().hex,
                "ServiceCode": quota.service,
                "ServiceName": NAMES[quota.service],
                "QuotaCode": quota.code,
                "QuotaName": quota.name,
                "DesiredValue": desired,
                "Status": "PENDING",
                "Created": self._clock.now(),
                "GlobalQuota": False,
                "Unit": "None",
            }
        }

    def _quota(self, call: Call) -> Quota:
        asked = (call.params["ServiceCode"], call.params["QuotaCode"])
        for quota in self._quotas:
            if (quota.service, quota.code) == asked:
                return quota
        raise ApiError("NoSuchResourceException", f"The quota {asked[1]} of {asked[0]} is not modelled here.")

    def _value(self, call: Call, quota: Quota, resource: str) -> float:
        everywhere = self._applied.get((call.region, quota.code, EVERY_RESOURCE), quota.default)
        return self._applied.get((call.region, quota.code, resource), everywhere)

    def _shown(self, call: Call, quota: Quota, resource: str) -> Answer:
        shown: Answer = {
            "ServiceCode": quota.service,
            "ServiceName": NAMES[quota.service],
            "QuotaArn": f"arn:aws:servicequotas:{call.region}:{call.account}:{quota.service}/{quota.code}",
            "QuotaCode": quota.code,
            "QuotaName": quota.name,
            "Value": self._value(call, quota, resource),
            "Unit": "None",
            "Adjustable": True,
            "GlobalQuota": False,
            "QuotaAppliedAtLevel": "RESOURCE" if quota.context else "ACCOUNT",
        }
        if quota.context:
            scope = {"ContextScope": "RESOURCE", "ContextScopeType": quota.context}
            shown["QuotaContext"] = {**scope, "ContextId": resource or EVERY_RESOURCE}
        return shown
