"""moto's metrics from inside: all data of a region in one look, and the oldest dropped, which no request can do.

Together with moto_backends all contact with moto. Touched here: cloudwatch_backends, its `metric_data`, and the members of
MetricDatum and MetricAggregatedDatum; tests/sandbox/test_cloudwatch_moto_contact.py fails when one of them moves.
moto's own reads go through all data for every metric and period; with an alarm or two for every function and flow that is too
dear.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sbctl.sandbox.moto_bridge.backends import MotoBackends

Metric = tuple[str, str, frozenset[tuple[str, str]]]
"""Namespace, name and dimensions: a set of dimensions must match exactly, as on AWS."""
MOST_POINTS = 50_000
"""Data kept for a region; beyond that the oldest half goes. AWS keeps minutes for 15 days."""


@dataclass(frozen=True)
class Datum:
    """One datum, `at` in world seconds; `values` are single values, empty for a set of statistics."""

    at: float
    count: float
    total: float
    least: float
    most: float
    values: tuple[float, ...] = ()
    unit: str = "None"


class MotoMetrics:
    """The metrics of one account."""

    def __init__(self, account: str, moto: MotoBackends) -> None:
        self._account = account
        self._moto = moto

    def since(self, region: str, begin: float, only: Collection[Metric] = ()) -> Mapping[Metric, list[Datum]]:
        """The data of a region from an instant on, by metric: of all of them, or of some.

        What is too old to keep is dropped on the way.
        """
        names = frozenset(name for _, name, _ in only)
        found: dict[Metric, list[Datum]] = {}
        with self._moto.looking("cloudwatch"):
            backend = self._backend(region)
            if len(backend.metric_data) > MOST_POINTS:
                del backend.metric_data[: MOST_POINTS // 2]
            for raw in backend.metric_data:
                at = _seconds(raw.timestamp)
                if at < begin or (names and raw.name not in names):
                    continue
                metric = _metric(raw)
                if not only or metric in only:
                    found.setdefault(metric, []).append(_datum(raw, at))
        return found

    def _backend(self, region: str) -> Any:
        from moto.cloudwatch.models import cloudwatch_backends

        return cloudwatch_backends[self._account][region]


def metric_of(named: Mapping[str, Any]) -> Metric:
    """The metric that an alarm or a query names; one without a namespace or a name is that of none."""
    dimensions = frozenset((one["Name"], one["Value"]) for one in named.get("Dimensions", ()))
    return str(named.get("Namespace", "")), str(named.get("MetricName", "")), dimensions


def _metric(raw: Any) -> Metric:
    return raw.namespace, raw.name, frozenset((one.name, one.value) for one in raw.dimensions)


def _seconds(stamp: datetime) -> float:
    """moto's times have no zone and are UTC."""
    return (stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)).timestamp()


def _datum(raw: Any, at: float) -> Datum:
    unit = str(raw.unit or "None")
    if hasattr(raw, "value"):
        value = float(raw.value)
        return Datum(at, 1.0, value, value, value, (value,), unit)
    return Datum(at, float(raw.sample_count), float(raw.sum), float(raw.min), float(raw.max), unit=unit)
