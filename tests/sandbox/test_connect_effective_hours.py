"""Effective hours of operation in the simulated Connect: the week with its overrides, day by day."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.connect_calls import Centre

DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")


def times(day: str, begin: int, end: int) -> dict[str, Any]:
    return {"Day": day, "StartTime": {"Hours": begin, "Minutes": 0}, "EndTime": {"Hours": end, "Minutes": 0}}


@pytest.fixture
def centre() -> Centre:
    return Centre()


def hours(centre: Centre) -> dict[str, str]:
    """Open on working days from 9 to 17."""
    config = [times(day, 9, 17) for day in DAYS]
    made = centre.ask("CreateHoursOfOperation", Name="Office", TimeZone="Europe/Berlin", Config=config)
    return {"HoursOfOperationId": made["HoursOfOperationId"]}


def effective(centre: Centre, at: dict[str, str], first: str, last: str) -> dict[str, list[tuple[int, int]]]:
    """The open hours of each day."""
    found = centre.ask("GetEffectiveHoursOfOperations", **at, FromDate=first, ToDate=last)
    assert found["TimeZone"] == "Europe/Berlin"
    return {
        one["Date"]: [(row["Start"]["Hours"], row["End"]["Hours"]) for row in one["OperationalHours"]]
        for one in found["EffectiveHoursOfOperationList"]
    }


def test_a_week_without_overrides(centre: Centre) -> None:
    """Each day as the week says; Saturday has none."""
    found = effective(centre, hours(centre), "2026-12-04", "2026-12-05")
    assert found == {"2026-12-04": [(9, 17)], "2026-12-05": []}


def test_an_override_takes_the_place_of_its_days(centre: Centre) -> None:
    """Half a day before a holiday, which is closed; both are told with their names."""
    at = hours(centre)
    days = {"EffectiveFrom": "2026-12-24", "EffectiveTill": "2026-12-24"}
    centre.ask("CreateHoursOfOperationOverride", **at, Name="Eve", Config=[times("THURSDAY", 9, 12)], **days)
    closed = {"EffectiveFrom": "2026-12-25", "EffectiveTill": "2026-12-25", "OverrideType": "CLOSED"}
    centre.ask("CreateHoursOfOperationOverride", **at, Name="Day", Config=[times("FRIDAY", 0, 0)], **closed)
    found = effective(centre, at, "2026-12-23", "2026-12-25")
    assert found == {"2026-12-23": [(9, 17)], "2026-12-24": [(9, 12)], "2026-12-25": []}
    told = centre.ask("GetEffectiveHoursOfOperations", **at, FromDate="2026-12-23", ToDate="2026-12-25")
    named = [
        (one["Date"], row["OverrideName"], row["OperationalStatus"])
        for one in told["EffectiveOverrideHoursList"]
        for row in one["OverrideHours"]
    ]
    assert named == [("2026-12-24", "Eve", "OPEN"), ("2026-12-25", "Day", "CLOSED")]


def test_a_whole_day_ends_at_midnight(centre: Centre) -> None:
    """Open from 0:00 to 0:00 is open all day."""
    always = [times(day, 0, 0) for day in DAYS]
    made = centre.ask("CreateHoursOfOperation", Name="Always", TimeZone="Europe/Berlin", Config=always)
    at = {"HoursOfOperationId": made["HoursOfOperationId"]}
    assert effective(centre, at, "2026-12-04", "2026-12-04") == {"2026-12-04": [(0, 0)]}


def test_days_must_be_in_order(centre: Centre) -> None:
    """A last day before the first is invalid, and what is no day."""
    at = hours(centre)
    backwards = {"FromDate": "2026-12-05", "ToDate": "2026-12-04"}
    assert centre.refused("GetEffectiveHoursOfOperations", **at, **backwards) == "InvalidParameterException"
    wrong = {"FromDate": "2026-13-05", "ToDate": "2026-12-04"}
    assert centre.refused("GetEffectiveHoursOfOperations", **at, **wrong) == "InvalidParameterException"
