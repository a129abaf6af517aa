"""Layers that refuse: to write at all, to write anything but canaries, to keep asking a region that does not answer."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sbctl.aws.reads import is_read
from sbctl.core.aws_error import AwsError
from sbctl.core.canary import is_canary_key, is_canary_object
from sbctl.core.problem import Problem, SbctlError
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


class CanaryOnly:
    """Lets reads through, and of writes only those of canaries: items and objects that can be nobody's data.

    An item must be new under a canary's key, a deletion must name one; an object is put under the canaries' prefix, and
    deleted one version at a time, since a delete marker would be a write of its own that replicates.
    """

    def __init__(self, inner: AwsCalls) -> None:
        self._inner = inner

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        if not is_read(operation) and not _writes_canary(service, operation, params):
            raise SbctlError(
                Problem(
                    code="write-in-check",
                    summary="A check attempted to write something that is no canary",
                    detail=f"{service}:{operation} in {region}",
                    fix="This is a fault of sbctl; please report it.",
                )
            )
        return self._inner.call(service, operation, region, **params)

    def wait(self, seconds: float, reason: str) -> None:
        self._inner.wait(seconds, reason)


def _writes_canary(service: str, operation: str, params: Mapping[str, Any]) -> bool:
    match service, operation:
        case "dynamodb", "PutItem":
            key = params.get("ExpressionAttributeNames", {}).get("#key", "")
            is_new = params.get("ConditionExpression") == "attribute_not_exists(#key)"
            return is_new and is_canary_key({key: params.get("Item", {}).get(key, {})})
        case "dynamodb", "DeleteItem":
            return is_canary_key(params.get("Key", {}))
        case "s3", "PutObject":
            return is_canary_object(params)
        case "s3", "DeleteObject":
            return is_canary_object(params) and bool(params.get("VersionId"))
    return False


class Breaker:
    """Fails calls to a (service, region) at once after it failed to answer twice in a row: a dead region costs seconds.

    It stays so for the rest of the run; the next run asks again.
    """

    def __init__(self, inner: AwsCalls) -> None:
        self._inner = inner
        self._lock = threading.Lock()
        self._misses: Counter[tuple[str, str]] = Counter()
        self._why: dict[tuple[str, str], str] = {}

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        key = (service, region)
        with self._lock:
            broken = self._misses[key] >= GIVE_UP_AFTER
        if broken:
            raise AwsError(
                "Unreachable",
                f"it did not answer before in this run ({self._why[key]})",
                service=service,
                operation=operation,
                region=region,
            )
        try:
            answer = self._inner.call(service, operation, region, **params)
        except AwsError as error:
            with self._lock:
                self._misses[key] = self._misses[key] + 1 if error.unreachable else 0
                self._why[key] = error.message
            raise
        with self._lock:
            self._misses[key] = 0
        return answer

    def wait(self, seconds: float, reason: str) -> None:
        self._inner.wait(seconds, reason)
