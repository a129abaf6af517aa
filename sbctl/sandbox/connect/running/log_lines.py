"""What the flow log says of an action: a line when it is entered, and of some types one with its result.

https://docs.aws.amazon.com/connect/latest/adminguide/contact-flow-log-data.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.running.contract import Block

NAMES = {
    "Compare": "CheckAttribute",
    "CompleteOutboundCall": "CallPhoneNumber",
    "ConnectParticipantWithLexBot": "GetUserInput",
    "CreateCallbackContact": "CreateCallback",
    "CreateWisdomSession": "SetWisdomAssistant",
    "DequeueContactAndTransferToQueue": "Transfer",
    "DisconnectParticipant": "Disconnect",
    "DistributeByPercentage": "DistributeByPercentage",
    "EndFlowExecution": "Resume",
    "EndFlowModuleExecution": "ReturnFromFlowModule",
    "GetMetricData": "GetQueueMetrics",
    "InvokeLambdaFunction": "InvokeExternalResource",
    "MessageParticipant": "PlayPrompt",
    "MessageParticipantIteratively": "LoopPrompts",
    "TransferContactToAgent": "Transfer",
    "TransferContactToQueue": "Transfer",
    "TransferParticipantToThirdParty": "TransferToPhoneNumber",
    "UpdateContactAttributes": "SetAttributes",
    "UpdateContactCallbackNumber": "SetCallBackNumber",
    "UpdateContactData": "SetContactData",
    "UpdateContactEventHooks": "SetEventHook",
    "UpdateContactRecordingAndAnalyticsBehavior": "SetRecordingBehavior",
    "UpdateContactRecordingBehavior": "SetRecordingBehavior",
    "UpdateContactRoutingBehavior": "UpdateRoutingPriority",
    "UpdateContactTargetQueue": "SetQueue",
    "UpdateContactTextToSpeechVoice": "SetVoice",
    "UpdateFlowAttributes": "SetFlowAttributes",
    "UpdateFlowLoggingBehavior": "SetLoggingBehavior",
}
"""Type of action → the name of its block; all others have the type's own."""
FORMS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "CheckMetricData": lambda given: (
        "CheckStaffing" if str(given.get("MetricType")).startswith("NumberOfAgents") else "CheckQueueStatus"
    ),
    "GetParticipantInput": lambda given: "StoreUserInput" if given.get("StoreInput") == "True" else "GetUserInput",
    "UpdateContactMediaStreamingBehavior": lambda given: (
        "StartMediaStreaming" if given.get("MediaStreamingState") == "Enabled" else "StopMediaStreaming"
    ),
}
"""Types whose block depends on their parameters."""


def block_name(type_: str, parameters: Mapping[str, Any]) -> str:
    """The name of a block as logs have it."""
    form = FORMS.get(type_)
    return form(parameters) if form else NAMES.get(type_, type_)


def lines(contact: Contact, instance: str, block: Block) -> Iterator[dict[str, Any]]:
    """The lines for an action that was entered or left: one or none. `instance` is an ARN."""
    if block.took is not None and block.results is None:
        return
    when = datetime.fromtimestamp(block.when, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line: dict[str, Any] = {
        "ContactId": contact.id,
        "ContactFlowId": f"{instance}/{'flow-module' if block.is_module else 'contact-flow'}/{block.flow}",
        "ContactFlowName": block.flow_name,
        "ContactFlowModuleType": block_name(block.type, block.parameters),
        "Identifier": block.identifier,
        "Timestamp": when,
        "Parameters": dict(block.parameters),
    }
    yield line if block.took is None else {**line, "Results": block.results}
