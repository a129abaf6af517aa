"""GetMetricData, the older of the two operations on historical metrics: one range of the last 24 hours, queues and channels.

https://docs.aws.amazon.com/connect/latest/APIReference/API_GetMetricData.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from operator import gt
from typing import Any, NamedTuple

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.metrics.historical import HISTORICAL
from sbctl.sandbox.connect.metrics.queue_filter import queues_of
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.records import facts
from sbctl.sandbox.connect.records.refusals import invalid
from sbctl.sandbox.connect.store import Instance

DAY = timedelta(days=1)
STEP_SECONDS = 300
MOST_LEVELS = 20


class Older(NamedTuple):
    """A metric of this operation: its unit and statistic, and the figure of the newer operation that it is.

    `way`: only contacts that began so count.
    """

    unit: str
    statistic: str
    figure: str
    way: tuple[str, ...] = ()


COUNT, SECONDS = ("COUNT", "SUM"), ("SECONDS", "AVG")
INCOMING = ("INBOUND", "TRANSFER", "QUEUE_TRANSFER")
METRICS: Mapping[str, Older] = {
    "ABANDON_TIME": Older(*SECONDS, "AVG_ABANDON_TIME"),
    "AFTER_CONTACT_WORK_TIME": Older(*SECONDS, "AVG_AFTER_CONTACT_WORK_TIME"),
    "API_CONTACTS_HANDLED": Older(*COUNT, "CONTACTS_HANDLED", ("API",)),
    "CALLBACK_CONTACTS_HANDLED": Older(*COUNT, "CONTACTS_HANDLED", ("CALLBACK",)),
    "CONTACTS_ABANDONED": Older(*COUNT, "CONTACTS_ABANDONED"),
    "CONTACTS_AGENT_HUNG_UP_FIRST": Older(*COUNT, ""),
    "CONTACTS_CONSULTED": Older(*COUNT, ""),
    "CONTACTS_HANDLED": Older(*COUNT, "CONTACTS_HANDLED"),
    "CONTACTS_HANDLED_INCOMING": Older(*COUNT, "CONTACTS_HANDLED", INCOMING),
    "CONTACTS_HANDLED_OUTBOUND": Older(*COUNT, "CONTACTS_HANDLED", ("OUTBOUND",)),
    "CONTACTS_HOLD_ABANDONS": Older(*COUNT, ""),
    "CONTACTS_MISSED": Older(*COUNT, "AGENT_NON_RESPONSE"),
    "CONTACTS_QUEUED": Older(*COUNT, "CONTACTS_QUEUED"),
    "CONTACTS_TRANSFERRED_IN": Older(*COUNT, "CONTACTS_QUEUED", ("TRANSFER", "QUEUE_TRANSFER")),
    "CONTACTS_TRANSFERRED_IN_FROM_QUEUE": Older(*COUNT, "CONTACTS_QUEUED", ("QUEUE_TRANSFER",)),
    "CONTACTS_TRANSFERRED_OUT": Older(*COUNT, "CONTACTS_TRANSFERRED_OUT_FROM_QUEUE"),
    "CONTACTS_TRANSFERRED_OUT_FROM_QUEUE": Older(*COUNT, "CONTACTS_TRANSFERRED_OUT_FROM_QUEUE"),
    "HANDLE_TIME": Older(*SECONDS, "AVG_HANDLE_TIME"),
    "HOLD_TIME": Older(*SECONDS, "AVG_HOLD_TIME"),
    "INTERACTION_AND_HOLD_TIME": Older(*SECONDS, "AVG_INTERACTION_AND_HOLD_TIME"),
    "INTERACTION_TIME": Older(*SECONDS, "AVG_INTERACTION_TIME"),
    "OCCUPANCY": Older("PERCENT", "AVG", ""),
    "QUEUED_TIME": Older("SECONDS", "MAX", "MAX_QUEUED_TIME"),
    "QUEUE_ANSWER_TIME": Older(*SECONDS, "AVG_QUEUE_ANSWER_TIME"),
    "SERVICE_LEVEL": Older("PERCENT", "AVG", "SERVICE_LEVEL"),
}
"""Those whose figure is "" have no value: nothing here could tell them."""


def results(
    instance: Instance, contacts: Sequence[Contact], params: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """The answer of the operation. `contacts`: all of the instance that are in the metrics by now."""
    start, end = _range(params["StartTime"], params["EndTime"], now)
    queues, channels = queues_of(instance, params["Filters"]), params["Filters"].get("Channels") or []
    groupings = params.get("Groupings") or []
    if set(groupings) - {"QUEUE", "CHANNEL"}:
        raise invalid("Groupings may be QUEUE and CHANNEL")
    asked = [_asked(one) for one in params["HistoricalMetrics"]]
    if sum(one["Name"] == "SERVICE_LEVEL" for one in asked) > MOST_LEVELS:
        raise invalid(f"More than {MOST_LEVELS} SERVICE_LEVEL metrics")
    counted = [
        one
        for one in contacts
        if one.ended is not None and start <= one.ended < end and facts.is_complete(one)
        and one.queued is not None and one.queue in queues and (not channels or one.channel in channels)
    ]  # fmt: skip
    rows = [_row(instance, groupings, key, members, asked) for key, members in _groups(groupings, counted)]
    shown, rest = page(rows, params, 100)
    return {"MetricResults": shown, **rest}


def _range(start: datetime, end: datetime, now: datetime) -> tuple[float, float]:
    if any(at.timestamp() % STEP_SECONDS for at in (start, end)):
        raise invalid("StartTime and EndTime must be multiples of 5 minutes")
    if not start < end or end - start > DAY:
        raise invalid("EndTime must be later than StartTime, by less than 24 hours")
    if start < now - DAY - timedelta(seconds=STEP_SECONDS):
        raise invalid("StartTime must not be earlier than 24 hours ago")
    if end > now.astimezone(UTC) + timedelta(seconds=STEP_SECONDS):
        raise invalid("EndTime must not be in the future")
    return start.timestamp(), end.timestamp()


def _asked(metric: Mapping[str, Any]) -> Mapping[str, Any]:
    name = str(metric.get("Name", ""))
    known, threshold = METRICS.get(name), metric.get("Threshold")
    if known is None:
        raise invalid(f"Metric {name or '(without a name)'} is not valid")
    if (metric.get("Unit"), metric.get("Statistic")) != (known.unit, known.statistic):
        raise invalid(f"Metric {name} has the unit {known.unit} and the statistic {known.statistic}")
    if (name == "SERVICE_LEVEL") != bool(threshold):
        raise invalid(f"Metric {name} {'needs a' if name == 'SERVICE_LEVEL' else 'takes no'} Threshold")
    if threshold and (threshold.get("Comparison") != "LT" or not 1 <= (threshold.get("ThresholdValue") or 0) <= 604800):
        raise invalid("The Threshold must be LT a number from 1 to 604800")
    return metric


def _groups(groupings: Sequence[str], contacts: Sequence[Contact]) -> list[tuple[tuple[str, ...], list[Contact]]]:
    groups: dict[tuple[str, ...], list[Contact]] = {}
    for one in contacts:
        key = tuple(one.queue if name == "QUEUE" else one.channel for name in groupings)
        groups.setdefault(key, []).append(one)
    return sorted(groups.items())


def _row(
    instance: Instance,
    groupings: Sequence[str],
    key: Sequence[str],
    contacts: Sequence[Contact],
    asked: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    dimensions = {
        "Queue" if name == "QUEUE" else "Channel": _reference(instance, value) if name == "QUEUE" else value
        for name, value in zip(groupings, key, strict=True)
    }
    return {"Dimensions": dimensions, "Collections": [_collection(one, contacts) for one in asked]}


def _reference(instance: Instance, queue: str) -> dict[str, str]:
    return {"Id": queue, "Arn": f"{instance.arn}/queue/{queue}"}


def _collection(asked: Mapping[str, Any], contacts: Sequence[Contact]) -> dict[str, Any]:
    older = METRICS[asked["Name"]]
    metric = HISTORICAL.get(older.figure)
    if metric is None:
        return {"Metric": dict(asked)}
    counted = [one for one in contacts if not older.way or one.initiation in older.way]
    most = float((asked.get("Threshold") or {}).get("ThresholdValue") or 0.0)
    value = metric.figure(counted, partial(gt, most))
    return {"Metric": dict(asked)} if value is None else {"Metric": dict(asked), "Value": value}
