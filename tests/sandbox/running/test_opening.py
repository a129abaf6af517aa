"""Whether hours of operation are open: weekly, past midnight, in their time zone, and with every sort of override."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sbctl.sandbox.connect.running.opening import is_open
from sbctl.sandbox.connect.running.recurrence import recurs
from tests.sandbox.running.centre import ARN, FakeCentre

ALWAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


def times(begin: str, end: str, *days: str) -> list[dict[str, Any]]:
    return [{"Day": day, "StartTime": _slice(begin), "EndTime": _slice(end)} for day in days or ALWAYS]


def _slice(text: str) -> dict[str, int]:
    hours, _, minutes = text.partition(":")
    return {"Hours": int(hours), "Minutes": int(minutes)}


def opened(config: list[dict[str, Any]], when: str, *overrides: dict[str, Any], zone: str = "UTC") -> bool | str:
    """Whether hours are open at a local time."""
    centre = FakeCentre()
    centre.add("operating-hours", "h", TimeZone=zone, Config=config)
    for number, override in enumerate(overrides):
        centre.add("hours-of-operation-override", f"o{number}", **{"HoursOfOperationId": "h", **override})
    local = datetime.fromisoformat(when).replace(tzinfo=ZoneInfo(zone))
    return is_open(centre.home, f"{ARN}/operating-hours/h", local.timestamp())


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("2026-03-04T09:00", True),
        ("2026-03-04T08:59", False),
        ("2026-03-04T16:59:59", True),
        ("2026-03-04T17:00", False),
        ("2026-03-07T12:00", False),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_a_week_is_in_its_own_time_zone(when: str, found: bool, zone: str) -> None:
    """From the first minute to before the last, by the clock of the hours' zone."""
    assert opened(times("9:00", "17:00", *ALWAYS[:5]), when, zone=zone) is found


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("2026-03-04T23:00", True),
        ("2026-03-05T05:59", True),
        ("2026-03-05T06:00", False),
        ("2026-03-04T05:00", False),
        ("2026-03-04T21:59", False),
    ],
)
def test_hours_run_past_midnight(when: str, found: bool) -> None:
    """What opens on Wednesday evening closes on Thursday morning."""
    assert opened(times("22:00", "6:00", "WEDNESDAY"), when) is found


def test_midnight_to_midnight_is_a_whole_day() -> None:
    """As the console writes a day of 24 hours."""
    assert opened(times("0:00", "0:00"), "2026-03-04T00:00") is True
    assert opened(times("0:00", "0:00"), "2026-03-04T23:59:59") is True
    assert opened([], "2026-03-04T12:00") is False


def test_hours_that_are_not_there() -> None:
    """An error, not an answer."""
    assert is_open(FakeCentre().home, "nix", 0.0) == "NoMatchingError"


def test_summer_time_moves_the_hours() -> None:
    """Nine o'clock in New York is another moment in July than in January."""
    for when in ("2026-01-07T09:00", "2026-07-08T09:00"):
        assert opened(times("9:00", "17:00"), when, zone="America/New_York") is True


MARCH = {"EffectiveFrom": "2026-03-01", "EffectiveTill": "2026-03-31"}
HOLIDAY = {**MARCH, "Config": []}
SHORT = {**MARCH, "Config": times("10:00", "12:00", "WEDNESDAY")}
WEEKLY = {"RecurrenceConfig": {"RecurrencePattern": {"Frequency": "WEEKLY", "Interval": 1}}}
OPEN = {**MARCH, **WEEKLY, "OverrideType": "OPEN", "Config": times("18:00", "20:00", "WEDNESDAY")}
CLOSED = {**MARCH, **WEEKLY, "OverrideType": "CLOSED", "Config": times("11:00", "19:00", "WEDNESDAY")}


