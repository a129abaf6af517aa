"""GetMetricDataV2. https://docs.aws.amazon.com/connect/latest/APIReference/API_GetMetricDataV2.html"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from operator import ge, gt
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.metrics.dimensions import filters_of, groupings_of, passing, value_of
from sbctl.sandbox.connect.metrics.historical import HISTORICAL, ContactMetric, Limit, moment
from sbctl.sandbox.connect.metrics.intervals import Interval, intervals_of
from sbctl.sandbox.connect.metrics.names import METRICS
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.records import facts
from sbctl.sandbox.connect.records.refusals import invalid
from sbctl.sandbox.connect.store import Instance

COMPARISONS = frozenset({"LT", "LTE"})
MOST_SECONDS = 604800
FILTER_VALUES = {
    "INITIATION_METHOD": lambda contact: contact.initiation,
    "DISCONNECT_REASON": lambda contact: contact.reason,
}


def results(
    instance: Instance, contacts: Sequence[Contact], params: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """The answer of the operation. `contacts`: all of the instance that are in the metrics by now."""
    intervals = intervals_of(params["StartTime"], params["EndTime"], params.get("Interval") or {}, now)
    filters, groupings = filters_of(instance, params), groupings_of(params)
    asked = [_asked(one) for one in params["Metrics"]]
    if not asked:
        raise invalid("Metrics must name a metric")
    found = list(passing(instance, contacts, filters))
    period = str((params.get("Interval") or {}).get("IntervalPeriod") or "TOTAL")
    rows = [
        _row(period, interval, dimensions, members, asked)
        for interval in intervals
        for dimensions, members in _groups(instance, _active(found, interval), groupings)
    ]
    shown, rest = page(rows, params, 100)
    return {"MetricResults": shown, **rest}


def _active(contacts: Sequence[Contact], interval: Interval) -> list[Contact]:
    return [
        contact for contact in contacts if any(_falls(contact, by, interval) for by in ("ended", "begun", "queued"))
    ]


def _falls(contact: Contact, by: Any, interval: Interval) -> bool:
    at = moment(contact, by)
    over = by != "ended" or facts.is_complete(contact)
    return at is not None and over and interval.start <= at < interval.end


def _groups(
    instance: Instance, contacts: Sequence[Contact], groupings: Sequence[str]
) -> list[tuple[dict[str, str], list[Contact]]]:
    """Contacts by the values of the groupings; contacts without one of the values are in none."""
    groups: dict[tuple[str, ...], list[Contact]] = {}
    for contact in contacts:
        values = [value_of(instance, contact, key) for key in groupings]
        if None not in values:
            groups.setdefault(tuple(map(str, values)), []).append(contact)
    return [(dict(zip(groupings, values, strict=True)), members) for values, members in sorted(groups.items())]


def _row(
    period: str, interval: Interval, dimensions: dict[str, str], contacts: Sequence[Contact], asked: Sequence[Any]
) -> dict[str, Any]:
    start, end = (datetime.fromtimestamp(at, UTC) for at in interval)
    return {
        "Dimensions": dimensions,
        "MetricInterval": {"Interval": period, "StartTime": start, "EndTime": end},
        "Collections": [_collection(one, contacts, interval) for one in asked],
    }


def _collection(asked: Mapping[str, Any], contacts: Sequence[Contact], interval: Interval) -> dict[str, Any]:
    metric = HISTORICAL.get(_name(asked))
    if metric is None:
        return {"Metric": dict(asked)}
    counted = [
        contact
        for contact in contacts
        if _falls(contact, metric.by, interval)
        and all(_meets(contact, one) for one in asked.get("MetricFilters") or [])
    ]
    value = metric.figure(counted, _limit(asked))
    return {"Metric": dict(asked)} if value is None else {"Metric": dict(asked), "Value": value}


def _meets(contact: Contact, condition: Mapping[str, Any]) -> bool:
    value = FILTER_VALUES[condition["MetricFilterKey"]](contact)
    return (value in condition["MetricFilterValues"]) != bool(condition.get("Negate"))


def _limit(asked: Mapping[str, Any]) -> Limit:
    threshold = next(iter(asked.get("Threshold") or []), None)
    if threshold is None:
        return lambda _seconds: True
    most = float(threshold["ThresholdValue"])
    return partial(ge, most) if threshold["Comparison"] == "LTE" else partial(gt, most)


def _name(asked: Mapping[str, Any]) -> str:
    """A metric by its name, or by its ARN (`arn:aws:connect:REGION:aws:metric/NAME`)."""
    return str(asked.get("Name") or str(asked.get("MetricId") or "").rpartition("/")[2])


def _asked(metric: Mapping[str, Any]) -> Mapping[str, Any]:
    """The metric, looked at. Raises ApiError."""
    name = _name(metric)
    if name not in METRICS:
        raise invalid(f"Metric {name or '(without a name)'} is not valid")
    known = HISTORICAL.get(name)
    if known is not None:
        _check_threshold(name, known, metric.get("Threshold") or [])
        for one in metric.get("MetricFilters") or []:
            _check_filter(name, known, one)
    return metric


def _check_threshold(name: str, known: ContactMetric, thresholds: Sequence[Mapping[str, Any]]) -> None:
    if known.threshold != bool(thresholds):
        raise invalid(f"Metric {name} {'needs' if known.threshold else 'takes no'} Threshold")
    for one in thresholds:
        value = one.get("ThresholdValue")
        whole = value is not None and float(value).is_integer() and 1 <= value <= MOST_SECONDS
        if one.get("Comparison") not in COMPARISONS or not whole:
            raise invalid(f"The threshold of {name} must be LT or LTE a whole number from 1 to {MOST_SECONDS}")


def _check_filter(name: str, known: ContactMetric, condition: Mapping[str, Any]) -> None:
    key = condition.get("MetricFilterKey")
    if key not in known.filters or not condition.get("MetricFilterValues"):
        raise invalid(f"Metric filter {key} is not valid for {name}")
