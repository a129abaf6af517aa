"""A fault as somebody asks for it over the control API: checked, so that none is added that could never strike."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sbctl.sandbox import models
from sbctl.sandbox.faults.fault import ANY, CONTROL_PLANE, ERROR, KINDS, REPLICATION_PAUSED, SLOW, Fault
from sbctl.sandbox.faults.planes import operations_of
from sbctl.sandbox.identify import HOME

FIELDS = ("region", "kind", "service", "operation", "resource", "count", "probability", "delay", "code", "for", "until")
ONLY_OF: dict[str, tuple[str, ...]] = {"delay": (SLOW,), "code": (ERROR,), "resource": (REPLICATION_PAUSED,)}
NOT_OF: dict[str, tuple[str, ...]] = {
    "operation": (REPLICATION_PAUSED, CONTROL_PLANE),
    "count": (REPLICATION_PAUSED,),
    "probability": (REPLICATION_PAUSED,),
}
LONGEST_DELAY_SECONDS = 900.0
LONGEST_SECONDS = 366 * 86400.0
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d+")


class FaultError(Exception):
    """The fault that was asked for makes no sense; the text says why."""


def wanted(params: Mapping[str, Any], now: float) -> Fault:
    """The fault that `params` describe: FIELDS, `for` in seconds and `until` as ISO 8601, both of world time.

    Raises FaultError.
    """
    for name in params:
        if name not in FIELDS:
            raise FaultError(f"a fault has no {name!r}; it has {', '.join(FIELDS)}")
    kind = _one_of("kind", _text(params, "kind", ""), KINDS)
    _check_fit(params, kind)
    region, service, operation = _place(params)
    return Fault(
        id="",
        region=region,
        kind=kind,
        service=service,
        operation=operation,
        resource=_text(params, "resource", ANY),
        count=_count(params),
        probability=_number(params, "probability", 1.0, 1.0),
        delay=_number(params, "delay", 0.0, LONGEST_DELAY_SECONDS),
        code=_text(params, "code", ""),
        until=_until(params, now),
    )


def _check_fit(params: Mapping[str, Any], kind: str) -> None:
    for name, kinds in ONLY_OF.items():
        if name in params and kind not in kinds:
            raise FaultError(f"{name} is for {', '.join(kinds)} and not for {kind}")
    for name, kinds in NOT_OF.items():
        if name in params and kind in kinds:
            raise FaultError(f"{kind} takes no {name}")
    if kind == SLOW and "delay" not in params:
        raise FaultError("slow needs a delay")


def _place(params: Mapping[str, Any]) -> tuple[str, str, str]:
    region, service = _text(params, "region", ""), _text(params, "service", ANY)
    operation = _text(params, "operation", ANY)
    if not _REGION.fullmatch(region):
        raise FaultError(f"region must be a region such as us-east-1, not {region!r}")
    if service == ANY and operation != ANY:
        raise FaultError("an operation needs its service")
    if service == ANY:
        return region, service, operation
    _one_of("service", service, models.known_services())
    if HOME.get(service, region) != region:
        raise FaultError(f"{service} is a global service that lives in {HOME[service]}")
    if operation != ANY:
        _one_of("operation", operation, operations_of(service))
    return region, service, operation


def _one_of(name: str, value: str, known: Iterable[str]) -> str:
    known = sorted(known)
    if value not in known:
        close = difflib.get_close_matches(value, known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there is {', '.join(known[:12])}"
        raise FaultError(f"unknown {name} {value!r}; {hint}")
    return value


def _text(params: Mapping[str, Any], name: str, default: str) -> str:
    value = params.get(name, default)
    if not isinstance(value, str):
        raise FaultError(f"{name} must be a text")
    return value


def _number(params: Mapping[str, Any], name: str, default: float, most: float) -> float:
    value = params.get(name, default)
    if name not in params:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
        raise FaultError(f"{name} must be a number above 0 and at most {most:g}")
    return float(value)


def _count(params: Mapping[str, Any]) -> int | None:
    value = params.get("count")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise FaultError("count must be a whole number above 0")
    return value


def _until(params: Mapping[str, Any], now: float) -> float | None:
    if "for" in params and "until" in params:
        raise FaultError("give for or until, not both")
    if "for" in params:
        return now + _number(params, "for", 0.0, LONGEST_SECONDS)
    if "until" not in params:
        return None
    try:
        until = datetime.fromisoformat(_text(params, "until", ""))
    except ValueError as error:
        raise FaultError(f"until is not a time: {error}") from error
    if until.tzinfo is None or until.timestamp() <= now:
        raise FaultError("until must be a time with its offset, and in the world's future")
    return until.timestamp()
