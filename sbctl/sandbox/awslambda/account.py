"""What an account may use of Lambda in a region, and what it uses. https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.quotas.service import ServiceQuotas
from sbctl.sandbox.service import Answer, Call, Operation

CONCURRENCY = "L-B99A9384"
GB = 1024**3
MB = 1024**2


class Account:
    """The one operation that tells of the account. No function reserves concurrency here, so all of it is unreserved."""

    def __init__(self, upstream: Upstream, quotas: ServiceQuotas) -> None:
        self._upstream = upstream
        self._quotas = quotas

    @property
    def operations(self) -> Mapping[str, Operation]:
        return {"GetAccountSettings": self.settings}

    def settings(self, call: Call) -> Answer:
        executions = int(self._quotas.value(call.region, CONCURRENCY))
        functions = self._functions(call.region)
        return {
            "AccountLimit": {
                "TotalCodeSize": 75 * GB,
                "CodeSizeUnzipped": 250 * MB,
                "CodeSizeZipped": 50 * MB,
                "ConcurrentExecutions": executions,
                "UnreservedConcurrentExecutions": executions,
            },
            "AccountUsage": {
                "TotalCodeSize": sum(function["CodeSize"] for function in functions),
                "FunctionCount": len(functions),
            },
        }

    def _functions(self, region: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        marker: dict[str, Any] = {}
        while True:
            page = self._upstream.call("lambda", "ListFunctions", region, marker)
            found += page.get("Functions") or []
            if not page.get("NextMarker"):
                return found
            marker = {"Marker": page["NextMarker"]}
