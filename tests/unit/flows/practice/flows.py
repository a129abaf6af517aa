"""Small flows for the rules of practice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sbctl.core.flow_document import FlowDocument
from sbctl.flows.lint.around import Around
from sbctl.flows.lint.finding import Finding
from sbctl.flows.lint.practice import practice_findings

Content = dict[str, Any]
Conditions = Sequence[tuple[str, str, str]]
"""(operator, operand, target)"""


@dataclass(frozen=True)
class Case:
    """A flow with what stands around it."""

    content: Content
    type: str = "CONTACT_FLOW"
    around: Around = field(default_factory=Around)
    settings: Mapping[str, Any] = field(default_factory=dict)
    name: str = "Main"


def findings(case: Case) -> list[Finding]:
    """What the rules find."""
    document = FlowDocument(case.name, case.type, "", case.content, "flows/main.json", case.settings)
    return list(practice_findings(document, case.around))


def rules(case: Case) -> list[str]:
    """The names of the rules that find something."""
    return [finding.rule for finding in findings(case)]


def flow(*actions: Content) -> Content:
    """A flow that starts with the first action, and has an action `end`, which disconnects."""
    last = [] if any(action["Identifier"] == "end" for action in actions) else [do("end", "DisconnectParticipant")]
    return {"Version": "2019-10-30", "StartAction": actions[0]["Identifier"], "Actions": [*actions, *last]}


def do(
    name: str,
    kind: str,
    parameters: Content | None = None,
    following: str = "",
    errors: Mapping[str, str] | None = None,
    conditions: Conditions = (),
) -> Content:
    """An action. `errors`: type of error → target."""
    transitions: Content = {"NextAction": following} if following else {}
    if errors:
        transitions["Errors"] = [{"ErrorType": error, "NextAction": target} for error, target in errors.items()]
    if conditions:
        transitions["Conditions"] = [
            {"NextAction": target, "Condition": {"Operator": operator, "Operands": [operand]}}
            for operator, operand, target in conditions
        ]
    return {"Identifier": name, "Type": kind, "Parameters": parameters or {}, "Transitions": transitions}


FAILS = {"NoMatchingError": "end"}


def say(name: str, text: str, following: str = "end") -> Content:
    """A prompt."""
    return do(name, "MessageParticipant", {"Text": text}, following, FAILS)


def menu(name: str, text: str, conditions: Conditions = (), other: str = "end", late: str = "end") -> Content:
    """A menu. `other` is where another key leads, `late` where no key does."""
    errors = {"InputTimeLimitExceeded": late, "NoMatchingCondition": other, "NoMatchingError": "end"}
    return do(
        name,
        "GetParticipantInput",
        {"Text": text, "StoreInput": "False", "InputTimeLimitSeconds": "5"},
        other,
        errors,
        conditions,
    )


def store(name: str, following: str, length: str = "4", **more: Any) -> Content:
    """Input that is stored."""
    parameters = {
        "Text": "Your number, please",
        "StoreInput": "True",
        "InputTimeLimitSeconds": "5",
        "InputValidation": {"CustomValidation": {"MaximumLength": length}},
        **more,
    }
    return do(name, "GetParticipantInput", parameters, following, FAILS)


def compare(name: str, value: str, conditions: Conditions, other: str = "end") -> Content:
    """A comparison."""
    return do(name, "Compare", {"ComparisonValue": value}, other, {"NoMatchingCondition": other}, conditions)


def invoke(name: str, following: str, **parameters: Any) -> Content:
    """A function of the project."""
    wanted = {"LambdaFunctionARN": "${lambda:find}", "InvocationTimeLimitSeconds": "3", **parameters}
    return do(name, "InvokeLambdaFunction", wanted, following, FAILS)


def keep(name: str, attributes: Mapping[str, str], following: str = "end") -> Content:
    """Contact attributes that are set."""
    return do(name, "UpdateContactAttributes", {"Attributes": dict(attributes)}, following, FAILS)


def queue(name: str, following: str, queue_id: str = "${queue:Sales}") -> Content:
    """The queue that a contact is to go to."""
    return do(name, "UpdateContactTargetQueue", {"QueueId": queue_id}, following, FAILS)


def move(name: str, following: str = "end", **errors: str) -> Content:
    """The transfer to that queue."""
    return do(
        name, "TransferContactToQueue", {}, following, {"QueueAtCapacity": "end", "NoMatchingError": "end", **errors}
    )


def loop(name: str, again: str, done: str = "end") -> Content:
    """A Loop."""
    branches = [("Equals", "ContinueLooping", again), ("Equals", "DoneLooping", done)]
    return do(name, "Loop", {"LoopCount": "2"}, done, {}, branches)


def prompts(name: str, following: str = "", conditions: Conditions = (), **parameters: Any) -> Content:
    """Loop prompts."""
    return do(
        name,
        "MessageParticipantIteratively",
        {"Messages": [{"Text": "Please wait"}], **parameters},
        following,
        {"NoMatchingError": following} if following else {},
        conditions,
    )


def lex(name: str, following: str = "end") -> Content:
    """A bot."""
    return do(
        name,
        "ConnectParticipantWithLexBot",
        {"Text": "How can I help?", "LexV2Bot": {"AliasArn": "$.Attributes.bot"}},
        following,
        {"NoMatchingCondition": following, "NoMatchingError": "end"},
    )
