"""What a search for contacts finds, by its criteria; contacts as an index that is behind has them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sbctl.sandbox.connect.records.criteria import meets, within
from sbctl.sandbox.connect.records.shapes import described, summary
from sbctl.sandbox.connect.records.view import as_of
from tests.sandbox.records.made import START, abandoned, answered, contact, instance

CALLS = [
    answered("a", name="Order 17", attributes={"tier": "VIP"}, tags={"team": "blue"}),
    abandoned("b", attributes={"tier": "gold"}),
    contact("c", queue="", channel="CHAT", initiation="API"),
]


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({}, "abc"),
        ({"Channels": ["CHAT"]}, "c"),
        ({"InitiationMethods": ["INBOUND"]}, "ab"),
        ({"QueueIds": ["sales"]}, "ab"),
        ({"AgentIds": ["ann"]}, "a"),
        ({"Name": {"SearchText": ["order"], "MatchType": "MATCH_ALL"}}, "a"),
        ({"Name": {"SearchText": ["order"], "MatchType": "MATCH_EXACT"}}, ""),
        ({"Name": {"SearchText": ["order"], "MatchType": "MATCH_NONE"}}, "bc"),
        ({"SearchableContactAttributes": {"Criteria": [{"Key": "tier", "Values": ["VIP", "gold"]}]}}, "ab"),
        (
            {
                "SearchableContactAttributes": {
                    "Criteria": [{"Key": "tier", "Values": ["VIP"]}, {"Key": "none", "Values": ["x"]}],
                    "MatchType": "MATCH_ANY",
                }
            },
            "a",
        ),
        ({"SearchableSegmentAttributes": {"Criteria": [{"Key": "connect:Subtype", "Values": ["connect:Chat"]}]}}, "c"),
        ({"ContactTags": {"TagCondition": {"TagKey": "team", "TagValue": "blue"}}}, "a"),
        ({"ContactTags": {"OrConditions": [[{"TagKey": "team", "TagValue": "red"}], [{"TagKey": "team"}]]}}, "a"),
        ({"Channels": ["VOICE"], "AgentIds": ["bob"]}, ""),
        ({"ContactAnalysis": {"Transcript": {"Criteria": []}}}, ""),
    ],
    ids=lambda one: str(one)[:50],
)
def test_criteria(criteria: dict[str, Any], found: str) -> None:
    """All criteria of a request must be met."""
    assert "".join(one.id for one in CALLS if meets(instance(), one, criteria)) == found


def test_a_range_is_of_one_sort_of_time() -> None:
    """Contacts without a time of that sort are in no range of it."""
    start, end = (datetime.fromtimestamp(START + at, UTC) for at in (10, 20))
    times = {"INITIATION_TIMESTAMP": "", "CONNECTED_TO_AGENT_TIMESTAMP": "a", "DISCONNECT_TIMESTAMP": ""}
    for kind, found in times.items():
        wanted = {"Type": kind, "StartTime": start, "EndTime": end}
        assert "".join(one.id for one in CALLS if within(one, wanted)) == found


def test_an_index_that_is_behind_knows_nothing_of_later() -> None:
    """A contact of a moment ago is not there; one that has since been answered still waits."""
    called = answered("a", wait=10, updated=15)
    assert list(as_of([called], START - 1)) == []
    [seen] = as_of([called], START + 8)
    assert (seen.queued, seen.connected, seen.ended, seen.reason) == (START + 5, None, None, "")
    assert list(as_of([called], START + 1000)) == [called]


def test_members_without_a_value_are_left_out() -> None:
    """A chat that nobody has answered has neither queue nor agent; times are in UTC, whole milliseconds."""
    found = described(instance(), CALLS[2])
    assert found.keys().isdisjoint(
        {"QueueInfo", "AgentInfo", "CustomerEndpoint", "DisconnectTimestamp", "Name", "Tags"}
    )
    agent = described(instance(), CALLS[0])["AgentInfo"]
    assert (agent["Id"], agent["AfterContactWorkDuration"]) == ("ann", 20)
    assert summary(instance(), CALLS[1])["QueueInfo"]["Id"] == "sales"
