"""Every point at which the inside of moto's CloudWatch is touched, so that another version of moto fails here first and by name."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime

from sbctl.sandbox.moto_bridge.cloudwatch import Datum, MotoMetrics
from tests.sandbox.conftest import Sandbox

AT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
NAMED = [{"Name": "FunctionName", "Value": "health"}]


def test_data_are_read_with_their_dimensions_and_times(sandbox: Sandbox) -> None:
    """Single values and sets of statistics, in the region where they were put."""
    watch = sandbox.client("cloudwatch", "us-west-2")
    watch.put_metric_data(Namespace="Own", MetricData=[{"MetricName": "M", "Value": 3.0, "Timestamp": AT}])
    statistics = {"SampleCount": 2, "Sum": 10.0, "Minimum": 4.0, "Maximum": 6.0}
    watch.put_metric_data(
        Namespace="Own",
        MetricData=[{"MetricName": "M", "Dimensions": NAMED, "StatisticValues": statistics, "Timestamp": AT}],
    )
    found = MotoMetrics(sandbox.world.account, sandbox.world.moto).since("us-west-2", AT.timestamp())
    assert found == {
        ("Own", "M", frozenset()): [Datum(AT.timestamp(), 1.0, 3.0, 3.0, 3.0, (3.0,), "None")],
        ("Own", "M", frozenset({("FunctionName", "health")})): [
            Datum(AT.timestamp(), 2.0, 10.0, 4.0, 6.0, unit="None")
        ],
    }


def test_old_data_are_left_out(sandbox: Sandbox) -> None:
    """Only what is not before the given instant."""
    sandbox.client("cloudwatch").put_metric_data(
        Namespace="Own", MetricData=[{"MetricName": "M", "Value": 3.0, "Timestamp": AT}]
    )
    assert not MotoMetrics(sandbox.world.account, sandbox.world.moto).since("us-east-1", AT.timestamp() + 1)


def test_moto_still_keeps_its_data_in_one_list() -> None:
    """The backend's list and the members that are read."""
    from moto.cloudwatch.models import CloudWatchBackend, MetricAggregatedDatum, MetricDatum, MetricDatumBase

    assert "self.metric_data: list[MetricDatumBase] = []" in inspect.getsource(CloudWatchBackend)
    assert "self.value = value" in inspect.getsource(MetricDatum)
    assert "self.unit = unit" in inspect.getsource(MetricDatumBase)
    for member in ("min", "max", "sum", "sample_count"):
        assert f"self.{member} = " in inspect.getsource(MetricAggregatedDatum)
