"""Figures of CloudWatch come in pages, and one metric's may stand on several."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sbctl.checks.lag.metrics import Metric, newest
from tests.unit.resources.aws.scripted import Answer, Scripted

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIRST, SECOND, NONE = (Metric("AWS/S3", name, ()) for name in ("a", "b", "c"))


def test_the_newest_figure_is_found_on_whatever_page() -> None:
    """An empty page is not the last, and a metric without figures may lack its lists."""
    early, late = NOW - timedelta(minutes=2), NOW - timedelta(minutes=1)
    pages: list[Answer] = [
        {"MetricDataResults": [], "NextToken": "1"},
        {"MetricDataResults": [{"Id": "m0", "Timestamps": [early], "Values": [1.0]}, {"Id": "m2"}], "NextToken": "2"},
        {
            "MetricDataResults": [
                {"Id": "m0", "Timestamps": [late], "Values": [2.0]},
                {"Id": "m1", "Timestamps": [early], "Values": [3.0]},
            ]
        },
    ]
    found = newest(Scripted(GetMetricData=[*pages]), "us-east-1", [FIRST, SECOND, NONE], NOW)
    assert {metric.name: (figure.value, figure.at) for metric, figure in found.items()} == {
        "a": (2.0, late),
        "b": (3.0, early),
    }
