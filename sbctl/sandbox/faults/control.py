"""Faults as the control API takes and tells them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from sbctl.sandbox.faults.fault import ANY, FAILING, KINDS, Fault
from sbctl.sandbox.faults.planes import operations_of
from sbctl.sandbox.faults.registry import FaultRegistry, as_json
from sbctl.sandbox.wire import models
from sbctl.sandbox.wire.identify import HOME

TEXTS = ("region", "service", "operation", "target", "resource", "code", "owner")
NUMBERS = ("seconds", "delay_seconds", "count", "probability")
ONLY_OF = {"target": "replication-paused", "resource": "replication-paused", "delay_seconds": "slow", "code": "error"}
NOT_OF = {
    "operation": ("replication-paused", "control-plane", "creation-failed"),
    "count": ("replication-paused",),
    "probability": ("replication-paused",),
}
LONGEST = {"seconds": 366 * 86400.0, "delay_seconds": 900.0, "count": 1e12, "probability": 1.0}


FAULT_FIELDS = frozenset({"kind", *TEXTS, *NUMBERS})


class FaultError(Exception):
    """What was asked for is no fault; the text says why, all reasons at once."""


def add_fault(faults: FaultRegistry, params: dict[str, Any]) -> dict[str, Any]:
    """Begin a fault. Raises FaultError."""
    problems = _problems(params)
    if problems:
        raise FaultError("; ".join(problems))
    seconds, count = params.get("seconds"), params.get("count")
    fault = Fault(
        id="",
        kind=params["kind"],
        region=params.get("region") or ANY,
        service=params.get("service") or ANY,
        operation=params.get("operation") or ANY,
        target=params.get("target") or ANY,
        resource=params.get("resource") or ANY,
        code=params.get("code") or "",
        owner=params.get("owner") or "",
        count=None if count is None else int(count),
        probability=float(params.get("probability") or 1.0),
        delay=float(params.get("delay_seconds") or Fault.delay),
    )
    return faults.add(fault, None if seconds is None else float(seconds)).as_json()


def list_faults(faults: FaultRegistry) -> dict[str, Any]:
    """All faults that last."""
    return {"faults": as_json(faults.all())}


def heal(faults: FaultRegistry, params: dict[str, Any]) -> dict[str, Any]:
    """End one fault by its id, those of a region, or all. Raises FaultError for an id or a region that there is not."""
    wrong = [f"{name} must be text that is not empty" for name in params if not _is_text(params[name])]
    region = params.get("region", "")
    if not wrong and region not in ("", ANY) and region not in models.known_regions():
        wrong.append(_unknown("region", region, sorted(models.known_regions())))
    if wrong:
        raise FaultError("; ".join(wrong))
    named = params.get("id", "")
    ended = faults.heal(named, region)
    if named and not ended:
        raise FaultError(f"there is no fault {named}")
    return {"healed": ended}


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _problems(params: dict[str, Any]) -> list[str]:
    """Everything that is wrong; names are looked up only when their forms are right."""
    return [*_of_form(params), *_of_fit(params)] or _of_names(params)


def _of_form(params: dict[str, Any]) -> list[str]:
    found = []
    if params.get("kind") not in KINDS:
        found.append(f"kind must be one of {', '.join(KINDS)}")
    unknown = sorted(params.keys() - FAULT_FIELDS)
    if unknown:
        found.append(f"there is no {', '.join(unknown)}")
    given = {name: params[name] for name in TEXTS if params.get(name) is not None}
    found += [f"{name} must be text that is not empty" for name, value in given.items() if not _is_text(value)]
    found += [_out_of_range(name) for name in NUMBERS if not _in_range(params.get(name), LONGEST[name])]
    if isinstance(params.get("count"), float):
        found.append("count must be a whole number")
    return found


def _in_range(value: Any, most: float) -> bool:
    return value is None or (not isinstance(value, bool) and isinstance(value, int | float) and 0 < value <= most)


def _out_of_range(name: str) -> str:
    most = f" and at most {LONGEST[name]:g}" if LONGEST[name] < float("inf") else ""
    return f"{name} must be a number above 0{most}"


def _of_fit(params: dict[str, Any]) -> list[str]:
    """What does not go together."""
    kind = params.get("kind")
    alone = [
        f"{name} goes with the kind {only} alone" for name, only in ONLY_OF.items() if params.get(name) and kind != only
    ]
    return alone + [f"{kind} takes no {name}" for name, kinds in NOT_OF.items() if params.get(name) and kind in kinds]


def _of_names(params: dict[str, Any]) -> list[str]:
    """What names nothing that there is: such a fault would never break anything."""
    found = [
        _unknown("region", params[name], sorted(models.known_regions()))
        for name in ("region", "target")
        if params.get(name) and params[name] != ANY and params[name] not in models.known_regions()
    ]
    service, operation = params.get("service") or ANY, params.get("operation") or ANY
    if service == ANY:
        return found
    if service not in models.known_services():
        return [*found, _unknown("service", service, models.known_services())]
    home = HOME.get(service, "")
    if params["kind"] == "creation-failed" and service not in FAILING:
        found.append(f"a creation can fail in {', '.join(FAILING)} alone")
    if home and params.get("region") not in (None, "", ANY, home):
        found.append(f"{service} is a global service that lives in {home}")
    if operation != ANY and operation not in operations_of(service):
        found.append(_unknown("operation", operation, operations_of(service)))
    return found


def _unknown(name: str, value: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(value, known, n=1)
    return f"there is no {name} {value!r}" + (f"; did you mean {close[0]}?" if close else "")
