"""Alarms judge missing data as AWS's two tables say.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.sandbox.cloudwatch.threshold import judge, reason

TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
POINTS = {"0": 0.0, "X": 9.0, "-": None}
I, A, O, R = "INSUFFICIENT_DATA", "ALARM", "OK", None  # noqa: E741 - R: the state is retained


def alarm(needed: int, treatment: str, wanted: int = 3) -> dict[str, Any]:
    return {
        "EvaluationPeriods": wanted,
        "DatapointsToAlarm": needed,
        "Threshold": 5.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": treatment,
    }


def points(text: str) -> list[float | None]:
    return [POINTS[mark] for mark in text.split()]


@pytest.mark.parametrize(
    ("needed", "seen", "states"),
    [
        (3, "0 - X - X", (O, O, O, O)),
        (3, "- - - - 0", (O, O, O, O)),
        (3, "- - - - -", (I, R, A, O)),
        (3, "0 X X - X", (A, A, A, A)),
        (3, "- - X - -", (A, R, A, O)),
        (2, "0 - X - X", (A, A, A, A)),
        (2, "0 0 X 0 X", (A, A, A, A)),
        (2, "0 - X - -", (O, O, A, O)),
        (2, "- - - - 0", (O, O, A, O)),
        (2, "- - - X -", (A, R, A, O)),
    ],
)
def test_missing_data_count_as_aws_says(needed: int, seen: str, states: tuple[str | None, ...]) -> None:
    """Each row of the tables, for each treatment."""
    found = tuple(judge(alarm(needed, treatment), points(seen)).state for treatment in TREATMENTS)
    assert found == states


@pytest.mark.parametrize(
    ("operator", "at_threshold"),
    [
        ("GreaterThanOrEqualToThreshold", "ALARM"),
        ("GreaterThanThreshold", "OK"),
        ("LessThanThreshold", "OK"),
        ("LessThanOrEqualToThreshold", "ALARM"),
    ],
)
def test_the_threshold_itself(operator: str, at_threshold: str) -> None:
    """Only the operators with "equal" alarm at the threshold."""
    one = {**alarm(1, "missing", wanted=1), "ComparisonOperator": operator}
    assert judge(one, [5.0]).state == at_threshold


def test_the_reason_names_values_and_threshold() -> None:
    """As the console shows it."""
    one = alarm(1, "missing", wanted=1)
    assert reason(one, judge(one, [9.0])) == (
        "Threshold Crossed: 1 out of the last 1 datapoints [9.0] was greater than the threshold (5.0)."
    )
