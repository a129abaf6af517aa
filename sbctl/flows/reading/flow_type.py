"""The type and the status of a flow that no wrapper states: by the console's Metadata, else by its blocks.

Exports of the console have no member for the type. What the blocks suggest is a guess, and is told as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.flows.language.facts import MODULE, flow_types, type_names
from sbctl.flows.reading.flow_file import Status, TypeFrom

FLOW = "CONTACT_FLOW"
DRAFTS = frozenset({"saved", "draft"})
_INTERRUPTS = frozenset({"CreateCallbackContact", "TransferContactToQueue", "DequeueContactAndTransferToQueue"})


def type_of(content: Mapping[str, Any], usual: str = "") -> tuple[str, TypeFrom, str]:
    """(type, where it is from, what to know of it). `usual` is taken where Metadata says nothing; else the blocks decide."""
    metadata = content.get("Metadata")
    stated = known_type(metadata.get("type")) if isinstance(metadata, dict) else ""
    if stated:
        return stated, "metadata", ""
    guess, why = _suggested(content)
    if usual and guess != usual:
        return usual, "guessed", f"No type is stated; {usual} is taken, but {why} suggests {guess}."
    return (
        guess,
        "guessed",
        f"No type is stated; {why} suggests {guess}." if why else f"No type is stated; {guess} is taken.",
    )


def known_type(value: Any) -> str:
    """The API's name of a type that is written as in the API or as in the console; "" for what is neither."""
    text = value if isinstance(value, str) else ""
    return text if text in flow_types() else type_names().get(text, "")


def status_of(value: Any) -> Status:
    """The status of a flow as a wrapper or the console's Metadata words it."""
    return "SAVED" if isinstance(value, str) and value.lower() in DRAFTS else "PUBLISHED"


def _suggested(content: Mapping[str, Any]) -> tuple[str, str]:
    """(the type that the blocks suggest, because of what)."""
    listed = content.get("Actions")
    actions = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    found = {one["Type"] for one in actions if isinstance(one.get("Type"), str)}
    if "Settings" in content or "EndFlowModuleExecution" in found:
        return MODULE, "Settings" if "Settings" in content else "EndFlowModuleExecution"
    for block in ("DequeueContactAndTransferToQueue", "RouteContactToAgent"):
        if block in found:
            return "CUSTOMER_QUEUE", block
    if "MessageParticipantIteratively" in found:
        waits = bool(found & _INTERRUPTS) or any(_is_interrupted(one) for one in actions)
        return ("CUSTOMER_QUEUE" if waits else "CUSTOMER_HOLD"), "MessageParticipantIteratively"
    for block, kind in (("CompleteOutboundCall", "OUTBOUND_WHISPER"), ("TransferContactToAgent", "QUEUE_TRANSFER")):
        if block in found:
            return kind, block
    if "EndFlowExecution" in found and "DisconnectParticipant" not in found:
        return "CUSTOMER_WHISPER", "EndFlowExecution without DisconnectParticipant"
    return FLOW, ""


def _is_interrupted(action: Mapping[str, Any]) -> bool:
    parameters = action.get("Parameters")
    return isinstance(parameters, dict) and "InterruptFrequencySeconds" in parameters
