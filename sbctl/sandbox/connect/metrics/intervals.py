"""Into which intervals GetMetricDataV2 cuts a range of time, and which ranges it takes.

https://docs.aws.amazon.com/connect/latest/APIReference/API_GetMetricDataV2.html
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sbctl.sandbox.connect.records.refusals import invalid

SHORT = {"FIFTEEN_MIN": 15, "THIRTY_MIN": 30, "HOUR": 60}
"""Minutes."""
DAYS = {"DAY": 1, "WEEK": 7}
KEPT_DAYS = 93


class Interval(NamedTuple):
    """From `start` until before `end`, in seconds since the epoch."""

    start: float
    end: float


def intervals_of(start: datetime, end: datetime, details: dict[str, Any], now: datetime) -> list[Interval]:
    """The intervals of a request, first to last. Raises ApiError for a range that AWS refuses."""
    period = str(details.get("IntervalPeriod") or "TOTAL")
    if start >= end:
        raise invalid("StartTime must be before EndTime")
    if end > now:
        raise invalid("EndTime must not be later than now")
    if start < now - timedelta(days=KEPT_DAYS):
        raise invalid("Historical metrics are kept for 3 months: StartTime is too early")
    longest = 3 if period in SHORT else 35
    if end - start > timedelta(days=longest):
        raise invalid(f"With {period}, StartTime and EndTime must be less than {longest} days apart")
    zone = zone_of(str(details.get("TimeZone") or "UTC"))
    if period == "TOTAL":
        return [Interval(start.timestamp(), end.timestamp())]
    return _cut(start.astimezone(zone), end.astimezone(zone), period)


def zone_of(name: str) -> ZoneInfo:
    """The time zone. Raises ApiError for one that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise invalid(f"TimeZone {name} is not valid") from error


def _cut(start: datetime, end: datetime, period: str) -> list[Interval]:
    """Cut at round times of the zone; the first and the last may be shorter."""
    edges, edge = [start], _next_edge(start, period)
    while edge.astimezone(UTC) < end.astimezone(UTC):
        edges.append(edge)
        edge = _next_edge(edge, period)
    edges.append(end)
    stamps = [one.timestamp() for one in edges]
    return [Interval(begin, until) for begin, until in pairwise(stamps)]


def _next_edge(at: datetime, period: str) -> datetime:
    if period in SHORT:
        seconds = SHORT[period] * 60
        return datetime.fromtimestamp((at.timestamp() // seconds + 1) * seconds, at.tzinfo)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    days = 1 if period == "DAY" else 7 - (midnight.weekday() + 1) % 7  # weeks begin on Sundays
    return midnight + timedelta(days=days)
