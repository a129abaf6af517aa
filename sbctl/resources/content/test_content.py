"""A flow test for one region: placeholders filled in, and in the members of Amazon Connect's requests."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sbctl.core.address import Address
from sbctl.core.aws.error import AwsError
from sbctl.core.flow_document import FlowDocument, FlowTestDocument
from sbctl.core.project import Region
from sbctl.flows.names.render import render
from sbctl.resources.content.flow_content import explained

REFUSED = "InvalidTestCaseException"
PARAMETERS = {"VOICE_CALL": "VoiceCallEntryPointParameters", "CHAT": "ChatEntryPointParameters"}


def rendered(test: FlowTestDocument, region: Region) -> dict[str, Any]:
    """The content as a tree whose leaves may be references. Raises SbctlError for an unknown kind of placeholder."""
    return render(FlowDocument(test.name, "TEST", test.description, test.content, test.at), region)


def entry_of(test: FlowTestDocument, region: str) -> dict[str, Any]:
    """Where the contact begins: its type, the flow by id, the numbers of a call."""
    found: dict[str, Any] = {"type": "CHAT" if test.channel == "CHAT" else "VOICE_CALL"}
    if test.flow:
        found["flow"] = Address.of("connect_flow", region, test.flow).ref("id")
    numbers = {"source": test.caller, "destination": test.called}
    return {**found, **{name: value for name, value in numbers.items() if value}}


def sent(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The entry point as requests have it."""
    members = {
        "SourcePhoneNumber": entry.get("source"),
        "DestinationPhoneNumber": entry.get("destination"),
        "FlowId": entry.get("flow"),
    }
    given = {name: value for name, value in members.items() if value}
    return {"Type": entry["type"], PARAMETERS[entry["type"]]: given}


def read_entry(point: Mapping[str, Any]) -> dict[str, Any]:
    """The entry point of an answer, in the form of `entry_of`; a flow by its id."""
    kind = str(point.get("Type") or "VOICE_CALL")
    given = point.get(PARAMETERS.get(kind, "")) or {}
    found = {
        "flow": str(given.get("FlowId") or "").rpartition("/")[2],
        "source": given.get("SourcePhoneNumber"),
        "destination": given.get("DestinationPhoneNumber"),
    }
    return {"type": kind, **{name: value for name, value in found.items() if value}}


def read_content(text: str | None) -> dict[str, Any] | None:
    """A content as AWS has it; None for a draft that is no JSON object, which AWS stores all the same."""
    try:
        found = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def read_attributes(text: str | None) -> dict[str, str]:
    """The attributes with which a contact begins."""
    found = read_content(text) or {}
    inner = found.get("Attributes")
    return {str(key): str(value) for key, value in (inner if isinstance(inner, dict) else found).items()}


@contextmanager
def objections() -> Iterator[None]:
    """Raise AWS's objections to a test with its problem texts, which its message leaves out."""
    try:
        yield
    except AwsError as error:
        if error.code != REFUSED:
            raise
        raise explained(error, {}) from error
