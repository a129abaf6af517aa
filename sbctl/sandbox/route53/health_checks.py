"""Health checks: made once for a caller reference, changed under a version, deleted without a look at who refers to them.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHealthCheck.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sbctl.sandbox.route53.health import Observation
from sbctl.sandbox.route53.health_rules import EVERYWHERE, check_config, filled
from sbctl.sandbox.route53.paging import marked_page
from sbctl.sandbox.route53.quotas import refuse_more
from sbctl.sandbox.route53.store import HealthCheck, ZoneStore
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

NOT_SETTINGS = ("HealthCheckId", "HealthCheckVersion", "ResetElements")
CHECKERS: Mapping[str, str] = {
    "us-east-1": "15.177.2.0/23",
    "us-west-1": "15.177.6.0/23",
    "us-west-2": "15.177.10.0/23",
    "eu-west-1": "15.177.14.0/23",
    "ap-southeast-1": "15.177.18.0/23",
    "ap-southeast-2": "15.177.22.0/23",
    "ap-northeast-1": "15.177.26.0/23",
    "sa-east-1": "15.177.30.0/23",
}
"""Where the checkers of a region ask from: one range each of those that AWS lists in ip-ranges.json."""


class HealthChecks:
    """The operations on health checks."""

    def __init__(self, store: ZoneStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateHealthCheck": self.create,
            "GetHealthCheck": self.get,
            "ListHealthChecks": self.list_all,
            "UpdateHealthCheck": self.update,
            "DeleteHealthCheck": self.delete,
            "GetHealthCheckCount": self.count,
            "GetHealthCheckStatus": self.status,
            "GetHealthCheckLastFailureReason": self.last_failure,
            "GetCheckerIpRanges": self.checkers,
        }

    def create(self, call: Call) -> Answer:
        reference, config = call.params["CallerReference"], filled(call.params["HealthCheckConfig"])
        known = next((check for check in self._store.checks.values() if check.reference == reference), None)
        if reference in self._store.spent_references or (known is not None and not _same(known.config, config)):
            message = f"A health check has already been created with the specified caller reference: {reference}"
            raise ApiError("HealthCheckAlreadyExists", message, 409)
        check = known or self._make(reference, config)
        where = f"https://route53.amazonaws.com/2013-04-01/healthcheck/{check.id}"
        return {"HealthCheck": _shown(check), "Location": where}

    def _make(self, reference: str, config: dict[str, Any]) -> HealthCheck:
        check_config(config, config.get("ChildHealthChecks") or (), self._configs())
        refuse_more("MAX_HEALTH_CHECKS_BY_OWNER", len(self._store.checks), "TooManyHealthChecks")
        check = HealthCheck(str(uuid4()), reference, config)
        self._store.checks[check.id] = check
        return check

    def _configs(self) -> dict[str, dict[str, Any]]:
        return {check.id: check.config for check in self._store.checks.values()}

    def get(self, call: Call) -> Answer:
        return {"HealthCheck": _shown(self._store.check(call.params["HealthCheckId"]))}

    def list_all(self, call: Call) -> Answer:
        found, members = marked_page([*self._store.checks.values()], lambda check: check.id, call.params)
        return {"HealthChecks": [_shown(check) for check in found], **members}

    def update(self, call: Call) -> Answer:
        params = call.params
        check = self._store.check(params["HealthCheckId"])
        version = params.get("HealthCheckVersion")
        if version is not None and version != check.version:
            message = f"The health check {check.id} has version {check.version}, and not {version}"
            raise ApiError("HealthCheckVersionMismatch", message, 409)
        given = {name: value for name, value in params.items() if name not in NOT_SETTINGS and value is not None}
        reset = set(params.get("ResetElements") or ())
        if "IPAddress" in given and "IPAddress" not in check.config:
            raise ApiError("InvalidInput", "IPAddress can be changed, but not added to an existing health check")
        if reset & given.keys():
            raise ApiError("InvalidInput", f"{', '.join(sorted(reset & given.keys()))} is both given and reset")
        config = {name: value for name, value in check.config.items() if name not in reset} | given
        if "ChildHealthChecks" in reset:
            config["ChildHealthChecks"] = []
        check_config(config, given.get("ChildHealthChecks") or (), self._configs())
        check.config = config
        check.version += 1
        return {"HealthCheck": _shown(check)}

    def delete(self, call: Call) -> Answer:
        check = self._store.check(call.params["HealthCheckId"])
        del self._store.checks[check.id]
        self._store.spent_references.add(check.reference)
        self._store.health.forget(check.id)
        return {}

    def count(self, call: Call) -> Answer:  # noqa: ARG002
        return {"HealthCheckCount": len(self._store.checks)}

    def status(self, call: Call) -> Answer:
        check = self._observed(call)
        return {"HealthCheckObservations": _observations(check, self._store.health.last(check.id))}

    def last_failure(self, call: Call) -> Answer:
        check = self._observed(call)
        return {"HealthCheckObservations": _observations(check, self._store.health.last_failure(check.id))}

    def _observed(self, call: Call) -> HealthCheck:
        check = self._store.check(call.params["HealthCheckId"])
        if check.config["Type"] == "CALCULATED":
            raise ApiError("InvalidInput", "The status of a calculated health check is not available by this API")
        return check

    def checkers(self, call: Call) -> Answer:  # noqa: ARG002
        return {"CheckerIpRanges": [*CHECKERS.values()]}


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two configurations say the same. The order of children and of regions says nothing."""
    return _comparable(one) == _comparable(other)


def _comparable(config: Mapping[str, Any]) -> dict[str, Any]:
    return {name: sorted(value) if isinstance(value, list) else value for name, value in config.items()}


def _shown(check: HealthCheck) -> dict[str, Any]:
    return {
        "Id": check.id,
        "CallerReference": check.reference,
        "HealthCheckConfig": dict(check.config),
        "HealthCheckVersion": check.version,
    }


def _observations(check: HealthCheck, seen: Observation | None) -> list[dict[str, Any]]:
    """One row for each region that checks; all saw the same. None before the first data."""
    if seen is None:
        return []
    report = {"Status": seen.reason, "CheckedTime": seen.at}
    regions = check.config.get("Regions") or EVERYWHERE
    addresses = {region: CHECKERS[region].replace(".0/23", ".10") for region in regions}
    return [{"Region": region, "IPAddress": ip, "StatusReport": report} for region, ip in addresses.items()]
