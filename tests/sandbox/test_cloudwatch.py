"""Alarms are checked and begin without data; dashboards are checked and belong to no region."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox

ALARM: dict[str, Any] = {
    "AlarmName": "errors",
    "Namespace": "AWS/Lambda",
    "MetricName": "Errors",
    "Statistic": "Sum",
    "Dimensions": [{"Name": "FunctionName", "Value": "health"}],
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
}
TOPIC = "arn:aws:sns:us-east-1:123456789012:operators"


def refusal(act: Any, **params: Any) -> dict[str, Any]:
    """The whole answer of a refused call."""
    with pytest.raises(ClientError) as refused:
        act(**params)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    return dict(refused.value.response)


def described(sandbox: Sandbox) -> Any:
    """The one alarm of us-east-1."""
    (alarm,) = sandbox.client("cloudwatch").describe_alarms()["MetricAlarms"]
    return alarm


def test_a_new_alarm_has_no_data_yet(sandbox: Sandbox) -> None:
    """It begins as INSUFFICIENT_DATA with AWS's reason, and with the tags of its creation."""
    watch = sandbox.client("cloudwatch")
    watch.put_metric_alarm(**ALARM, AlarmActions=[TOPIC], Tags=[{"Key": "team", "Value": "a"}])
    alarm = described(sandbox)
    assert (alarm["StateValue"], alarm["StateReason"]) == ("INSUFFICIENT_DATA", "Unchecked: Initial alarm creation")
    assert alarm["AlarmActions"] == [TOPIC]
    assert watch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"] == [{"Key": "team", "Value": "a"}]


def test_an_update_keeps_state_and_tags(sandbox: Sandbox) -> None:
    """Everything else is replaced; tags given to an update are ignored."""
    watch = sandbox.client("cloudwatch")
    watch.put_metric_alarm(**ALARM, AlarmDescription="old", Tags=[{"Key": "team", "Value": "a"}])
    watch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="a drill")
    watch.put_metric_alarm(**{**ALARM, "Threshold": 5.0}, Tags=[{"Key": "team", "Value": "b"}])
    alarm = described(sandbox)
    assert (alarm["StateValue"], alarm["StateReason"], alarm["Threshold"]) == ("ALARM", "a drill", 5.0)
    assert not alarm.get("AlarmDescription")
    assert watch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"] == [{"Key": "team", "Value": "a"}]


def without(*names: str) -> dict[str, Any]:
    """The good alarm without some of its parameters."""
    return {name: value for name, value in ALARM.items() if name not in names}


def math(*returned: bool) -> list[dict[str, Any]]:
    """Expressions, of which some return data."""
    return [
        {"Id": f"e{number}", "Expression": "SUM(METRICS())", "Period": 60, "ReturnData": data}
        for number, data in enumerate(returned)
    ]


BAD_ALARMS: list[tuple[dict[str, Any], str, str]] = [
    ({**ALARM, "Period": 45}, "ValidationError", "period 45"),
    ({**ALARM, "EvaluationPeriods": 1441}, "ValidationError", "must be <= 86400"),
    ({**ALARM, "Period": 3600, "EvaluationPeriods": 169}, "ValidationError", "must be <= 604800"),
    ({**ALARM, "DatapointsToAlarm": 2}, "ValidationError", "DatapointsToAlarm"),
    ({**ALARM, "Statistic": "Median"}, "ValidationError", "'statistic'"),
    ({**ALARM, "ComparisonOperator": ">="}, "ValidationError", "'comparisonOperator'"),
    ({**ALARM, "TreatMissingData": "fine"}, "ValidationError", "Option fine is not supported"),
    ({**ALARM, "AlarmActions": ["operators"]}, "ValidationError", "Invalid arn syntax: operators"),
    (
        {**ALARM, "OKActions": [TOPIC.replace("us-east-1", "us-west-2")]},
        "ValidationError",
        "Invalid region us-west-2 specified. Only us-east-1 is supported.",
    ),
    ({**ALARM, "ExtendedStatistic": "p99"}, "InvalidParameterCombination", "Statistic and ExtendedStatistic"),
    ({**ALARM, "Metrics": math(True)}, "InvalidParameterCombination", "Metrics"),
    (without("Statistic"), "MissingParameter", "Statistic"),
    (without("Period"), "MissingParameter", "Period"),
    (without("Threshold"), "MissingParameter", "Threshold"),
    (without("MetricName"), "MissingParameter", "MetricName"),
    (
        {**without("MetricName", "Namespace", "Statistic", "Dimensions", "Period"), "Metrics": math(True, True)},
        "ValidationError",
        "Exactly one element of the metrics list should return data.",
    ),
]


@pytest.mark.parametrize(("alarm", "code", "text"), BAD_ALARMS)
def test_a_wrong_alarm_is_refused(sandbox: Sandbox, alarm: dict[str, Any], code: str, text: str) -> None:
    """It gets CloudWatch's code and a message that names the mistake, and no alarm is made."""
    watch = sandbox.client("cloudwatch")
    error = refusal(watch.put_metric_alarm, **alarm)["Error"]
    assert error["Code"] == code
    assert text in error["Message"]
    assert watch.describe_alarms()["MetricAlarms"] == []


