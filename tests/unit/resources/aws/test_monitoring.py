"""Alarms and dashboards: complete writes, comparison as trees, and metrics drawn from where they are published."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sbctl.core.kinds.resource import Live
from sbctl.core.kinds.values import refs, resolve
from sbctl.core.problem import SbctlError
from sbctl.core.project import Project, Region
from sbctl.resources.cloudwatch_alarm import RESOURCE as ALARM
from sbctl.resources.cloudwatch_dashboard import RESOURCE as DASHBOARD
from sbctl.resources.cloudwatch_dashboard import DashboardItem, DashboardSpec
from sbctl.resources.connect_flow import FlowItem
from sbctl.resources.connect_queue import QueueItem
from sbctl.resources.monitoring.alarm_items import AlarmItem
from tests.unit.resources.aws.projects import EAST, WEST, project
from tests.unit.resources.aws.scripted import Scripted

ITEM: dict[str, Any] = {"name": "a", "namespace": "AWS/Lambda", "metric": "Errors", "threshold": 1}


def graphs() -> list[dict[str, Any]]:
    """The metric widgets of the default dashboard, references as text."""
    (desired,) = DASHBOARD.expand(DashboardItem(name="Connect-MultiRegion"), project(), "global")
    assert isinstance(desired.spec, DashboardSpec)
    tree = resolve(desired.spec.body, str)
    return [widget["properties"] for widget in tree["widgets"] if widget["type"] == "metric"]


def rows(name: str) -> list[list[Any]]:
    """All metric rows of one metric, over all widgets."""
    return [row for graph in graphs() for row in graph["metrics"] if row[1] == name]


def test_an_alarm_read_back_is_the_alarm_that_was_written() -> None:
    """What CloudWatch holds is read in the shape in which it was wanted."""
    spec = ALARM.examples[0]
    aws = Scripted()
    ALARM.create(aws, "us-east-1", spec, "")
    sent = aws.made("PutMetricAlarm")[0]
    answer = {"MetricAlarms": [{**sent, "AlarmArn": "arn:alarm"}]}
    tags = {"Tags": sent["Tags"]}
    live = ALARM.read(Scripted(DescribeAlarms=answer, ListTagsForResource=tags), "us-east-1", {"name": spec.name})
    assert isinstance(live, Live)
    assert live.spec == spec


def test_a_changed_alarm_is_written_whole_and_without_tags() -> None:
    """A write replaces everything, and CloudWatch ignores tags in it."""
    before, after = ALARM.examples
    aws = Scripted()
    ALARM.update(aws, "us-east-1", {"name": before.name}, before, after, {})
    (sent,) = aws.made("PutMetricAlarm")
    assert "Tags" not in sent
    assert sent["Dimensions"] == [{"Name": "FunctionName", "Value": "example-health"}]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"periodSeconds": 45}, "periodSeconds"),
        ({"periodSeconds": 3600, "evaluationPeriods": 25}, "evaluationPeriods"),
        ({"dimensions": {"A": "${lambda:none}"}}, "dimensions.A"),
    ],
)
def test_alarm_items_are_checked(change: dict[str, Any], field: str) -> None:
    """What CloudWatch would refuse, or nothing could fill, is found before any call."""
    item = AlarmItem.model_validate({**ITEM, **change})
    assert [found for found, _, _ in ALARM.check(item, project())] == [field]


def connected(*regions: Region, flows: tuple[str, ...] = ("SalesInbound",), queues: tuple[str, ...] = ()) -> Project:
    """A project with these flows and queues."""
    items = {"flows": tuple(FlowItem(name=name) for name in flows)}
    return project(*regions, items={**items, "queues": tuple(QueueItem(name=name, hours="24x7") for name in queues)})


def names(item: AlarmItem, of: Project, region: str = "us-east-1") -> dict[str, dict[str, Any]]:
    """The dimensions of an item's alarms in one region, references as text, by address."""
    found = list(ALARM.expand(item, of, region))
    return {str(desired.address): resolve(desired.spec, str)["dimensions"] for desired in found}


def test_every_flow_has_its_alarm_by_the_name_that_it_has() -> None:
    """A flow that is added, renamed or taken away takes its alarm with it, with the dimensions that Connect publishes."""
    item = AlarmItem.model_validate({**ITEM, "scope": "flow"})
    found = names(item, connected(flows=("SalesInbound", "After Hours")))
    assert found == {
        f"cloudwatch_alarm.us-east-1.a.{slug}": {
            "InstanceId": "connect_instance.us-east-1.example#id",
            "MetricGroup": "ContactFlow",
            "ContactFlowName": name,
        }
        for slug, name in (("salesinbound", "SalesInbound"), ("after-hours", "After Hours"))
    }


def test_every_queue_of_a_region_has_its_alarm() -> None:
    """Queues are told apart by name, and a queue that one region does not have has no alarm there."""
    item = AlarmItem.model_validate({**ITEM, "scope": "queue"})
    of = connected(queues=("Sales",))
    of = replace(of, items={**of.items, "queues": (*of.items["queues"], QueueItem(name="VIP", hours="a", regions=[]))})
    (dimensions,) = names(item, of).values()
    assert dimensions["MetricGroup"] == "Queue"
    assert dimensions["QueueName"] == "Sales"


