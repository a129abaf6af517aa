"""Operations on health checks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sbctl.sandbox.route53 import health_rules
from sbctl.sandbox.route53.store import Book, Check, page
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

CHECKERS = {
    "us-east-1": "15.177.2.10",
    "us-west-1": "15.177.10.10",
    "us-west-2": "15.177.14.10",
    "eu-west-1": "15.177.18.10",
    "ap-southeast-1": "15.177.22.10",
    "ap-southeast-2": "15.177.26.10",
    "ap-northeast-1": "15.177.30.10",
    "sa-east-1": "15.177.34.10",
}
"""The regions that check, with an address of a checker each."""
RESET: Mapping[str, Any] = {
    "ChildHealthChecks": [],
    "FullyQualifiedDomainName": None,
    "Regions": None,
    "ResourcePath": None,
}
QUOTA = 200


class HealthChecks:
    """Health checks of an account."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateHealthCheck": self.create,
            "GetHealthCheck": lambda call: {"HealthCheck": shown(self._named(call))},
            "ListHealthChecks": self.list,
            "UpdateHealthCheck": self.update,
            "DeleteHealthCheck": self.delete,
            "GetHealthCheckCount": lambda _: {"HealthCheckCount": len(self._book.checks)},
            "GetHealthCheckStatus": self.status,
            "GetHealthCheckLastFailureReason": self.last_failure,
            "GetCheckerIpRanges": lambda _: {"CheckerIpRanges": [f"{ip}/32" for ip in CHECKERS.values()]},
        }

    def create(self, call: Call) -> Answer:
        reference, asked = str(call.params["CallerReference"]), dict(call.params["HealthCheckConfig"])
        known = next((check for check in self._book.checks.values() if check.reference == reference), None)
        if known is not None and known.asked == asked:
            return _created(known)
        if known is not None or reference in self._book.used_references:
            text = f"A health check with the caller reference {reference} exists already with other settings, or did before"
            raise ApiError("HealthCheckAlreadyExists", text, 409)
        if len(self._book.checks) >= QUOTA:
            raise ApiError("TooManyHealthChecks", f"Limits Exceeded: {QUOTA} health checks", 400)
        config = health_rules.with_defaults(asked)
        health_rules.check(config, self._book.checks)
        check = Check(str(uuid4()), reference, config, asked, self._book.clock.seconds())
        self._book.checks[check.id] = check
        self._book.used_references.add(reference)
        return _created(check)

    def list(self, call: Call) -> Answer:
        rows = sorted(self._book.checks)
        marker = str(call.params.get("Marker") or "")
        if marker and marker not in rows:
            raise ApiError("InvalidInput", f"The marker {marker} is not known", 400)
        found, after = page([row for row in rows if row >= marker], call.params.get("MaxItems"))
        answer: Answer = {
            "HealthChecks": [shown(self._book.checks[row]) for row in found],
            "IsTruncated": after is not None,
            "MaxItems": str(call.params.get("MaxItems") or 100),
            "Marker": marker,
        }
        return {**answer, "NextMarker": after} if after else answer

    def update(self, call: Call) -> Answer:
        check, params = self._named(call), dict(call.params)
        params.pop("HealthCheckId")
        version = params.pop("HealthCheckVersion", None)
        if version is not None and version != check.version:
            text = f"The value of HealthCheckVersion, {version}, is not the current one, {check.version}"
            raise ApiError("HealthCheckVersionMismatch", text, 409)
        changed = dict(check.config)
        for element in params.pop("ResetElements", None) or ():
            changed.pop(element, None)
            if RESET[element] is not None:
                changed[element] = RESET[element]
        changed.update(params)
        health_rules.check(changed, {other: one for other, one in self._book.checks.items() if other != check.id})
        check.config, check.version = changed, check.version + 1
        return {"HealthCheck": shown(check)}

    def delete(self, call: Call) -> Answer:
        """AWS does not look whether records still use it."""
        check = self._named(call)
        del self._book.checks[check.id]
        self._book.health.forget(check.id)
        self._book.tags.pop(("healthcheck", check.id), None)
        return {}

    def status(self, call: Call) -> Answer:
        check = self._named(call)
        if check.config["Type"] == "CALCULATED":
            raise ApiError("InvalidInput", "The status of a calculated health check has no observations", 400)
        seen = self._book.health.seen(check.id)
        return {"HealthCheckObservations": _observations(check, seen.text, seen.at) if seen else []}

    def last_failure(self, call: Call) -> Answer:
        check = self._named(call)
        seen = self._book.health.seen(check.id)
        failed = seen is not None and bool(seen.failure)
        return {
            "HealthCheckObservations": _observations(check, seen.failure, seen.failed_at) if seen and failed else []
        }

    def _named(self, call: Call) -> Check:
        return self._book.check(str(call.params["HealthCheckId"]))


def shown(check: Check) -> dict[str, Any]:
    """A health check as answers have it."""
    return {
        "Id": check.id,
        "CallerReference": check.reference,
        "HealthCheckConfig": check.config,
        "HealthCheckVersion": check.version,
    }


def _created(check: Check) -> Answer:
    return {"HealthCheck": shown(check), "Location": f"https://route53.amazonaws.com/2013-04-01/healthcheck/{check.id}"}


def _observations(check: Check, text: str, at: float) -> list[dict[str, Any]]:
    when = datetime.fromtimestamp(at, UTC)
    return [
        {"Region": region, "IPAddress": CHECKERS[region], "StatusReport": {"Status": text, "CheckedTime": when}}
        for region in check.config.get("Regions") or CHECKERS
    ]
