"""What is wrong with a test before it runs: what Amazon Connect was seen to refuse, and what can never match.

Refused is only what is certain; the rest is a note. https://docs.aws.amazon.com/connect/latest/devguide/testing-language.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sbctl.core.problem import Problem
from sbctl.files.positions import JsonPath
from sbctl.flows.testing.file import FlowTestFile
from sbctl.flows.testing.language import (
    ACTIONS,
    EVENTS,
    FLOW_ACTION_STARTED,
    INSTRUCTIONS,
    MATCHING,
    MESSAGE_RECEIVED,
    MESSAGES,
    OBSERVED,
    OPERATORS,
    OVERRIDABLE,
    TEST_INITIATED,
    VERSION,
    listed,
    mapping,
    observed,
)
from sbctl.flows.testing.problems import doubtful, invalid

_REGIONAL = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:(?P<region>[a-z]{2}(?:-[a-z]+)+-\d):")
_NUMBER = re.compile(r"\+[1-9]\d{1,14}")


@dataclass(frozen=True)
class Finding:
    """`path` is a place in the content. `certain`: Amazon Connect refuses it, or nothing can be made of it."""

    path: JsonPath
    said: str
    fix: str
    certain: bool = True


def problems_of(file: FlowTestFile) -> list[Problem]:
    """Every problem of a test, and notes, which have the exit DONE."""
    document = file.document
    found = [*_of_entry(file), *_of_content(document.content)]
    return [
        (invalid if one.certain else doubtful)(file.at(one.path), f"test {document.name}: {one.said}", one.fix)
        for one in found
    ]


def _of_entry(file: FlowTestFile) -> Iterator[Finding]:
    document = file.document
    if not document.name.strip():
        yield Finding((), "its name is empty", "Give it a name.")
    if not (document.flow or document.called):
        yield Finding((), "neither a flow nor a number says where it begins", 'Add "flow", or the number as "to".')
    for number in (document.caller, document.called):
        if number and not _NUMBER.fullmatch(number):
            yield Finding((), f"{number} is no number in E.164", "Write it as +15555550100.")


def _of_content(content: Mapping[str, Any]) -> Iterator[Finding]:
    if content.get("Version") != VERSION:
        yield Finding(("Version",), f"its Version is {content.get('Version')!r}", f'Write "Version": "{VERSION}".')
    given = content.get("Observations")
    if not isinstance(given, list | tuple) or not given:
        yield Finding(("Observations",), "it has no observations", 'Give it a list of "Observations".')
        return
    known = [str(mapping(one).get("Identifier", "")) for one in given]
    for number, one in enumerate(given):
        path: JsonPath = ("Observations", number)
        if not isinstance(one, Mapping) or not known[number]:
            yield Finding(path, "an observation has no Identifier", "Give it one.")
            continue
        if known.index(known[number]) < number:
            yield Finding(path, f"two observations are called {known[number]!r}", "Rename one of them.")
        yield from _of_event(one, path)
        yield from _of_following(one, known, path)
        for index, action in enumerate(listed(one.get("Actions"))):
            yield from _of_action(action, (*path, "Actions", index))
    yield from _of_ends(content)
    yield from _of_arns(content, ())


def _of_event(one: Mapping[str, Any], path: JsonPath) -> Iterator[Finding]:
    event, at = mapping(one.get("Event")), (*path, "Event")
    kind, properties = event.get("Type"), mapping(event.get("Properties"))
    if kind not in EVENTS:
        yield Finding(at, f"there is no event {kind!r}", f"Use one of {', '.join(EVENTS)}.")
    elif kind == MESSAGE_RECEIVED:
        if not any(properties.get(name) for name in MESSAGES):
            yield Finding(at, "it waits for an empty text, which nothing matches", 'Give it a "Text".')
        given = properties.get("MatchingCriteria", event.get("MatchingCriteria", "Similarity"))
        said = given.get("Type") if isinstance(given, Mapping) else given
        if said not in MATCHING:
            yield Finding(at, f"MatchingCriteria {said!r} is unknown", "Use Similarity or Inclusion.")
    elif kind == FLOW_ACTION_STARTED and properties.get("ActionType") not in OBSERVED:
        said = properties.get("ActionType")
        yield Finding(at, f"the start of {said!r} cannot be observed", f"Use one of {', '.join(OBSERVED)}.")
    if one.get("Usage") is not None and kind == TEST_INITIATED:
        yield Finding((*path, "Usage"), "TestInitiated takes no Usage", "Remove it.")


def _of_following(one: Mapping[str, Any], known: list[str], path: JsonPath) -> Iterator[Finding]:
    for name in listed(mapping(one.get("Transitions")).get("NextObservations")):
        if name not in known:
            at = (*path, "Transitions", "NextObservations")
            yield Finding(at, f"there is no observation {name!r}", "Correct the identifier.")


def _of_action(action: Any, path: JsonPath) -> Iterator[Finding]:
    kind, parameters = mapping(action).get("Type"), mapping(mapping(action).get("Parameters"))
    if mapping(mapping(action).get("Transitions")).get("NextAction") == "":
        yield Finding((*path, "Transitions"), "its NextAction is empty", "Remove Transitions.")
    if kind not in ACTIONS:
        yield Finding(path, f"there is no action {kind!r}", f"Use one of {', '.join(ACTIONS)}.")
    elif kind == "SendInstruction":
        yield from _of_instruction(mapping(parameters.get("Instruction")), path)
    elif kind == "Assert":
        if parameters.get("Operator") not in OPERATORS:
            said = f"there is no operator {parameters.get('Operator')!r}"
            yield Finding(path, said, f"Use one of {', '.join(OPERATORS)}.")
        if not str(parameters.get("Namespace", "")).startswith("$."):
            yield Finding(path, "its Namespace is no reference", "Write one such as $.Queue.Name.")
    elif kind == "OverrideSystemBehavior":
        yield from _of_override(mapping(mapping(parameters.get("Behavior")).get("Properties")), path)
    elif mapping(parameters.get("Command")).get("Type") not in ("EndTest", "LogData"):
        yield Finding(path, "its command is unknown", "Use EndTest or LogData.")


def _of_instruction(instruction: Mapping[str, Any], path: JsonPath) -> Iterator[Finding]:
    kind, properties = instruction.get("Type"), mapping(instruction.get("Properties"))
    if kind not in INSTRUCTIONS:
        yield Finding(path, f"there is no instruction {kind!r}", "Use DtmfInput, Utterance or Disconnect.")
    elif kind == "DtmfInput" and not re.fullmatch(r"[0-9*#]+", str(properties.get("Value", ""))):
        yield Finding(path, "it presses no keys", 'Give it a "Value" of 0-9, * and #.')
    elif kind in ("Utterance", "TextUtterance") and not (properties.get("Text") or properties.get("SSML")):
        yield Finding(path, "it says nothing", 'Give it a "Text".')


def _of_override(properties: Mapping[str, Any], path: JsonPath) -> Iterator[Finding]:
    kind, strategy = properties.get("ActionType"), mapping(properties.get("Strategy"))
    if kind not in OVERRIDABLE:
        yield Finding(path, f"{kind!r} cannot be replaced", f"Use one of {', '.join(OVERRIDABLE)}.")
    if strategy.get("Type") == "SubstituteResource":
        if not strategy.get("SubstituteArn"):
            yield Finding(path, "it names no substitute", 'Give it a "SubstituteArn".')
    elif strategy.get("Type") != "MockResponse" or not mapping(strategy.get("Response")):
        yield Finding(path, "its Strategy is unknown", "Use SubstituteResource or MockResponse.")


def _of_ends(content: Mapping[str, Any]) -> Iterator[Finding]:
    """A chain that comes to no EndTest runs into the five minutes, and fails, whatever was observed."""
    every = {one.id: one for one in observed(content)}
    if any(one.ends_test for one in every.values()):
        return
    fix = "Let its last observation do TestControl with EndTest; in Python: .ends()."
    yield Finding(("Observations",), "nothing ends it, so it fails after five minutes", fix, certain=False)


def _of_arns(value: Any, path: JsonPath) -> Iterator[Finding]:
    if isinstance(value, str):
        found = _REGIONAL.search(value)
        if found:
            fix = "Write a placeholder such as ${lambda:NAME} or ${queue:NAME}."
            yield Finding(path, f"{found[0]}… is of {found['region']} alone", fix, certain=False)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _of_arns(item, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _of_arns(item, (*path, number))
