"""Layers that refuse: to write at all, to write anything but canaries, to keep asking a region that does not answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.aws.layers.silence import Place, Silence
from sbctl.aws.reads import is_read
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import NEVER_SENT, NOT_SIGNED, AwsError
from sbctl.core.clock import Clock
from sbctl.core.moving.canary import is_canary_key, is_canary_object
from sbctl.core.problem import Problem, SbctlError

COSTLY_SECONDS = 1.5
"""A connection that is cut at once may be an accident; one that was silent for so long before is not tried again."""


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
    """Fails calls to a service in a region at once when it is known to be silent, until the end of the run; the next one asks.

    Where nothing has answered yet, one call goes first and the others wait for it. With a `clock` it is enough that this one
    waited in vain; otherwise, and where something has answered before, it takes two misses in a row.
    """

    def __init__(self, inner: AwsCalls, silence: Silence | None = None, clock: Clock | None = None) -> None:
        self._inner = inner
        self._silence = silence or Silence()
        self._clock = clock

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        place = (service, region)
        first = self._silence.begin(place)
        try:
            why = self._silence.why(place)
            if why is not None:
                raise AwsError(
                    "Unreachable",
                    f"it did not answer before in this run ({why})",
                    service=service,
                    operation=operation,
                    region=region,
                )
            return self._noted(place, operation, params, self._now() if first else None)
        finally:
            if first:
                self._silence.end(place)

    def wait(self, seconds: float, reason: str) -> None:
        self._inner.wait(seconds, reason)

    def _noted(self, place: Place, operation: str, params: Mapping[str, Any], begun: float | None) -> dict[str, Any]:
        service, region = place
        try:
            answer = self._inner.call(service, operation, region, **params)
        except AwsError as error:
            if error.unreachable and error.asked:
                costly = self._clock is not None and (bool(error.waited) or self._since(begun) >= COSTLY_SECONDS)
                self._silence.missed(place, error, enough=costly)
            elif error.asked and error.code not in NEVER_SENT | NOT_SIGNED:
                self._silence.answered(place)
            raise
        self._silence.answered(place)
        return answer

    def _now(self) -> float:
        return self._clock.monotonic() if self._clock else 0.0

    def _since(self, begun: float | None) -> float:
        return 0.0 if begun is None else self._now() - begun
