"""Queues: one call for each aspect that differs, and nothing reset that sbctl does not manage."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.resources.connect_hours import HoursItem
from sbctl.resources.connect_queue import RESOURCE, QueueItem, QueueSpec
from tests.unit.resources.connect.script import Script, project

IDS = {"instance": "i", "id": "q", "arn": "arn:q"}


def queue(**changed: Any) -> QueueSpec:
    """A queue that differs from the ordinary one in `changed`."""
    values = {"instance": "i", "name": "Sales", "description": "d", "hours": "h", "max_contacts": 100}
    return QueueSpec(**{**values, **changed})


def test_an_item_refers_to_its_hours_and_instance() -> None:
    """References go to the hours and the instance of the same region."""
    (wanted,) = RESOURCE.expand(QueueItem(name="VIP Sales", hours="24x7"), project(), "us-west-2")
    assert str(wanted.address) == "connect_queue.us-west-2.vip-sales"
    assert str(wanted.values["hours"]) == "connect_hours.us-west-2.24x7#id"
    assert str(wanted.values["instance"]) == "connect_instance.us-west-2.acme#id"


def test_hours_that_do_not_exist_are_a_finding_with_choices() -> None:
    """The finding names the field and lists what there is."""
    known = project(hours=(HoursItem(name="24x7", always=True),))
    assert list(RESOURCE.check(QueueItem(name="Sales", hours="24x7"), known)) == []
    ((field, what, fix),) = RESOURCE.check(QueueItem(name="Sales", hours="Night"), known)
    assert (field, "Night" in what, "24x7" in fix) == ("hours", True, True)


@pytest.mark.parametrize(
    ("field", "value", "operation", "member"),
    [
        ("description", "new", "UpdateQueueName", "Description"),
        ("hours", "h2", "UpdateQueueHoursOfOperation", "HoursOfOperationId"),
        ("max_contacts", 0, "UpdateQueueMaxContacts", "MaxContacts"),
        ("status", "DISABLED", "UpdateQueueStatus", "Status"),
    ],
)
def test_one_aspect_costs_one_call(field: str, value: Any, operation: str, member: str) -> None:
    """Only the operation of the aspect that differs is called, on this queue, with the new value."""
    aws = Script()
    RESOURCE.update(aws, "us-east-1", IDS, queue(), queue(**{field: value}), {})
    assert aws.operations == [operation]
    sent = aws.made[0][1]
    assert (sent[member], sent["InstanceId"], sent["QueueId"]) == (value, "i", "q")


def test_what_is_not_managed_is_not_touched() -> None:
    """None in the wanted spec leaves limit, description and caller name as they are."""
    aws = Script()
    live = queue(outbound_caller_name="Acme")
    RESOURCE.update(aws, "us-east-1", IDS, live, queue(description=None, max_contacts=None), {})
    assert aws.made == []


def test_a_new_caller_name_keeps_number_and_flow() -> None:
    """The call replaces the whole caller config, so what is there goes with it."""
    aws = Script({"DescribeQueue": [{"Queue": {"OutboundCallerConfig": {"OutboundCallerIdNumberId": "n"}}}]})
    RESOURCE.update(aws, "us-east-1", IDS, queue(), queue(outbound_caller_name="Acme"), {})
    (sent,) = aws.params("UpdateQueueOutboundCallerConfig")
    assert sent["OutboundCallerConfig"] == {"OutboundCallerIdNumberId": "n", "OutboundCallerIdName": "Acme"}


def test_a_disabled_queue_is_created_and_then_disabled() -> None:
    """AWS creates every queue enabled."""
    aws = Script({"CreateQueue": [{"QueueId": "q", "QueueArn": "arn:q"}]})
    assert RESOURCE.create(aws, "us-east-1", queue(status="DISABLED", description=None), "t") == IDS
    assert aws.operations == ["CreateQueue", "UpdateQueueStatus"]
    assert "Description" not in aws.params("CreateQueue")[0]
