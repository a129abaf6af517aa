"""When hours of operation are open on each of some days, with their overrides: what a flow would find, minute by minute.

https://docs.aws.amazon.com/connect/latest/APIReference/API_GetEffectiveHoursOfOperations.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.running.opening import is_open
from sbctl.sandbox.connect.running.recurrence import recurs
from sbctl.sandbox.connect.store import ConnectResource, Instance, ResourceStore
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

HOURS = "operating-hours"
OVERRIDE = "hours-of-operation-override"
MINUTES = 24 * 60
MOST_DAYS = 366
"""Asked for at once. Chosen here: AWS's pages do not say."""


class EffectiveHours:
    """The one operation that puts a week and its overrides together."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {"GetEffectiveHoursOfOperations": self.get}

    def get(self, call: Call) -> Answer:
        instance, hours = self._store.active(call), self._store.resource(call, HOURS, "HoursOfOperationId")
        first, last = _day(call.params["FromDate"]), _day(call.params["ToDate"])
        if last < first or (last - first).days >= MOST_DAYS:
            raise ApiError("InvalidParameterException", f"ToDate is not within {MOST_DAYS} days after FromDate", 400)
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        over = {day: list(_overrides(instance, hours, day)) for day in days}
        return {
            "EffectiveHoursOfOperationList": [
                {"Date": str(day), "OperationalHours": _open(instance, hours, day, over[day])} for day in days
            ],
            "EffectiveOverrideHoursList": [
                {"Date": str(day), "OverrideHours": [row for one in over[day] for row in _shown(one, day)]}
                for day in days
                if over[day]
            ],
            "TimeZone": _zone(hours),
        }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ApiError("InvalidParameterException", f"{text} is not a day", 400) from error


def _zone(hours: ConnectResource) -> str:
    return str(hours.values.get("TimeZone") or "UTC")


def _overrides(instance: Instance, hours: ConnectResource, day: date) -> Iterator[Mapping[str, Any]]:
    for one in instance.all(OVERRIDE).values():
        values = one.values
        if values["HoursOfOperationId"] != hours.id:
            continue
        first, last = date.fromisoformat(values["EffectiveFrom"]), date.fromisoformat(values["EffectiveTill"])
        pattern = (values.get("RecurrenceConfig") or {}).get("RecurrencePattern")
        if first <= day <= last and (not pattern or recurs(pattern, first, day)):
            yield values


def _open(instance: Instance, hours: ConnectResource, day: date, over: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The open stretches of a day: looked at wherever the week or an override begins or ends."""
    rows = [row for config in (hours.values, *over) for row in config.get("Config") or []]
    marks = sorted({0, *(_minute(row.get(name)) for row in rows for name in ("StartTime", "EndTime"))})
    zone, found = ZoneInfo(_zone(hours)), list[tuple[int, int]]()
    for begin, end in zip(marks, [*marks[1:], MINUTES], strict=True):
        moment = datetime.combine(day, time(begin // 60, begin % 60), zone).timestamp()
        if is_open(instance, hours.id, moment) is not True:
            continue
        if found and found[-1][1] == begin:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return [{"Start": _slice(begin), "End": _slice(end)} for begin, end in found]


def _shown(override: Mapping[str, Any], day: date) -> Iterator[dict[str, Any]]:
    """An override's times on a day; one that closes without times closes all of it."""
    status = "CLOSED" if override.get("OverrideType") == "CLOSED" else "OPEN"
    said = {"OverrideName": override["Name"], "OperationalStatus": status}
    config = override.get("Config") or []
    rows = [row for row in config if row["Day"] == day.strftime("%A").upper()]
    for row in rows:
        yield {"Start": row["StartTime"], "End": row["EndTime"], **said}
    if not config:
        yield {"Start": _slice(0), "End": _slice(MINUTES), **said, "OperationalStatus": "CLOSED"}


def _minute(slice_: Mapping[str, Any] | None) -> int:
    return int((slice_ or {}).get("Hours") or 0) * 60 + int((slice_ or {}).get("Minutes") or 0)


def _slice(minute: int) -> dict[str, int]:
    """A time of day; the end of one is 0:00, as there is no 24:00."""
    return {"Hours": minute // 60 % 24, "Minutes": minute % 60}


PART = ConnectPart(lambda site: EffectiveHours(site.store), quotas={})
