"""Routing profiles: at most ten queues a request, and differences instead of taking everything away first."""

from __future__ import annotations

from typing import Any

from sbctl.core.kinds.sought import Sought
from sbctl.resources.connect_queue import QueueItem
from sbctl.resources.connect_routing_profile import (
    RESOURCE,
    QueueChoice,
    RoutingProfileItem,
    RoutingProfileSpec,
)
from sbctl.resources.content.routing_queues import QueueConfig
from tests.unit.resources.connect.script import Script, project

IDS = {"instance": "i", "id": "r", "arn": "arn:r"}


def choice(queue: str, priority: int = 1) -> QueueConfig:
    """A voice queue."""
    return QueueConfig(queue=queue, channel="VOICE", priority=priority, delay=0)


def profile(*queues: QueueConfig, **changed: Any) -> RoutingProfileSpec:
    """A profile with these queues."""
    values = {
        "instance": "i",
        "name": "Agents",
        "description": "d",
        "concurrency": {"VOICE": 1},
        "default_outbound_queue": "q0",
        "queues": queues,
    }
    return RoutingProfileSpec(**{**values, **changed})


def test_more_than_ten_queues_go_in_several_requests() -> None:
    """The creation carries ten queues, further requests ten each, and none is lost."""
    aws = Script({"CreateRoutingProfile": [{"RoutingProfileId": "r", "RoutingProfileArn": "arn:r"}]})
    wanted = profile(*(choice(f"q{number}") for number in range(23)))
    assert RESOURCE.create(aws, "us-east-1", wanted, "t") == IDS
    sent = [params["QueueConfigs"] for _, params in aws.made]
    assert [len(rows) for rows in sent] == [10, 10, 3]
    assert {row["QueueReference"]["QueueId"] for rows in sent for row in rows} == {f"q{n}" for n in range(23)}


def test_a_profile_without_queues_sends_no_empty_list() -> None:
    """AWS refuses an empty list of queues at creation."""
    aws = Script({"CreateRoutingProfile": [{"RoutingProfileId": "r", "RoutingProfileArn": "arn:r"}]})
    RESOURCE.create(aws, "us-east-1", profile(), "t")
    assert aws.operations == ["CreateRoutingProfile"]
    assert "QueueConfigs" not in aws.made[0][1]


def test_only_queues_that_changed_are_sent_and_the_last_goes_last() -> None:
    """One queue stays, one changes its priority, one is new, one goes: three calls, removal at the end."""
    aws = Script()
    live = profile(choice("stays"), choice("moves"), choice("goes"))
    RESOURCE.update(aws, "us-east-1", IDS, live, profile(choice("new"), choice("moves", 5), choice("stays")), {})
    assert aws.operations == [
        "AssociateRoutingProfileQueues",
        "UpdateRoutingProfileQueues",
        "DisassociateRoutingProfileQueues",
    ]
    assert aws.made[1][1]["QueueConfigs"][0]["Priority"] == 5
    assert aws.made[2][1]["QueueReferences"] == [{"QueueId": "goes", "Channel": "VOICE"}]


def test_new_concurrency_keeps_cross_channel_behaviour() -> None:
    """What sbctl does not manage of a channel is sent back as it was."""
    kept = {"CrossChannelBehavior": {"BehaviorType": "ROUTE_ANY_CHANNEL"}}
    now = {"MediaConcurrencies": [{"Channel": "CHAT", "Concurrency": 1, **kept}]}
    aws = Script({"DescribeRoutingProfile": [{"RoutingProfile": now}]})
    RESOURCE.update(aws, "us-east-1", IDS, profile(), profile(concurrency={"VOICE": 1, "CHAT": 4}), {})
    (sent,) = aws.params("UpdateRoutingProfileConcurrency")
    assert sent["MediaConcurrencies"] == [
        {"Channel": "VOICE", "Concurrency": 1},
        {"Channel": "CHAT", "Concurrency": 4, **kept},
    ]


def test_queues_of_unwanted_profiles_are_not_read() -> None:
    """Each profile's queues cost a call, so only wanted profiles are asked for theirs."""
    rows = [
        {"Name": name, "RoutingProfileId": name, "RoutingProfileArn": "arn", "Description": ""}
        for name in ("Basic Routing Profile", "Agents")
    ]
    aws = Script({"SearchRoutingProfiles": [{"RoutingProfiles": rows}]})
    (live,) = RESOURCE.find(aws, "us-east-1", "i", Sought(frozenset({"Agents"})))
    assert live.spec.name == "Agents"
    assert aws.operations == ["SearchRoutingProfiles", "ListRoutingProfileQueues"]


def test_unknown_queues_missing_channels_and_repeats_are_findings() -> None:
    """Everything wrong with an item is reported at once."""
    known = project(queues=(QueueItem(name="Sales", hours="24x7"),))
    good = RoutingProfileItem(name="A", default_outbound_queue="Sales", queues=[QueueChoice(queue="Sales")])
    assert list(RESOURCE.check(good, known)) == []
    bad = RoutingProfileItem(
        name="A",
        default_outbound_queue="Gone",
        queues=[QueueChoice(queue="Sales"), QueueChoice(queue="Sales"), QueueChoice(queue="Chat", channel="CHAT")],
    )
    fields = [field for field, _, _ in RESOURCE.check(bad, known)]
    assert fields == ["defaultOutboundQueue", "queues", "queues", "concurrency"]
