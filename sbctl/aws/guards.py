"""Two layers that refuse: one refuses to write, one refuses to keep asking a region that does not answer."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from sbctl.aws.reads import is_read
from sbctl.core.problem import AwsError, Problem, SbctlError
from sbctl.core.resource import AwsCalls

GIVE_UP_AFTER = 2


class ReadOnly:
    """Lets reads through and nothing else: a plan cannot change anything, whatever a kind does."""

    def __init__(self, inner: AwsCalls) -> None:
        self._inner = inner

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        if not is_read(operation):
            raise SbctlError(
                Problem(
                    code="write-in-plan",
                    summary="A write was attempted while only reading is allowed",
                    detail=f"{service}:{operation} in {region}",
                    fix="This is a fault of sbctl; please report it.",
                )
            )
        return self._inner.call(service, operation, region, **params)

    def wait(self, seconds: float, reason: str) -> None:
        self._inner.wait(seconds, reason)


class Breaker:
    """Fails calls to a (service, region) at once after it failed to answer twice in a row: a dead region costs seconds.

    It stays so for the rest of the run; the next run asks again.
    """

    def __init__(self, inner: AwsCalls) -> None:
        self._inner = inner
        self._lock = threading.Lock()
        self._misses: Counter[tuple[str, str]] = Counter()

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        key = (service, region)
        with self._lock:
            broken = self._misses[key] >= GIVE_UP_AFTER
        if broken:
            raise AwsError(
                "Unreachable",
                "it did not answer before in this run",
                service=service,
                operation=operation,
                region=region,
            )
        try:
            answer = self._inner.call(service, operation, region, **params)
        except AwsError as error:
            with self._lock:
                self._misses[key] = self._misses[key] + 1 if error.unreachable else 0
            raise
        with self._lock:
            self._misses[key] = 0
        return answer

    def wait(self, seconds: float, reason: str) -> None:
        self._inner.wait(seconds, reason)
