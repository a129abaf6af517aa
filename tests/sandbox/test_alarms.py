"""Alarms follow their metrics on the world's clock, and Route 53 follows the metrics of alarms."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from sbctl.sandbox.faults.control import add_fault, heal
from tests.sandbox.conftest import Sandbox
from tests.sandbox.test_cloudwatch import ALARM

NAMED = [{"Name": "FunctionName", "Value": "health"}]


@pytest.fixture
def watch(sandbox: Sandbox) -> Any:
    client = sandbox.client("cloudwatch")
    client.put_metric_alarm(**ALARM)
    return client


def put(sandbox: Sandbox, value: float, region: str = "us-east-1", dimensions: Any = NAMED) -> None:
    datum = {"MetricName": "Errors", "Dimensions": dimensions, "Value": value, "Timestamp": sandbox.world.clock.now()}
    sandbox.client("cloudwatch", region).put_metric_data(Namespace="AWS/Lambda", MetricData=[datum])


def state(watch: Any) -> str:
    (alarm,) = watch.describe_alarms()["MetricAlarms"]
    return str(alarm["StateValue"])


def test_an_alarm_goes_off_and_comes_back(sandbox: Sandbox, watch: Any) -> None:
    """Errors raise it within two minutes, quiet data end it, and no data at all make it insufficient."""
    sandbox.world.scheduler.advance(120)
    assert state(watch) == "INSUFFICIENT_DATA"
    put(sandbox, 3.0)
    sandbox.world.scheduler.advance(120)
    assert state(watch) == "ALARM"
    put(sandbox, 0.0)
    sandbox.world.scheduler.advance(60)
    assert state(watch) == "OK"
    sandbox.world.scheduler.advance(600)
    assert state(watch) == "INSUFFICIENT_DATA"


def test_a_value_without_a_time_is_of_now(sandbox: Sandbox, watch: Any) -> None:
    """Of the world's now, which may be far from the machine's: the alarm sees it."""
    sandbox.world.scheduler.advance(86_400)
    datum = {"MetricName": "Errors", "Dimensions": NAMED, "Value": 3.0}
    sandbox.client("cloudwatch").put_metric_data(Namespace="AWS/Lambda", MetricData=[datum])
    sandbox.world.scheduler.advance(120)
    assert state(watch) == "ALARM"


def test_a_metric_is_listed_once(sandbox: Sandbox) -> None:
    """However many values and sets of statistics it has, by page, and found by a dimension without its value."""
    client = sandbox.client("cloudwatch")
    figures = {"SampleCount": 2, "Sum": 2, "Minimum": 1, "Maximum": 1}
    named = [[{"Name": "Number", "Value": str(number)}] for number in range(501)]
    data = [{"MetricName": "m", "Dimensions": one, "StatisticValues": figures} for one in named]
    for _ in range(2):
        client.put_metric_data(Namespace="Own", MetricData=data)
    pages = list(client.get_paginator("list_metrics").paginate(Namespace="Own", Dimensions=[{"Name": "Number"}]))
    found = [metric["Dimensions"][0]["Value"] for page in pages for metric in page["Metrics"]]
    assert [len(page["Metrics"]) for page in pages] == [500, 1]
    assert sorted(map(int, found)) == list(range(501))
    assert client.list_metrics(Namespace="Other")["Metrics"] == []
    sandbox.world.scheduler.advance(15 * 86_400)
    assert client.list_metrics(Namespace="Own")["Metrics"] == []


def test_the_reason_has_the_values(sandbox: Sandbox, watch: Any) -> None:
    """What DescribeAlarms tells of the last change."""
    put(sandbox, 3.0)
    sandbox.world.scheduler.advance(120)
    (alarm,) = watch.describe_alarms()["MetricAlarms"]
    assert alarm["StateReason"] == (
        "Threshold Crossed: 1 out of the last 1 datapoints [3.0] was greater than or equal to the threshold (1.0)."
    )


def test_other_dimensions_and_regions_are_other_metrics(sandbox: Sandbox, watch: Any) -> None:
    """A set of dimensions must match exactly, in the alarm's own region."""
    put(sandbox, 3.0, dimensions=[])
    put(sandbox, 3.0, dimensions=[*NAMED, {"Name": "Resource", "Value": "health"}])
    put(sandbox, 3.0, region="us-west-2")
    sandbox.world.scheduler.advance(120)
    assert state(watch) == "INSUFFICIENT_DATA"


