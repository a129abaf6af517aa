"""What actions do when a flow runs: which wait for somebody, which leave the flow, which fill a reference.

An action of a type that is not known may do any of it, so the rules count it as one that does.
https://docs.aws.amazon.com/connect/latest/devguide/flow-language-actions.html
"""

from __future__ import annotations

from collections.abc import Mapping

from sbctl.flows.language.facts import actions
from sbctl.flows.language.graph import Block

INPUT = "GetParticipantInput"
LEX = "ConnectParticipantWithLexBot"
LAMBDA = "InvokeLambdaFunction"
MODULE_CALL = "InvokeFlowModule"
LOOP_PROMPTS = "MessageParticipantIteratively"
SET_QUEUE = "UpdateContactTargetQueue"

SPOKEN = frozenset({"MessageParticipant", LOOP_PROMPTS, INPUT, LEX})
"""What has a prompt."""
PARTICIPANT = SPOKEN | {"ShowView", "AuthenticateParticipant", "TransferParticipantToThirdParty", "Wait"}
"""What takes the participant's time, so that a chain of functions is interrupted."""
LEAVES = frozenset({"TransferContactToQueue", "TransferToFlow", "TransferContactToAgent"})
"""What leaves the flow where it succeeds."""
WAITS = LEAVES | {
    INPUT,
    LEX,
    LAMBDA,
    MODULE_CALL,
    LOOP_PROMPTS,
    "ShowView",
    "AuthenticateParticipant",
    "Wait",
    "Loop",
    "TransferParticipantToThirdParty",
    "CheckOutboundCallStatus",
    "DequeueContactAndTransferToQueue",
    "RouteContactToAgent",
}
"""What makes a circle one that ends, or one that waits for somebody: input, time, a counter, a function, a transfer."""
HOLDS = frozenset({"CUSTOMER_QUEUE", "CUSTOMER_HOLD", "AGENT_HOLD"})
"""Types of flows that run until an agent accepts or a hold ends, so a circle of prompts is how they are made."""
_PROFILES = frozenset(
    {
        "GetCustomerProfile",
        "CreateCustomerProfile",
        "UpdateCustomerProfile",
        "GetCustomerProfileObject",
        "GetCalculatedAttributesForCustomerProfile",
        "AssociateContactToCustomerProfile",
        "CheckSegmentMembershipForCustomerProfile",
        "AuthenticateParticipant",
    }
)
FILLS: Mapping[str, frozenset[str]] = {
    "External": frozenset({LAMBDA}),
    "LambdaInvocation": frozenset({LAMBDA}),
    "Lex": frozenset({LEX}),
    "Views": frozenset({"ShowView"}),
    "Metrics": frozenset({"GetMetricData"}),
    "Case": frozenset({"CreateCase", "GetCase", "UpdateCase"}),
    "Customer": _PROFILES,
    "StoredCustomerInput": frozenset({INPUT}),
}
"""Root of references that live in one flow → the actions that fill it. A module starts with none, and returns none."""


def is_known(block: Block) -> bool:
    """Whether its type is one of the language."""
    return block.type in actions()


def waits(block: Block) -> bool:
    """Whether a circle through it may end, or waits for somebody."""
    return block.type in WAITS or not is_known(block)


def fills(block: Block, root: str) -> bool:
    """Whether references of this root may have a value after it."""
    if root == "StoredCustomerInput" and block.type == INPUT:
        return stores(block)
    return block.type in FILLS[root] or not is_known(block)


def stores(block: Block) -> bool:
    """Whether it is the form of the input that stores what is typed."""
    return (
        block.type == INPUT
        and block.text("StoreInput").lower() == "true"
        and "EnableDTMFBuffer" not in block.parameters
    )


def is_menu(block: Block) -> bool:
    """Whether it is the form of the input that branches by a key."""
    return (
        block.type == INPUT
        and block.text("StoreInput").lower() != "true"
        and "EnableDTMFBuffer" not in block.parameters
    )


def is_asynchronous(block: Block) -> bool:
    """Whether it invokes a function and does not wait for it."""
    return block.type == LAMBDA and block.text("InvocationType").upper() == "ASYNCHRONOUS"
