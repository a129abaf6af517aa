"""Faults as the control API takes and tells them."""

from __future__ import annotations

from typing import Any

from sbctl.sandbox.faults.fault import ANY, KINDS, Fault
from sbctl.sandbox.faults.weather import Weather, as_json

TEXTS = ("region", "service", "operation", "target", "resource", "code")
NUMBERS = ("seconds", "delay_seconds", "count")


class FaultError(Exception):
    """What was asked for is no fault; the text says why, all reasons at once."""


def add_fault(weather: Weather, params: dict[str, Any]) -> dict[str, Any]:
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
        count=None if count is None else int(count),
        delay=float(params.get("delay_seconds") or Fault.delay),
    )
    return weather.add(fault, None if seconds is None else float(seconds)).as_json()


def list_faults(weather: Weather) -> dict[str, Any]:
    """All faults that last."""
    return {"faults": as_json(weather.all())}


def heal(weather: Weather, params: dict[str, Any]) -> dict[str, Any]:
    """End one fault by its id, those of a region, or all. Raises FaultError for an id that there is not."""
    named = str(params.get("id") or "")
    ended = weather.heal(named, str(params.get("region") or ""))
    if named and not ended:
        raise FaultError(f"there is no fault {named}")
    return {"healed": ended}


def _problems(params: dict[str, Any]) -> list[str]:
    found = []
    if params.get("kind") not in KINDS:
        found.append(f"kind must be one of {', '.join(KINDS)}")
    unknown = sorted(params.keys() - {"kind", *TEXTS, *NUMBERS})
    if unknown:
        found.append(f"there is no {', '.join(unknown)}")
    found += [f"{name} must be text" for name in TEXTS if not isinstance(params.get(name, ""), str | None)]
    for name in NUMBERS:
        value = params.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or value <= 0):
            found.append(f"{name} must be a number above 0")
    if params.get("target") and params.get("kind") != "replication-paused":
        found.append("target goes with the kind replication-paused alone")
    return found