@pytest.mark.parametrize("window", [(10, 8640), (60, 1440), (3600, 168), (86400, 7)])
def test_the_longest_windows_pass(sandbox: Sandbox, window: tuple[int, int]) -> None:
    """A day for periods below an hour, seven days for longer ones."""
    period, times = window
    sandbox.client("cloudwatch").put_metric_alarm(**{**ALARM, "Period": period, "EvaluationPeriods": times})
    assert described(sandbox)["EvaluationPeriods"] == times


TEXT = {"type": "text", "x": 0, "y": 0, "width": 24, "height": 1, "properties": {"markdown": "# Calls"}}
GRAPH: dict[str, Any] = {
    "type": "metric",
    "properties": {
        "region": "us-east-1",
        "metrics": [
            ["AWS/Lambda", "Errors", "FunctionName", "health", {"stat": "Sum"}],
            [{"expression": "m1 * 2", "label": "twice"}],
        ],
    },
}


def body(*widgets: Any) -> str:
    """A dashboard's body."""
    return json.dumps({"start": "-PT6H", "periodOverride": "inherit", "widgets": list(widgets)})


def changed(**properties: Any) -> dict[str, Any]:
    """The good graph with other properties."""
    return {**GRAPH, "properties": {**GRAPH["properties"], **properties}}


def test_a_dashboard_is_seen_from_every_region(sandbox: Sandbox) -> None:
    """Put in one region, it is read, listed and deleted in another, with an ARN that has no region."""
    east, west = sandbox.client("cloudwatch"), sandbox.client("cloudwatch", "us-west-2")
    assert (
        east.put_dashboard(DashboardName="calls", DashboardBody=body(TEXT, GRAPH))["DashboardValidationMessages"] == []
    )
    found = west.get_dashboard(DashboardName="calls")
    assert json.loads(found["DashboardBody"]) == json.loads(body(TEXT, GRAPH))
    assert found["DashboardArn"] == "arn:aws:cloudwatch::123456789012:dashboard/calls"
    assert [entry["DashboardName"] for entry in west.list_dashboards()["DashboardEntries"]] == ["calls"]
    west.delete_dashboards(DashboardNames=["calls"])
    assert east.list_dashboards()["DashboardEntries"] == []


BAD_BODIES = [
    (json.dumps({"start": "-PT6H"}), "", "Should have required property 'widgets'"),
    (body({**TEXT, "width": 25}), "/widgets/0/width", "Should be <= 24"),
    (body(TEXT, {**TEXT, "x": "left"}), "/widgets/1/x", "Should be integer"),
    (body({**TEXT, "type": "graph"}), "/widgets/0/type", "Should be equal to one of the allowed values"),
    (body({**TEXT, "properties": {}}), "/widgets/0/properties", "Should have required property 'markdown'"),
    (body({"type": "text"}), "/widgets/0", "Should have required property 'properties'"),
    (body(changed(metrics=["AWS/Lambda"])), "/widgets/0/properties/metrics/0", "Should be array"),
    (body(changed(view="chart")), "/widgets/0/properties/view", "Should be equal to one of the allowed values"),
    (body(*[TEXT] * 501), "/widgets", "Should NOT have more than 500 items"),
]


@pytest.mark.parametrize(("text", "path", "message"), BAD_BODIES)
def test_a_wrong_dashboard_is_refused(sandbox: Sandbox, text: str, path: str, message: str) -> None:
    """The finding with its place is in the message and in the error's own member; nothing is stored."""
    watch = sandbox.client("cloudwatch")
    answer = refusal(watch.put_dashboard, DashboardName="calls", DashboardBody=text)
    assert answer["Error"]["Code"] == "InvalidParameterInput"
    assert message in answer["Error"]["Message"]
    assert answer["dashboardValidationMessages"] == [{"DataPath": path, "Message": message}]
    assert watch.list_dashboards()["DashboardEntries"] == []


@pytest.mark.parametrize(("name", "text"), [("calls", "widgets:"), ("calls", "[]"), ("my calls", body())])
def test_a_dashboard_needs_a_name_and_an_object(sandbox: Sandbox, name: str, text: str) -> None:
    """A body that is no JSON object and a name with a space are refused."""
    answer = refusal(sandbox.client("cloudwatch").put_dashboard, DashboardName=name, DashboardBody=text)
    assert answer["Error"]["Code"] == "InvalidParameterInput"


def test_a_doubtful_dashboard_is_stored_with_a_warning(sandbox: Sandbox) -> None:
    """A dimension without a value does not draw, and is told with its place."""
    row = ["AWS/Lambda", "Errors", "FunctionName"]
    watch = sandbox.client("cloudwatch")
    answer = watch.put_dashboard(DashboardName="calls", DashboardBody=body(changed(metrics=[row])))
    (warning,) = answer["DashboardValidationMessages"]
    assert warning["DataPath"] == "/widgets/0/properties/metrics/0"
    assert watch.get_dashboard(DashboardName="calls")["DashboardName"] == "calls"
