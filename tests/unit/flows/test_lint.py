"""Each rule of Connect has an example that breaks it and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sbctl.core.project import FlowDocument
from sbctl.flows.lint.lint import lint_flow

Content = dict[str, Any]
INSTANCE = "arn:aws:connect:us-east-1:123456789012:instance/i-1/queue/q-1"


def sound() -> Content:
    """A queue choice, a transfer and an end: [play, queue, transfer, end]."""
    failed = {"NextAction": "end", "ErrorType": "NoMatchingError"}
    full = {"NextAction": "end", "ErrorType": "QueueAtCapacity"}
    return {
        "Version": "2019-10-30",
        "StartAction": "play",
        "Actions": [
            action("play", "MessageParticipant", {"Text": "Hello"}, {"NextAction": "queue"}),
            action("queue", "UpdateContactTargetQueue", {"QueueId": "${queue:Sales}"}, then("move", failed)),
            action("move", "TransferContactToQueue", {}, then("end", full, failed)),
            action("end", "DisconnectParticipant", {}, {}),
        ],
    }


def action(name: str, kind: str, parameters: Content, transitions: Content) -> Content:
    return {"Identifier": name, "Type": kind, "Parameters": parameters, "Transitions": transitions}


def then(following: str, *errors: Content) -> Content:
    return {"NextAction": following, "Errors": list(errors)}


def findings(content: Content, flow_type: str = "CONTACT_FLOW") -> list[str]:
    return [problem.detail for problem in lint_flow(FlowDocument("F", flow_type, "", content, "flows/f.json"))]


def at(number: int, path: str, value: Any) -> Callable[[Content], None]:
    """A change that sets one value of one action, by a dotted path."""

    def change(content: Content) -> None:
        *parents, last = path.split(".")
        target = content["Actions"][number]
        for parent in parents:
            target = target[parent]
        target[last] = value

    return change


def top(name: str, value: Any) -> Callable[[Content], None]:
    return lambda content: content.update({name: value})


BAD: dict[str, tuple[Callable[[Content], None], str]] = {
    "unknown type": (at(0, "Type", "SayHello"), "'SayHello' is not an action type"),
    "unknown parameter": (at(0, "Parameters.Colour", "red"), "has no parameter Colour"),
    "missing error": (at(2, "Transitions.Errors", []), "the branch for QueueAtCapacity is not wired"),
    "extra error": (
        at(0, "Transitions.Errors", [{"NextAction": "end", "ErrorType": "QueueAtCapacity"}]),
        "MessageParticipant has no error QueueAtCapacity",
    ),
    "no next action": (at(0, "Transitions", {}), "it has no next action"),
    "end goes on": (at(3, "Transitions", {"NextAction": "play"}), "ends the flow, so nothing can follow it"),
    "bad target": (at(0, "Transitions.NextAction", "gone"), "it goes to 'gone', which does not exist"),
    "duplicate": (at(2, "Identifier", "queue"), "two actions have this identifier"),
    "forbidden identifier": (at(0, "Identifier", "a/b"), "its identifier is not allowed"),
    "number": (at(0, "Parameters.Text", 5), "Text is a number or a boolean"),
    "one of two": (at(0, "Parameters.SSML", "<speak/>"), "takes exactly one of"),
    "literal ARN": (at(1, "Parameters.QueueId", INSTANCE), "the ARN of one instance"),
    "unknown placeholder": (at(0, "Parameters.Text", "${colour:red}"), "${colour} is not a placeholder"),
    "nameless placeholder": (at(1, "Parameters.QueueId", "${queue}"), "${queue} names nothing"),
    "version": (top("Version", "2020-01-01"), "Version is '2020-01-01'"),
    "start": (top("StartAction", "gone"), "StartAction 'gone' does not exist"),
    "no actions": (top("Actions", []), "it has no actions"),
    "conditions": (
        at(
            0, "Transitions.Conditions", [{"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": ["1"]}}]
        ),
        "does not branch on conditions",
    ),
}


def test_the_sound_flow_has_no_findings() -> None:
    """The flow that the other examples break is fine."""
    assert findings(sound()) == []


@pytest.mark.parametrize(("change", "said"), BAD.values(), ids=BAD.keys())
def test_a_broken_rule_is_found(change: Callable[[Content], None], said: str) -> None:
    """The finding names what is wrong."""
    content = sound()
    change(content)
    assert any(said in finding for finding in findings(content)), findings(content)


def test_a_missing_parameter_is_found() -> None:
    """An action without what it needs is named with it."""
    content = sound()
    content["Actions"][0] = action("play", "Loop", {}, {"NextAction": "queue"})
    said = findings(content)
    assert any("Loop needs the parameter LoopCount" in finding for finding in said)
    assert any("the branch ContinueLooping is not wired" in finding for finding in said)


@pytest.mark.parametrize(
    ("value", "fine"), [("0", False), ("1", True), ("10000", True), ("10001", False), ("x", False)]
)
def test_numbers_have_limits(value: str, fine: bool) -> None:
    """A number outside the documented range is found, its bounds are allowed."""
    content = sound()
    content["Actions"][0] = action(
        "play", "UpdateContactRoutingBehavior", {"QueuePriority": value}, {"NextAction": "queue"}
    )
    assert (findings(content) == []) is fine


@pytest.mark.parametrize("flow_type", ["CUSTOMER_HOLD", "AGENT_WHISPER"])
def test_an_action_in_the_wrong_type_of_flow_is_found(flow_type: str) -> None:
    """A transfer is not allowed while somebody whispers or holds."""
    assert any(f"not allowed in a flow of type {flow_type}" in said for said in findings(sound(), flow_type))


def test_an_unknown_type_of_flow_is_found() -> None:
    """A flow type of our own invention is named."""
    assert any("INBOUND is not a flow type" in said for said in findings(sound(), "INBOUND"))


@pytest.mark.parametrize(("count", "fine"), [(250, True), (251, False)])
def test_a_flow_has_at_most_250_actions(count: int, fine: bool) -> None:
    """The 251st action is one too many."""
    content = sound()
    content["Actions"] += [action(f"e{n}", "DisconnectParticipant", {}, {}) for n in range(count - 4)]
    assert (findings(content) == []) is fine


def test_a_flow_that_is_too_long_is_found() -> None:
    """The content's size is limited too."""
    content = sound()
    content["Actions"][0]["Parameters"]["Text"] = "a" * 256_000
    assert any("characters" in said for said in findings(content))


def test_all_findings_come_at_once() -> None:
    """Two faults in two blocks are two problems with the file's name."""
    content = sound()
    content["Actions"][0]["Type"] = "SayHello"
    content["Actions"][1]["Parameters"]["Colour"] = "red"
    problems = lint_flow(FlowDocument("F", "CONTACT_FLOW", "", content, "flows/f.json"))
    assert len(problems) == 2
    assert {problem.at for problem in problems} == {"flows/f.json"}
