"""Whether hours of operation are open at a moment, in their own time zone, with their overrides.

Closed recurring overrides come first, then open recurring ones, then temporary hours, then the week:
https://docs.aws.amazon.com/connect/latest/adminguide/hours-of-operation-overrides.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sbctl.sandbox.connect.running.recurrence import recurs
from sbctl.sandbox.connect.store import Instance, bare

HOURS = "operating-hours"
OVERRIDE = "hours-of-operation-override"
DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
DAY = 24 * 60
Rows = list[Mapping[str, Any]]


def is_open(instance: Instance, hours: str, when: float) -> bool | str:
    """Whether hours, by id or ARN, are open at `when` (seconds since the epoch); "NoMatchingError" where there are none."""
    found = instance.all(HOURS).get(bare(hours))
    if found is None:
        return "NoMatchingError"
    local = datetime.fromtimestamp(when, ZoneInfo(found.values.get("TimeZone") or "UTC"))
    minute = local.hour * 60 + local.minute
    today, overrides = local.date(), list(_overrides(instance, found.id, local.date()))
    if any(_closes(one, today, minute) for one in overrides if _kind(one) == "CLOSED"):
        return False
    if any(_covers(_rows(one, today), minute) for one in overrides if _kind(one) == "OPEN"):
        return True
    week: Rows = found.values.get("Config") or []
    temporary = next((one for one in overrides if _kind(one) == "STANDARD"), None)
    if temporary is not None:
        return _covers(_of_day(temporary.get("Config") or [], today), minute)
    return _covers(_of_day(week, today), minute) or _runs_on(week, today, minute)


def _kind(override: Mapping[str, Any]) -> str:
    return str(override.get("OverrideType") or "STANDARD")


def _overrides(instance: Instance, hours: str, today: date) -> Iterator[Mapping[str, Any]]:
    """What overrides the hours on a day, oldest first."""
    for resource in instance.all(OVERRIDE).values():
        values = resource.values
        if str(values.get("HoursOfOperationId")) != hours:
            continue
        first, last = date.fromisoformat(values["EffectiveFrom"]), date.fromisoformat(values["EffectiveTill"])
        pattern = (values.get("RecurrenceConfig") or {}).get("RecurrencePattern")
        if first <= today <= last and (not pattern or recurs(pattern, first, today)):
            yield values


def _rows(override: Mapping[str, Any], today: date) -> Rows:
    """An override's times of a day. One that comes back on a date has them whatever day of the week it names."""
    config: Rows = override.get("Config") or []
    pattern = (override.get("RecurrenceConfig") or {}).get("RecurrencePattern") or {}
    return _of_day(config, today) or (config if pattern.get("ByMonthDay") else [])


def _closes(override: Mapping[str, Any], today: date, minute: int) -> bool:
    """Without times it closes the whole day."""
    return not override.get("Config") or _covers(_rows(override, today), minute)


def _of_day(config: Rows, day: date) -> Rows:
    return [row for row in config if row.get("Day") == DAYS[day.weekday()]]


def _covers(rows: Rows, minute: int) -> bool:
    return any(begin <= minute < (DAY if end <= begin else end) for begin, end in map(_times, rows))


def _runs_on(week: Rows, today: date, minute: int) -> bool:
    """Whether what opened yesterday is open past midnight."""
    yesterday = _of_day(week, today - timedelta(days=1))
    return any(0 < end <= begin and minute < end for begin, end in map(_times, yesterday))


def _times(row: Mapping[str, Any]) -> tuple[int, int]:
    return _minute(row.get("StartTime")), _minute(row.get("EndTime"))


def _minute(slice_: Any) -> int:
    found = slice_ if isinstance(slice_, Mapping) else {}
    return int(found.get("Hours") or 0) * 60 + int(found.get("Minutes") or 0)
