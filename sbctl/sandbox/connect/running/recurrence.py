"""On which days something recurs.

https://docs.aws.amazon.com/connect/latest/APIReference/API_RecurrencePattern.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any


def recurs(pattern: Mapping[str, Any], first: date, day: date) -> bool:
    """Whether a pattern that counts from `first` has an occurrence on a day.

    Which day of the week a weekly pattern means stands in the times of the override. Without a day of the month and without an
    occurrence a monthly or yearly one means the date of `first`.
    """
    interval = int(pattern.get("Interval") or 1)
    if pattern.get("Frequency") == "WEEKLY":
        return (_monday(day) - _monday(first)).days // 7 % interval == 0
    months = (day.year - first.year) * 12 + day.month - first.month
    if pattern.get("Frequency") == "MONTHLY":
        return months % interval == 0 and _is_day(pattern, first, day)
    in_month = day.month in (pattern.get("ByMonth") or [first.month])
    return in_month and (day.year - first.year) % interval == 0 and _is_day(pattern, first, day)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _is_day(pattern: Mapping[str, Any], first: date, day: date) -> bool:
    tomorrow = day + timedelta(days=1)
    if pattern.get("ByWeekdayOccurrence"):
        is_last = (day + timedelta(days=7)).month != day.month
        return (day.day - 1) // 7 + 1 in pattern["ByWeekdayOccurrence"] or (
            is_last and -1 in pattern["ByWeekdayOccurrence"]
        )
    days = pattern.get("ByMonthDay") or [first.day]
    return day.day in days or (-1 in days and tomorrow.month != day.month)