@pytest.mark.parametrize(
    ("when", "overrides", "found"),
    [
        ("2026-03-04T11:00", [HOLIDAY], False),
        ("2026-04-01T11:00", [HOLIDAY], True),
        ("2026-03-04T11:00", [SHORT], True),
        ("2026-03-04T14:00", [SHORT], False),
        ("2026-03-05T11:00", [SHORT], False),
        ("2026-03-04T18:30", [OPEN], True),
        ("2026-03-04T16:30", [OPEN], True),
        ("2026-03-05T18:30", [OPEN], False),
        ("2026-03-04T11:30", [CLOSED], False),
        ("2026-03-04T10:30", [CLOSED], True),
        ("2026-03-05T11:30", [CLOSED], True),
        ("2026-03-04T18:30", [OPEN, CLOSED], False),
        ("2026-03-04T19:30", [CLOSED, OPEN], True),
        ("2026-03-04T18:30", [HOLIDAY, OPEN], True),
        ("2026-03-04T11:30", [SHORT, CLOSED], False),
        ("2026-03-04T11:00", [{**HOLIDAY, "HoursOfOperationId": "other"}], True),
    ],
)
def test_overrides_have_their_order(when: str, overrides: list[dict[str, Any]], found: bool) -> None:
    """Closed recurring ones win over open recurring ones, these over temporary hours, and these over the week."""
    assert opened(times("9:00", "17:00"), when, *overrides) is found


@pytest.mark.parametrize(
    ("pattern", "first", "day", "found"),
    [
        ({"Frequency": "WEEKLY", "Interval": 2}, "2026-03-02", "2026-03-08", True),
        ({"Frequency": "WEEKLY", "Interval": 2}, "2026-03-02", "2026-03-09", False),
        ({"Frequency": "WEEKLY", "Interval": 2}, "2026-03-02", "2026-03-17", True),
        ({"Frequency": "MONTHLY", "Interval": 1, "ByMonthDay": [15]}, "2026-01-01", "2026-03-15", True),
        ({"Frequency": "MONTHLY", "Interval": 2, "ByMonthDay": [15]}, "2026-01-01", "2026-02-15", False),
        ({"Frequency": "MONTHLY", "Interval": 1, "ByMonthDay": [-1]}, "2026-01-01", "2026-02-28", True),
        ({"Frequency": "MONTHLY", "Interval": 1, "ByMonthDay": [-1]}, "2026-01-01", "2026-03-28", False),
        ({"Frequency": "MONTHLY", "Interval": 1}, "2026-01-04", "2026-03-04", True),
        ({"Frequency": "MONTHLY", "Interval": 1, "ByWeekdayOccurrence": [1]}, "2026-01-01", "2026-03-04", True),
        ({"Frequency": "MONTHLY", "Interval": 1, "ByWeekdayOccurrence": [2]}, "2026-01-01", "2026-03-04", False),
        ({"Frequency": "MONTHLY", "Interval": 1, "ByWeekdayOccurrence": [-1]}, "2026-01-01", "2026-03-25", True),
        ({"Frequency": "YEARLY", "Interval": 1, "ByMonth": [12], "ByMonthDay": [25]}, "2025-01-01", "2026-12-25", True),
        (
            {"Frequency": "YEARLY", "Interval": 1, "ByMonth": [12], "ByMonthDay": [25]},
            "2025-01-01",
            "2026-11-25",
            False,
        ),
        ({"Frequency": "YEARLY", "Interval": 2}, "2025-03-04", "2026-03-04", False),
        ({"Frequency": "YEARLY", "Interval": 1}, "2025-03-04", "2026-03-04", True),
    ],
)
def test_a_pattern_recurs(pattern: dict[str, Any], first: str, day: str, found: bool) -> None:
    """Counted from the first day in weeks, months or years, on a date or the nth such weekday of a month."""
    assert recurs(pattern, date.fromisoformat(first), date.fromisoformat(day)) is found


def test_christmas_is_closed_whatever_day_it_is() -> None:
    """A date that recurs holds for the times of its override, of whichever weekday these are."""
    yearly = {"RecurrencePattern": {"Frequency": "YEARLY", "Interval": 1, "ByMonth": [12], "ByMonthDay": [25]}}
    override = {"EffectiveFrom": "2025-01-01", "EffectiveTill": "2030-01-01", "OverrideType": "CLOSED",
                "RecurrenceConfig": yearly, "Config": times("0:00", "0:00", "MONDAY")}  # fmt: skip
    assert opened(times("9:00", "17:00"), "2026-12-25T12:00", override) is False
    assert opened(times("9:00", "17:00"), "2026-12-24T12:00", override) is True