def test_a_region_that_only_holds_data_has_no_alarms_on_flows() -> None:
    """Without an instance there is nothing that could publish."""
    data = replace(WEST, connect=False)
    item = AlarmItem.model_validate({**ITEM, "scope": "flow"})
    assert names(item, connected(EAST, data), "us-west-2") == {}


def test_the_default_alarms_watch_every_flow() -> None:
    """A flow that cannot run is noticed without anybody writing an alarm for it."""
    (item,) = [item for item in ALARM.defaults(connected()) if item.scope == "flow"]
    assert item.metric == "ContactFlowFatalErrors"


@pytest.mark.parametrize(
    ("change", "field", "text"),
    [
        ({"dimensions": {"ContactFlowName": "SalesInbond"}}, "dimensions.ContactFlowName", "no flow 'SalesInbond'"),
        ({"dimensions": {"QueueName": "Sale"}}, "dimensions.QueueName", "no queue 'Sale'"),
        ({"scope": "flow", "dimensions": {"ContactFlowName": "SalesInbound"}}, "dimensions.ContactFlowName", "scope"),
    ],
)
def test_an_alarm_that_would_never_see_data_is_refused(change: dict[str, Any], field: str, text: str) -> None:
    """A flow or queue that the project does not have, or a dimension that the scope sets, is found before any call."""
    item = AlarmItem.model_validate({**ITEM, "namespace": "AWS/Connect", **change})
    ((place, detail, _),) = ALARM.check(item, connected(queues=("Sales",)))
    assert place == field
    assert text in detail


def test_the_name_of_a_flow_may_be_made_of_placeholders() -> None:
    """What counts is the name that the alarm will watch, not how it is written."""
    item = AlarmItem.model_validate({**ITEM, "dimensions": {"ContactFlowName": "${project}-main"}})
    assert list(ALARM.check(item, connected(flows=("example-main",)))) == []
    assert len(list(ALARM.check(item, connected(flows=("main",))))) == 1


def test_a_name_that_connect_publishes_nothing_for_is_told() -> None:
    """CloudWatch gets no metrics of a flow whose name has other characters than these, so its alarm would be blind."""
    item = AlarmItem.model_validate({**ITEM, "scope": "flow"})
    assert list(ALARM.check(item, connected(flows=("SalesInbound", "Empfang für München")))) == []
    ((place, detail, _),) = ALARM.remarks(item, connected(flows=("SalesInbound", "Empfang für München")))
    assert place == "scope"
    assert "'Empfang für München'" in detail


def test_a_dashboard_is_compared_as_a_tree() -> None:
    """Another layout of the same JSON is no change."""
    spec = DASHBOARD.examples[0]
    text = json.dumps(spec.body, indent=4, sort_keys=True)
    live = DASHBOARD.read(Scripted(GetDashboard={"DashboardBody": text}), "us-east-1", {"name": spec.name})
    assert live is not None
    assert live.spec.body == spec.body


def test_widgets_that_do_not_draw_are_a_problem() -> None:
    """CloudWatch answers with success and says in the answer what it will not draw."""
    aws = Scripted(PutDashboard={"DashboardValidationMessages": [{"DataPath": "/widgets/0", "Message": "no metric"}]})
    with pytest.raises(SbctlError, match="/widgets/0: no metric"):
        DASHBOARD.create(aws, "us-east-1", DASHBOARD.examples[0], "")


def test_lag_is_drawn_for_every_pair_from_where_it_is_published() -> None:
    """Table lag comes from the region that sends, bucket lag from the one that receives."""
    pairs = {(a, b) for a in _codes() for b in _codes() if a != b}
    tables = [row for row in rows("ReplicationLatency") if row[0] == "AWS/DynamoDB"]
    assert len(tables) == 2 * len(pairs)
    assert {(row[-1]["region"], row[5]) for row in tables} == pairs
    buckets = [row for row in rows("ReplicationLatency") if row[0] == "AWS/S3"]
    assert {(row[3].removeprefix("example-recordings-123456789012-"), row[-1]["region"]) for row in buckets} == pairs
    assert all(row[7] == f"to-{row[-1]['region']}" for row in buckets)


def _codes() -> list[str]:
    return [region.region for region in project().regions]


def test_health_is_drawn_from_us_east_1() -> None:
    """Route 53 publishes its metrics in one region only."""
    assert {row[-1]["region"] for row in rows("HealthCheckStatus")} == {"us-east-1"}
    assert len(rows("HealthCheckStatus")) == 3


def test_each_region_draws_its_own_instance() -> None:
    """A region's graphs refer to that region's instance, and to metrics that Connect publishes."""
    for graph in graphs():
        for row in graph["metrics"]:
            if row[0] == "AWS/Connect":
                assert f".{graph['region']}." in row[3]
    assert rows("ContactFlowDuration") == []


def test_widgets_of_ones_own_may_hold_placeholders() -> None:
    """Texts in widgets are filled, with references for what is not known yet."""
    widgets = [{"type": "metric", "properties": {"metrics": [["AWS/Connect", "X", "InstanceId", "${instance}"]]}}]
    (desired,) = DASHBOARD.expand(DashboardItem(name="own", widgets=widgets), project(), "global")
    assert [str(ref) for ref in refs(desired.spec)] == ["connect_instance.us-east-1.example#id"]
