"""The content of a test case: what the service takes when it is published, and what an execution reads of it.

https://docs.aws.amazon.com/connect/latest/devguide/testing-language.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

VERSION = "2019-10-30"
EVENTS = ("TestInitiated", "MessageReceived", "FlowActionStarted", "TestCompleted")
WATCHED = (
    "InvokeLambdaFunction",
    "CheckHoursOfOperation",
    "TransferContactToQueue",
    "ConnectParticipantWithLexBot",
)
"""Actions whose start can be observed."""
OVERRIDABLE = (*WATCHED, "DequeueAndTransferToQueue")
ACTIONS = ("SendInstruction", "OverrideSystemBehavior", "Assert", "TestControl")
INSTRUCTIONS = ("DtmfInput", "Utterance", "TextUtterance", "Disconnect")
OPERATORS = (
    "Equals",
    "TextStartsWith",
    "TextEndsWith",
    "TextContains",
    "NumberGreaterThan",
    "NumberGreaterOrEqualTo",
    "NumberLessThan",
    "NumberLessOrEqualTo",
    "Exists",
)
MESSAGES = ("PromptId", "Text", "SSML", "Media")
MATCHING = ("Similarity", "Inclusion")
USAGES = ("Exactly", "AtLeast", "AtMost", "Always")
NO_JSON = "InvalidTestCaseProblem: The content is not valid JSON"


@dataclass(frozen=True)
class Observation:
    """One observation of a published test case. `properties` are those of its event, `matching` Similarity or Inclusion."""

    id: str
    event: str
    properties: Mapping[str, Any]
    matching: str
    actions: tuple[Mapping[str, Any], ...]
    following: tuple[str, ...]


def observations(content: str) -> list[Observation]:
    """What a content that was published observes."""
    return [_observation(one) for one in json.loads(content)["Observations"]]


def _observation(one: Mapping[str, Any]) -> Observation:
    event = one["Event"]
    properties = event.get("Properties") or {}
    said = properties.get("MatchingCriteria") or event.get("MatchingCriteria") or "Similarity"
    return Observation(
        id=str(one["Identifier"]),
        event=str(event["Type"]),
        properties=properties,
        matching=str(said["Type"] if isinstance(said, Mapping) else said),
        actions=tuple(one.get("Actions") or ()),
        following=tuple((one.get("Transitions") or {}).get("NextObservations") or ()),
    )


def problems(content: str) -> list[str]:
    """Why a content cannot be published; empty where it can."""
    try:
        read = json.loads(content)
    except ValueError:
        return [NO_JSON]
    if not isinstance(read, dict):
        return [NO_JSON]
    return list(_of_document(read))


def _of_document(read: Mapping[str, Any]) -> Iterator[str]:
    if read.get("Version") != VERSION:
        yield f"InvalidTestCaseProblem: Invalid version: {read.get('Version')}"
    found = read.get("Observations")
    if not isinstance(found, list) or not found:
        yield "InvalidTestCaseProblem: Observations must not be empty"
        return
    known = [one.get("Identifier") for one in found if isinstance(one, dict)]
    for one in found:
        if not isinstance(one, dict) or not isinstance(one.get("Identifier"), str) or not one["Identifier"]:
            yield "InvalidObservationProblem: Identifier must be present"
            continue
        if known.count(one["Identifier"]) > 1:
            yield f"InvalidObservationProblem: Duplicate identifier: {one['Identifier']}"
        yield from _of_observation(one, known)


def _object(value: Any) -> Mapping[str, Any]:
    """An object, empty where something else stands."""
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _of_observation(one: Mapping[str, Any], known: list[Any]) -> Iterator[str]:
    event = one.get("Event")
    if not isinstance(event, dict) or event.get("Type") not in EVENTS:
        yield f"InvalidEventProblem: Invalid event type: {_object(event).get('Type')}"
    else:
        yield from _of_event(event)
        yield from _of_usage(one.get("Usage"), event["Type"])
    for following in _list(_object(one.get("Transitions")).get("NextObservations")):
        if following not in known:
            yield f"InvalidObservationProblem: Invalid next observation identifier: {following}"
    for action in _list(one.get("Actions")):
        yield from _of_action(action)


def _of_usage(usage: Any, event: str) -> Iterator[str]:
    """Usage of a test's beginning was refused live in every spelling."""
    if usage is None:
        return
    if event == "TestInitiated" or _object(usage).get("Type") not in USAGES:
        yield "InvalidObservationProblem: Invalid usage type"


