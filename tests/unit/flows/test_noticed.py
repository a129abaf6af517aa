"""What callers notice of the difference between two flows, and the way back from a region's flow to its document."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from sbctl.flows.comparing.noticed import noticed

QUEUE = "arn:aws:connect:us-west-2:123456789012:instance/1/queue/2"


def flow(text: str = "Hello.", queue: str = "<connect_queue.sales>", after: str = "end") -> dict[str, Any]:
    def action(name: str, kind: str, parameters: dict[str, Any], following: str) -> dict[str, Any]:
        transitions = {"NextAction": following, "Errors": [], "Conditions": []} if following else {}
        return {"Identifier": name, "Type": kind, "Parameters": parameters, "Transitions": transitions}

    return {
        "Version": "2019-10-30",
        "StartAction": "greet",
        "Actions": [
            action("greet", "MessageParticipant", {"Text": text}, "queue"),
            action("queue", "UpdateContactTargetQueue", {"QueueId": queue}, after),
            action("bye", "MessageParticipant", {"Text": "Bye."}, "end"),
            action("end", "DisconnectParticipant", {}, ""),
        ],
    }


@pytest.mark.parametrize(
    ("here", "sentence"),
    [
        (flow(text="Moon."), 'block greet: callers hear "Moon." instead of "Hello."'),
        (
            flow(queue="<connect_queue.vip>"),
            'block queue: calls go to the queue "<connect_queue.vip>" instead of "<connect_queue.sales>"',
        ),
        (
            flow(after="bye"),
            'block queue: calls go on to Play prompt "Bye." instead of Disconnect / hang up',
        ),
    ],
)
def test_each_difference_is_told_as_callers_notice_it(here: dict[str, Any], sentence: str) -> None:
    """Words, queues and ways on each have their own sentence, with the block that it is in."""
    assert noticed(flow(), here) == [sentence]


def test_layout_is_not_noticed() -> None:
    """Where blocks stand on the console's canvas means nothing to a caller."""
    moved = copy.deepcopy(flow())
    moved["Metadata"] = {"entryPointPosition": {"x": 1, "y": 2}}
    moved["Actions"].reverse()
    assert noticed(flow(), moved) == []


def test_new_and_missing_blocks_are_named() -> None:
    """A block that only one side has is told by its name and type, from either side."""
    without = flow(after="end")
    without["Actions"] = [action for action in without["Actions"] if action["Identifier"] != "bye"]
    longer = flow(after="bye")
    assert 'block bye: callers also hear "Bye."' in noticed(without, longer)
    assert 'block bye: callers no longer hear "Bye."' in noticed(longer, without)
