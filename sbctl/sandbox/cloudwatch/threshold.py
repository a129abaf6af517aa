"""What an alarm's state is by its datapoints: pure, after AWS's tables of how missing data counts.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
SPARE_POINTS = 2
"""How many periods more than asked for are looked at, so that a late datapoint is not a missing one."""
CROSSES: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
WORDS = {
    "GreaterThanOrEqualToThreshold": "greater than or equal to",
    "GreaterThanThreshold": "greater than",
    "LessThanThreshold": "less than",
    "LessThanOrEqualToThreshold": "less than or equal to",
}

TREATED = {"breaching": "Breaching", "notBreaching": "NonBreaching"}


@dataclass(frozen=True)
class Evaluated:
    """The state that follows from the data; None: nothing follows, the state stays. `seen` are the values that counted."""

    state: State | None
    seen: tuple[float, ...]
    crossing: int


def judge(alarm: Mapping[str, Any], points: Sequence[float | None]) -> Evaluated:
    """Judge an alarm by its datapoints, the oldest first, None for a period without data.

    `points` covers EvaluationPeriods and SPARE_POINTS more.
    """
    wanted = int(alarm["EvaluationPeriods"])
    needed = int(alarm.get("DatapointsToAlarm") or wanted)
    seen = tuple([point for point in points if point is not None][-wanted:])
    cross, threshold = CROSSES[alarm["ComparisonOperator"]], float(alarm["Threshold"])
    crossing = sum(cross(point, threshold) for point in seen)
    missing = wanted - len(seen)
    return Evaluated(
        _state(alarm.get("TreatMissingData") or "missing", seen, crossing, missing, needed), seen, crossing
    )


def _state(treatment: str, seen: tuple[float, ...], crossing: int, missing: int, needed: int) -> State | None:
    if treatment == "breaching":
        return "ALARM" if crossing + missing >= needed else "OK"
    if crossing >= needed:
        return "ALARM"
    if treatment == "notBreaching":
        return "OK"
    if not seen:
        return None if treatment == "ignore" else "INSUFFICIENT_DATA"
    if crossing == len(seen):
        # All that there is crosses, but it is too little to be sure of.
        return None if treatment == "ignore" else "ALARM"
    return "OK"


def reason(alarm: Mapping[str, Any], found: Evaluated) -> str:
    """Why, in AWS's words."""
    if found.state == "INSUFFICIENT_DATA":
        return f"Insufficient Data: {alarm['EvaluationPeriods']} datapoints were unknown."
    values = ", ".join(f"{value}" for value in found.seen)
    verb = "was" if len(found.seen) == 1 else "were"
    not_ = "" if found.state == "ALARM" else "not "
    if not found.seen:
        count, treated = alarm["EvaluationPeriods"], TREATED.get(str(alarm.get("TreatMissingData")), "Missing")
        filled = f"{count} missing datapoints were treated as [{treated}]"
        return f"Threshold Crossed: no datapoints were received for {count} periods and {filled}."
    return (
        f"Threshold Crossed: {found.crossing} out of the last {len(found.seen)} datapoints [{values}] {verb} {not_}"
        f"{WORDS[alarm['ComparisonOperator']]} the threshold ({float(alarm['Threshold'])})."
    )
