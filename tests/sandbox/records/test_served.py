"""A metrics poller and a contact search, as any program on boto3 writes them, on a served sandbox."""

from __future__ import annotations

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox
from tests.sandbox.records.served import ServedCentre, served_centre

METRICS = [
    {"Name": "CONTACTS_IN_QUEUE", "Unit": "COUNT"},
    {"Name": "AGENTS_AVAILABLE", "Unit": "COUNT"},
    {"Name": "OLDEST_CONTACT_AGE", "Unit": "SECONDS"},
]


@pytest.fixture
def centre(sandbox: Sandbox) -> ServedCentre:
    return served_centre(sandbox)


def test_a_metrics_poller(centre: ServedCentre) -> None:
    """Nothing where nothing goes on; callers who wait; agents who take them; yesterday's figures a moment later."""

    def polled() -> list[list[float]]:
        found = centre.connect.get_current_metric_data(
            InstanceId=centre.id, Filters={"Queues": [centre.queue], "Channels": ["VOICE"]}, CurrentMetrics=METRICS,
            Groupings=["QUEUE"],
        )  # fmt: skip
        assert found["DataSnapshotTime"]
        return [[one["Value"] for one in row["Collections"]] for row in found["MetricResults"]]

    assert polled() == []
    centre.call(talk=30)
    centre.call(talk=30)
    centre.advance(10)
    assert polled() == [[2.0, 0.0, 10.0]]
    centre.act("agents/start", per_queue=2, instance=centre.id, talk_seconds=30)
    centre.advance(10)
    assert polled() == [[0.0, 0.0, 0.0]]
    centre.advance(120)
    assert polled() == [[0.0, 2.0, 0.0]]
    now = centre.sandbox.world.clock.now()
    found = centre.connect.get_metric_data_v2(
        ResourceArn=centre.arn, StartTime=now - timedelta(hours=1), EndTime=now,
        Filters=[{"FilterKey": "QUEUE", "FilterValues": [centre.queue]}], Groupings=["QUEUE"],
        Metrics=[{"Name": "CONTACTS_HANDLED"}, {"Name": "AVG_QUEUE_ANSWER_TIME"}],
    )["MetricResults"]  # fmt: skip
    [(dimensions, values)] = [(row["Dimensions"], [one["Value"] for one in row["Collections"]]) for row in found]
    assert dimensions == {"QUEUE": centre.queue}
    assert values[0] == 2.0
    assert 10 <= values[1] <= 20


def test_a_contact_search_is_behind_and_pages(centre: ServedCentre) -> None:
    """A call of a moment ago is not found yet; later all are, the newest first, page by page."""
    first = centre.call(attributes={"tier": "VIP"}, patience=5, caller="+12065550199")
    now = centre.sandbox.world.clock.now()
    range_ = {
        "Type": "INITIATION_TIMESTAMP",
        "StartTime": now - timedelta(hours=1),
        "EndTime": now + timedelta(hours=1),
    }

    def found(**more: object) -> list[str]:
        pages = centre.connect.get_paginator("search_contacts").paginate(
            InstanceId=centre.id, TimeRange=range_, PaginationConfig={"PageSize": 2}, **more
        )
        return [one["Id"] for page in pages for one in page["Contacts"]]

    assert found() == []
    centre.advance(10)
    others: list[str] = []
    for _ in range(4):
        others.insert(0, centre.call(patience=5))
        centre.advance(1)
    centre.advance(20)
    assert found() == [*others, first]
    tier = {"SearchableContactAttributes": {"Criteria": [{"Key": "tier", "Values": ["VIP"]}]}}
    assert found(SearchCriteria=tier) == [first]
    assert found(SearchCriteria={"QueueIds": [centre.queue], "Channels": ["CHAT"]}) == []
    contact = centre.connect.describe_contact(InstanceId=centre.id, ContactId=first)["Contact"]
    assert contact["CustomerEndpoint"] == {"Type": "TELEPHONE_NUMBER", "Address": "+12065550199"}
    assert contact["DisconnectReason"] == "CUSTOMER_DISCONNECT"
    assert (contact["DisconnectTimestamp"] - contact["InitiationTimestamp"]).total_seconds() == pytest.approx(5, abs=1)
    attributes = centre.connect.get_contact_attributes(InstanceId=centre.id, InitialContactId=first)["Attributes"]
    assert attributes == {"tier": "VIP"}


def test_searches_have_limits(centre: ServedCentre) -> None:
    """A range of more than eight weeks is refused, and a contact that is not there is not found."""
    now = centre.sandbox.world.clock.now()
    with pytest.raises(ClientError, match="8 weeks"):
        centre.connect.search_contacts(
            InstanceId=centre.id,
            TimeRange={"Type": "INITIATION_TIMESTAMP", "StartTime": now - timedelta(weeks=9), "EndTime": now},
        )
    with pytest.raises(ClientError) as caught:
        centre.connect.describe_contact(InstanceId=centre.id, ContactId="11111111-1111-4111-8111-111111111111")
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_references_are_listed_by_type(centre: ServedCentre) -> None:
    """Those of the wanted types, of a task that was started with some."""
    references = {"page": {"Value": "https://example.com/1", "Type": "URL"}, "n": {"Value": "7", "Type": "NUMBER"}}
    task = centre.connect.start_task_contact(
        InstanceId=centre.id, ContactFlowId=centre.flow, Name="Look at it", References=references
    )["ContactId"]
    found = centre.connect.list_contact_references(InstanceId=centre.id, ContactId=task, ReferenceTypes=["URL"])
    assert found["ReferenceSummaryList"] == [{"Url": {"Name": "page", "Value": "https://example.com/1"}}]


def test_deployed_alarms_live_by_calls(centre: ServedCentre) -> None:
    """An alarm on calls in progress goes off with the calls and recovers without them; the recording is in its bucket."""
    watch = centre.sandbox.client("cloudwatch")
    watch.put_metric_alarm(
        AlarmName="busy", Namespace="AWS/Connect", MetricName="ConcurrentCalls", Statistic="Maximum", Period=60,
        EvaluationPeriods=1, Threshold=2, ComparisonOperator="GreaterThanOrEqualToThreshold", TreatMissingData="notBreaching",
        Dimensions=[{"Name": "InstanceId", "Value": centre.id}, {"Name": "MetricGroup", "Value": "VoiceCalls"}],
    )  # fmt: skip

    def state() -> str:
        return str(watch.describe_alarms(AlarmNames=["busy"])["MetricAlarms"][0]["StateValue"])

    for _ in range(2):
        centre.call(patience=100)
    centre.advance(180)
    assert state() == "ALARM"
    centre.advance(600)
    assert state() == "OK"
