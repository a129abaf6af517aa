"""The words of the test language, and how a document of it is walked.

https://docs.aws.amazon.com/connect/latest/devguide/testing-language.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sbctl.files.positions import JsonPath

VERSION = "2019-10-30"
TEST_INITIATED = "TestInitiated"
MESSAGE_RECEIVED = "MessageReceived"
FLOW_ACTION_STARTED = "FlowActionStarted"
TEST_COMPLETED = "TestCompleted"
EVENTS = (TEST_INITIATED, MESSAGE_RECEIVED, FLOW_ACTION_STARTED, TEST_COMPLETED)
INVOKE_LAMBDA = "InvokeLambdaFunction"
CHECK_HOURS = "CheckHoursOfOperation"
TO_QUEUE = "TransferContactToQueue"
ASK_BOT = "ConnectParticipantWithLexBot"
DEQUEUE = "DequeueAndTransferToQueue"
OBSERVED = (INVOKE_LAMBDA, CHECK_HOURS, TO_QUEUE, ASK_BOT)
OVERRIDABLE = (*OBSERVED, DEQUEUE)
ACTIONS = ("SendInstruction", "OverrideSystemBehavior", "Assert", "TestControl")
INSTRUCTIONS = ("DtmfInput", "Utterance", "TextUtterance", "Disconnect")
Operator = Literal[
    "Equals",
    "TextStartsWith",
    "TextEndsWith",
    "TextContains",
    "NumberGreaterThan",
    "NumberGreaterOrEqualTo",
    "NumberLessThan",
    "NumberLessOrEqualTo",
]
"""Those that take an operand."""
OPERATORS = (*get_args(Operator), "Exists")
MATCHING = ("Similarity", "Inclusion")
MESSAGES = ("Text", "SSML", "PromptId", "Media")


@dataclass(frozen=True)
class Observed:
    """One observation of a document that has the form of one, and its place."""

    id: str
    event: str
    properties: Mapping[str, Any]
    actions: tuple[Mapping[str, Any], ...]
    following: tuple[str, ...]
    path: JsonPath

    @property
    def ends_test(self) -> bool:
        """Whether one of its actions is EndTest."""
        return any(is_end(action) for action in self.actions)


def is_end(action: Mapping[str, Any]) -> bool:
    """Whether an action ends the test."""
    return mapping(mapping(action.get("Parameters")).get("Command")).get("Type") == "EndTest"


def observed(content: Mapping[str, Any]) -> Iterator[Observed]:
    """The observations of a content; what is none is left out."""
    for number, one in enumerate(listed(content.get("Observations"))):
        if isinstance(one, Mapping):
            event = mapping(one.get("Event"))
            yield Observed(
                id=str(one.get("Identifier", "")),
                event=str(event.get("Type", "")),
                properties=mapping(event.get("Properties")),
                actions=tuple(action for action in listed(one.get("Actions")) if isinstance(action, Mapping)),
                following=tuple(map(str, listed(mapping(one.get("Transitions")).get("NextObservations")))),
                path=("Observations", number),
            )


def overrides(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The properties of every behaviour that a test replaces, in the order of the document."""
    for one in observed(content):
        for action in one.actions:
            if action.get("Type") == "OverrideSystemBehavior":
                behavior = mapping(mapping(action.get("Parameters")).get("Behavior"))
                yield mapping(behavior.get("Properties"))


def mapping(value: Any) -> Mapping[str, Any]:
    """An object; empty where something else stands."""
    return value if isinstance(value, Mapping) else {}


def listed(value: Any) -> list[Any]:
    """A list; empty where something else stands."""
    return list(value) if isinstance(value, list | tuple) else []
