"""Queues' outbound number, whisper flow and quick connects: set when all exist, changed as a difference."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.core.kinds.resource import Live
from sbctl.core.kinds.values import plain
from sbctl.resources.connect_queue import RESOURCE, QueueItem, QueueSpec
from tests.unit.resources.connect.script import Answer, Script, project, refused

IDS = {"instance": "i", "id": "q", "arn": "arn:q"}
OUTBOUND = {"outbound_number": "n", "outbound_flow": "f"}


def queue(**changed: Any) -> QueueSpec:
    """A queue that differs from the ordinary one in `changed`."""
    return QueueSpec(**{"instance": "i", "name": "Sales", "hours": "h", **changed})


def described(**caller: str) -> dict[str, Any]:
    """What AWS answers of a queue with this caller config."""
    return {"Queue": {"Name": "Sales", "QueueId": "q", "QueueArn": "arn:q", "OutboundCallerConfig": caller}}


def links(*ids: str) -> dict[str, Any]:
    return {"QuickConnectSummaryList": [{"Id": one} for one in ids]}


def changed(aws: Script, live: QueueSpec, wanted: QueueSpec, owned: dict[str, Any] | None = None) -> Script:
    RESOURCE.update(aws, "us-east-1", IDS, live, wanted, owned or {})
    return aws


def test_an_item_refers_to_number_flow_and_quick_connects_of_its_region() -> None:
    """All are set after the creation: numbers lead to flows, and flows to queues."""
    item = QueueItem(name="Sales", hours="24x7", outbound_number="main", outbound_flow="Hi", quick_connects=["Desk"])
    (wanted,) = RESOURCE.expand(item, project(), "us-west-2")
    told = {name: str(value) for name, value in wanted.values.items() if name in wanted.spec.deferred}
    assert told["outbound_number"] == "connect_phone_number.us-west-2.main#id"
    assert told["outbound_flow"] == "connect_flow.us-west-2.hi#id"
    assert [str(one) for one in wanted.values["quick_connects"]] == ["connect_quick_connect.us-west-2.desk#id"]
    assert {str(one) for one in wanted.before_creation} == {
        "connect_instance.us-west-2.acme",
        "connect_hours.us-west-2.24x7",
    }


def test_names_that_do_not_exist_are_findings() -> None:
    """Each with its field; a quick connect named twice, too."""
    item = QueueItem(
        name="Sales", hours="24x7", outbound_number="x", outbound_flow="x", quick_connects=["Desk", "Desk"]
    )
    found = [field for field, _, _ in RESOURCE.check(item, project())]
    assert found == ["hours", "outboundNumber", "quickConnects", "quickConnects", "outboundFlow"]


@pytest.mark.parametrize("field", sorted(OUTBOUND))
def test_one_of_them_is_set_and_the_others_kept(field: str) -> None:
    """The call replaces the whole document, so what is there goes with it."""
    before = {"OutboundCallerIdName": "Acme", "OutboundCallerIdNumberId": "n0", "OutboundFlowId": "f0"}
    aws = changed(Script({"DescribeQueue": [described(**before)]}), queue(), queue(**{field: OUTBOUND[field]}))
    (sent,) = aws.params("UpdateQueueOutboundCallerConfig")
    member = {"outbound_number": "OutboundCallerIdNumberId", "outbound_flow": "OutboundFlowId"}[field]
    assert sent["OutboundCallerConfig"] == {**before, member: OUTBOUND[field]}


@pytest.mark.parametrize("field", sorted(OUTBOUND))
def test_what_the_config_no_longer_says_is_left_out(field: str) -> None:
    """Only where AWS still has what sbctl applied; an empty text would be refused."""
    had = queue(**OUTBOUND)
    answers: dict[str, list[Answer]] = {"DescribeQueue": [described(OutboundCallerIdNumberId="n", OutboundFlowId="f")]}
    assert changed(Script(answers), had, had.model_copy(update={field: None})).made == []
    aws = changed(Script(answers), had, had.model_copy(update={field: None}), plain(had))
    (sent,) = aws.params("UpdateQueueOutboundCallerConfig")
    assert list(sent["OutboundCallerConfig"].values()) == [value for name, value in OUTBOUND.items() if name != field]


def test_arns_and_ids_are_read_alike() -> None:
    """AWS takes both, and answers what it was given."""
    arn = "arn:aws:connect:us-east-1:123456789012:phone-number/n"
    row = described(OutboundCallerIdNumberId=arn)["Queue"]
    assert RESOURCE.live("i", row).spec.outbound_number == "n"


def test_a_search_says_nothing_of_quick_connects() -> None:
    """They cost a call a queue, which is made where they are asked for."""
    live = RESOURCE.live("i", described()["Queue"])
    assert live.spec.quick_connects is None
    aws = Script({"ListQueueQuickConnects": [links("b", "a")]})
    assert RESOURCE.complete(aws, "us-east-1", live, frozenset()) is live
    found = RESOURCE.complete(aws, "us-east-1", live, frozenset({"quick_connects"}))
    assert found is not None
    assert found.spec.quick_connects == ("a", "b")
    assert aws.operations == ["ListQueueQuickConnects"]


def test_a_queue_that_is_gone_meanwhile_is_gone() -> None:
    """The search may still show it."""
    aws = Script({"ListQueueQuickConnects": [refused("ResourceNotFoundException")]})
    live: Live[QueueSpec] = RESOURCE.live("i", described()["Queue"])
    assert RESOURCE.complete(aws, "us-east-1", live, frozenset({"quick_connects"})) is None


def test_quick_connects_change_as_a_difference() -> None:
    """What is new is added before what is no longer wanted goes; what stays is not touched."""
    aws = changed(Script(), queue(quick_connects=("a", "b")), queue(quick_connects=("b", "c")))
    assert [(name, params["QuickConnectIds"]) for name, params in aws.made] == [
        ("AssociateQueueQuickConnects", ["c"]),
        ("DisassociateQueueQuickConnects", ["a"]),
    ]


def test_at_most_fifty_quick_connects_go_in_a_call() -> None:
    """AWS refuses more in one request, and lets a queue have 700."""
    aws = changed(Script(), queue(quick_connects=()), queue(quick_connects=tuple(f"{n:03}" for n in range(120))))
    assert [len(params["QuickConnectIds"]) for _, params in aws.made] == [50, 50, 20]


def test_quick_connects_that_the_config_never_said_stay() -> None:
    """And those of others stay when the config no longer says any."""
    assert changed(Script(), queue(quick_connects=("a",)), queue()).made == []
    answers: dict[str, list[Answer]] = {"ListQueueQuickConnects": [links("a", "theirs")]}
    aws = changed(Script(answers), queue(), queue(), {"quick_connects": ["a"]})
    assert aws.params("DisassociateQueueQuickConnects")[0]["QuickConnectIds"] == ["a"]
    assert "AssociateQueueQuickConnects" not in aws.operations


def test_the_config_says_later_what_a_queue_names() -> None:
    """Numbers, flows and quick connects have names when queues have theirs; nothing of what it does not name."""
    assert RESOURCE.named_later(queue(**OUTBOUND, quick_connects=("a",))) == {
        "outboundNumber": ("connect_phone_number", "n"),
        "outboundFlow": ("connect_flow", "f"),
        "quickConnects": ("connect_quick_connect", ["a"]),
    }
    assert RESOURCE.named_later(queue(quick_connects=())) == {}
    assert set(RESOURCE.to_config(queue(**OUTBOUND), "us-east-1", lambda _, identity: identity)) == {"name", "hours"}
