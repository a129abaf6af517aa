"""What the records of an execution say: the way that the contact took, and why a test failed.

AWS gives a record's text no form. Where it is JSON with a `Path`, the path is known; else only what was observed is.
https://docs.aws.amazon.com/connect/latest/APIReference/API_ExecutionRecord.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sbctl.checks.flow_tests.result import PathStep
from sbctl.flows.testing.language import MESSAGE_RECEIVED, mapping, observed

SPEAKING = frozenset(
    {"MessageParticipant", "GetParticipantInput", "MessageParticipantIteratively", "ConnectParticipantWithLexBot"}
)
Records = Sequence[Mapping[str, Any]]


def path_of(records: Records) -> tuple[PathStep, ...]:
    """The blocks that the contact passed, in order; empty where the records do not tell."""
    return tuple(step for record in records for step in _steps(said(record)))


def said(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """A record's text as JSON; empty where it is none."""
    try:
        return mapping(json.loads(record.get("Record") or "{}"))
    except (ValueError, RecursionError):
        return {}


def failure(records: Records, content: Mapping[str, Any]) -> tuple[str, str]:
    """Why a test failed, for people, and the block where it did; "" for what the records do not tell."""
    failed = next((one for one in records if one.get("Status") == "FAILED"), None)
    if failed is None:
        return "", ""
    told, identifier = said(failed), str(failed.get("ObservationId", ""))
    assertion = mapping(told.get("FailedAssertion"))
    if assertion:
        found = "not set" if assertion.get("Found") is None else repr(assertion["Found"])
        wanted = f"{assertion.get('Operator')} {assertion.get('Expected')!r}"
        return f"{assertion.get('Namespace')} is {found}, expected {wanted}", str(told.get("Block") or "")
    path = [*_steps(told)] or [*path_of(records)]
    reason = str(told.get("Reason") or "it was not observed")
    return f"{_awaited(content, identifier)}: {reason}", _block(path, content, identifier)


def _block(path: Sequence[PathStep], content: Mapping[str, Any], identifier: str) -> str:
    """Where something else happened: of a message that was not heard, the first block that spoke; else the last block."""
    waits_for_words = any(one.id == identifier and one.event == MESSAGE_RECEIVED for one in observed(content))
    spoke = next((step.block for step in path if waits_for_words and step.type in SPEAKING), "")
    return spoke or (path[-1].block if path else "")


def _awaited(content: Mapping[str, Any], identifier: str) -> str:
    """What an observation waits for, in words."""
    found = next((one for one in observed(content) if one.id == identifier), None)
    if found is None:
        return f"observation {identifier}"
    properties = found.properties
    heard = properties.get("Text") or properties.get("SSML") or properties.get("PromptId")
    if heard:
        return f"{identifier}, to hear {str(heard)!r}"
    return f"{identifier}, the start of {properties['ActionType']}" if "ActionType" in properties else identifier


def _steps(told: Mapping[str, Any]) -> Iterator[PathStep]:
    path = told.get("Path")
    for one in path if isinstance(path, list) else ():
        if isinstance(one, Mapping) and one.get("Block"):
            yield PathStep(
                flow=str(one.get("Flow") or ""),
                block=str(one["Block"]),
                type=str(one.get("Type") or ""),
                branch=str(one["Branch"]) if one.get("Branch") is not None else None,
            )
