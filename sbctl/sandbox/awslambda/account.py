"""What an account may use of Lambda in a region, and what it uses. https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.quotas.quota import Quota
from sbctl.sandbox.quotas.service import ServiceQuotas
from sbctl.sandbox.service import Answer, Call, Operation

CONCURRENCY = "L-B99A9384"
QUOTAS = (Quota("lambda", CONCURRENCY, "Concurrent executions", 1000.0),)
"""https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
GB = 1024**3
MB = 1024**2


class Account:
    """The one operation that tells of the account. `reserved`: what functions of a region have reserved."""

    def __init__(self, upstream: Upstream, quotas: ServiceQuotas, reserved: Callable[[str], int]) -> None:
        self._upstream = upstream
        self._quotas = quotas
        self._reserved = reserved

    @property
    def operations(self) -> Mapping[str, Operation]:
        return {"GetAccountSettings": self.settings}

    def limit(self, region: str) -> int:
        """Concurrent executions of a region."""
        return int(self._quotas.value(region, CONCURRENCY))

    def settings(self, call: Call) -> Answer:
        executions = self.limit(call.region)
        functions = self._functions(call.region)
        return {
            "AccountLimit": {
                "TotalCodeSize": 75 * GB,
                "CodeSizeUnzipped": 250 * MB,
                "CodeSizeZipped": 50 * MB,
                "ConcurrentExecutions": executions,
                "UnreservedConcurrentExecutions": executions - self._reserved(call.region),
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