def _of_event(event: Mapping[str, Any]) -> Iterator[str]:
    properties = event.get("Properties") or {}
    if not isinstance(properties, dict):
        yield "InvalidEventProblem: Properties must be an object"
    elif event["Type"] == "MessageReceived":
        if not any(properties.get(name) for name in MESSAGES):
            yield "InvalidEventProblem: At least one of PromptId, Text, or SSML must be present"
        said = properties.get("MatchingCriteria") or event.get("MatchingCriteria")
        kind = said.get("Type") if isinstance(said, dict) else said
        if kind is not None and kind not in MATCHING:
            yield f"InvalidEventProblem: Invalid matching criteria: {kind}"
    elif event["Type"] == "FlowActionStarted" and properties.get("ActionType") not in WATCHED:
        yield f"InvalidEventProblem: Invalid action type: {properties.get('ActionType')}"


def _of_action(action: Any) -> Iterator[str]:
    if not isinstance(action, dict) or action.get("Type") not in ACTIONS:
        yield f"InvalidActionProblem: Invalid action type: {_object(action).get('Type')}"
        return
    if _object(action.get("Transitions")).get("NextAction") == "":
        yield "InvalidActionProblem: Invalid next action identifier: "
    parameters = action.get("Parameters")
    if not isinstance(parameters, dict):
        yield "InvalidActionProblem: Parameters must be present"
        return
    yield from _OF_ACTION[action["Type"]](parameters)


def _of_instruction(parameters: Mapping[str, Any]) -> Iterator[str]:
    instruction = _object(parameters.get("Instruction"))
    kind = instruction.get("Type")
    if kind not in INSTRUCTIONS:
        yield f"InvalidActionProblem: Invalid instruction type: {kind}"
    elif kind == "DtmfInput" and _object(instruction.get("Properties")).get("Value") in (None, ""):
        yield "InvalidActionProblem: Value must be present"


def _of_override(parameters: Mapping[str, Any]) -> Iterator[str]:
    properties = _object(_object(parameters.get("Behavior")).get("Properties"))
    if properties.get("ActionType") not in OVERRIDABLE:
        yield "InvalidActionProblem: Invalid behavior"
        return
    strategy = _object(properties.get("Strategy"))
    kind = strategy.get("Type")
    if kind == "SubstituteResource" and strategy.get("SubstituteArn"):
        return
    if kind != "MockResponse" or not isinstance(strategy.get("Response"), dict):
        yield f"InvalidActionProblem: Invalid strategy: {kind}"


def _of_assertion(parameters: Mapping[str, Any]) -> Iterator[str]:
    if parameters.get("Operator") not in OPERATORS:
        yield f"InvalidActionProblem: Invalid operator: {parameters.get('Operator')}"
    if not str(parameters.get("Namespace") or "").startswith("$."):
        yield f"InvalidActionProblem: Invalid namespace: {parameters.get('Namespace')}"


def _of_control(parameters: Mapping[str, Any]) -> Iterator[str]:
    kind = _object(parameters.get("Command")).get("Type")
    if kind not in ("EndTest", "LogData"):
        yield f"InvalidActionProblem: Invalid command: {kind}"


_OF_ACTION = {
    "SendInstruction": _of_instruction,
    "OverrideSystemBehavior": _of_override,
    "Assert": _of_assertion,
    "TestControl": _of_control,
}
