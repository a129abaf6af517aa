"""The function takeover: what Route 53 is told of the signal, and what of it is published for the latch."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sbctl.core.clock import FakeClock
from tests.unit.lambdas.loading import handler_of

takeover = handler_of("takeover")
HERE = "us-west-2"


class Region:
    """The table and CloudWatch of one region. `error` is what a read raises, `unpublished` what a publication raises."""

    def __init__(self, named: str = "", error: str = "", unpublished: str = "") -> None:
        self.named, self.error, self.unpublished = named, error, unpublished
        self.reads = 0
        self.published: list[float] = []
        self.clock = FakeClock()
        read = takeover.signal_of(self, "config")
        publish = takeover.metric_of(self, "example-takeover")
        self._takeover = takeover.Takeover(read, publish, HERE, self.clock.monotonic)

    def get_item(self, **asked: Any) -> dict[str, Any]:
        assert asked == {"TableName": "config", "Key": takeover.SIGNAL, "ConsistentRead": True}
        self.reads += 1
        if self.error:
            raise ClientError({"Error": {"Code": self.error, "Message": "slow down"}}, "GetItem")
        return {"Item": {"region": {"S": self.named}}} if self.named else {}

    def put_metric_data(self, **given: Any) -> None:
        if self.unpublished:
            raise ClientError({"Error": {"Code": self.unpublished, "Message": "no"}}, "PutMetricData")
        (datum,) = given["MetricData"]
        dimensions = [{"Name": "FunctionName", "Value": "example-takeover"}]
        assert (given["Namespace"], datum["MetricName"], datum["Dimensions"]) == ("sbctl", "TakenOver", dimensions)
        self.published.append(datum["Value"])

    def get(self, path: str = "/takeover", method: str = "GET") -> tuple[int, str]:
        event = {"rawPath": path, "requestContext": {"http": {"method": method}}}
        answer = takeover.answer(event, lambda: self._takeover)
        return answer["statusCode"], json.loads(answer["body"])["status"]


@pytest.mark.parametrize(("named", "status"), [("", 404), ("us-east-1", 404), (HERE, 200)])
def test_it_says_and_publishes_what_the_table_says(named: str, status: int) -> None:
    """200 and 1 while the signal names this region; 404 and 0 for another region's signal, or none."""
    region = Region(named)
    assert region.get()[0] == status
    assert region.published == [float(status == 200)]


@pytest.mark.parametrize("error", ["ThrottlingException", "InternalServerError", "ResourceNotFoundException"])
def test_what_cannot_be_read_is_not_published(error: str) -> None:
    """Silence is what the latch holds on to: neither "taken over" nor "not taken over" is made up."""
    region = Region(HERE)
    assert region.get()[0] == 200
    region.error = error
    for _ in range(5):
        region.clock.sleep(30)
        assert region.get() == (503, "unknown")
    assert region.published == [1.0]


def test_a_change_is_published_at_once_and_the_same_every_twenty_seconds() -> None:
    """Route 53 asks many times a second: the table is read once a second, and CloudWatch gets three datapoints a minute."""
    region = Region()
    for _ in range(600):
        region.get()
        region.clock.sleep(0.1)
    assert region.published == [0.0] * 3
    assert region.reads <= 61
    region.named = HERE
    region.clock.sleep(1)
    region.get()
    assert region.published[-1] == 1.0


def test_what_cannot_be_published_is_answered_all_the_same() -> None:
    """CloudWatch may fail: the check that is asked over HTTP goes on."""
    region = Region(HERE, unpublished="Throttling")
    assert region.get() == (200, "taken over")


def test_other_paths_and_methods_learn_nothing() -> None:
    """Only GET and HEAD of /takeover are answered; the rest costs no read and publishes nothing."""
    region = Region(HERE)
    assert {region.get(path)[0] for path in ("/", "/health", "/takeover/", "/takeover%00")} == {404}
    assert {region.get(method=method)[0] for method in ("POST", "PUT", "DELETE", "PATCH")} == {404}
    assert (region.reads, region.published) == (0, [])