def test_a_state_that_was_set_by_hand_lasts_until_the_next_evaluation(sandbox: Sandbox, watch: Any) -> None:
    """SetAlarmState is for trying actions out."""
    put(sandbox, 0.0)
    sandbox.world.scheduler.advance(60)
    watch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="a drill")
    assert state(watch) == "ALARM"
    put(sandbox, 0.0)
    sandbox.world.scheduler.advance(60)
    assert state(watch) == "OK"


def test_nothing_is_evaluated_in_a_region_that_is_down(sandbox: Sandbox, watch: Any) -> None:
    """Its alarms keep their state until it is back."""
    put(sandbox, 0.0)
    sandbox.world.scheduler.advance(60)
    fault = add_fault(sandbox.world.faults, {"kind": "down", "region": "us-east-1"})
    sandbox.world.scheduler.advance(600)
    heal(sandbox.world.faults, {"id": fault["id"]})
    assert state(watch) == "OK"
    sandbox.world.scheduler.advance(60)
    assert state(watch) == "INSUFFICIENT_DATA"


@pytest.mark.parametrize(("told", "healthy"), [("Healthy", True), ("Unhealthy", False)])
def test_a_health_check_follows_the_metric_and_not_the_alarm(
    sandbox: Sandbox, watch: Any, told: str, healthy: bool
) -> None:
    """Bad data make it unhealthy, setting the alarm's state changes nothing, and without data it is what it was told to be."""
    route53 = sandbox.client("route53")
    check = route53.create_health_check(
        CallerReference="m",
        HealthCheckConfig={
            "Type": "CLOUDWATCH_METRIC",
            "AlarmIdentifier": {"Region": "us-east-1", "Name": "errors"},
            "InsufficientDataHealthStatus": told,
        },
    )["HealthCheck"]["Id"]
    sandbox.world.scheduler.advance(130)
    assert sandbox.world.route53.is_healthy(check) is healthy
    put(sandbox, 0.0)
    watch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="by hand")
    sandbox.world.scheduler.advance(125)
    assert sandbox.world.route53.is_healthy(check)
    put(sandbox, 9.0)
    sandbox.world.scheduler.advance(125)
    assert not sandbox.world.route53.is_healthy(check)


def test_a_function_that_fails_raises_its_alarm(sandbox: Sandbox, watch: Any) -> None:
    """Runs leave Invocations, Errors and Duration; the alarm on errors goes off and comes back with good runs."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", "def handler(event, context):\n    return 1 / event['by']\n")
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = sandbox.client("iam").create_role(RoleName="health", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    sandbox.world.scheduler.advance(60)
    functions = sandbox.client("lambda")
    code = {"ZipFile": package.getvalue()}
    settings = {"Runtime": "python3.13", "Role": role, "Handler": "app.handler"}
    functions.create_function(FunctionName="health", Code=code, **settings)
    sandbox.world.scheduler.advance(60)
    for divisor, expected in ((0, "ALARM"), (1, "OK")):
        functions.invoke(FunctionName="health", Payload=json.dumps({"by": divisor}))
        sandbox.world.scheduler.advance(190)
        assert state(watch) == expected
    metrics = sandbox.client("cloudwatch").list_metrics(Namespace="AWS/Lambda", Dimensions=NAMED)["Metrics"]
    assert {one["MetricName"] for one in metrics} == {"Invocations", "Errors", "Throttles", "Duration"}
