"""Reserved concurrency: kept within what the account has, and told as AWS tells it, zero too.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sbctl.sandbox.awslambda.functions import function_name
from sbctl.sandbox.awslambda.settings import invalid
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.service import Answer, Call, Operation

UNRESERVED = 100
SMALL = 10
"""What stays unreserved; in an account that has no more than the first, the second."""


class Concurrency:
    """The operation that reserves, and what is reserved. Not thread-safe: the service calls it under its lock.

    `limit` is the account's, by region.
    """

    def __init__(self, upstream: Upstream, limit: Callable[[str], int]) -> None:
        self._upstream = upstream
        self._limit = limit

    @property
    def operations(self) -> Mapping[str, Operation]:
        return {"PutFunctionConcurrency": self.put}

    def put(self, call: Call) -> Answer:
        """Raises ApiError when too little would be left for functions without a reservation."""
        limit, name = self._limit(call.region), function_name(call.params["FunctionName"])
        wanted = int(call.params["ReservedConcurrentExecutions"])
        self._upstream.call("lambda", "GetFunctionConfiguration", call.region, {"FunctionName": name})
        least = UNRESERVED if limit > UNRESERVED else min(SMALL, limit)
        if limit - self.reserved(call.region, but=name) - wanted < least:
            raise invalid(
                "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
                f"below its minimum value of [{least}]."
            )
        self._upstream.call("lambda", "PutFunctionConcurrency", call.region, call.params)
        return {"ReservedConcurrentExecutions": wanted}

    def reserved(self, region: str, but: str = "") -> int:
        """All that functions of a region have reserved, `but` one."""
        names = [name for name in self._names(region) if name != but]
        return sum(self._of(region, name) or 0 for name in names)

    def shown(self, region: str, name: str, found: Answer) -> Answer:
        """GetFunction's answer, with what is reserved, 0 too."""
        reserved = self._of(region, name)
        return found if reserved is None else {**found, "Concurrency": {"ReservedConcurrentExecutions": reserved}}

    def _of(self, region: str, name: str) -> int | None:
        found = self._upstream.call("lambda", "GetFunctionConcurrency", region, {"FunctionName": name})
        reserved = found.get("ReservedConcurrentExecutions")
        return None if reserved is None else int(reserved)

    def _names(self, region: str) -> list[str]:
        found: list[str] = []
        marker: dict[str, Any] = {}
        while True:
            page = self._upstream.call("lambda", "ListFunctions", region, marker)
            found += [function["FunctionName"] for function in page.get("Functions") or ()]
            if not page.get("NextMarker"):
                return found
            marker = {"Marker": page["NextMarker"]}
