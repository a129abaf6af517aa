"""Rules about queues: which one a contact goes to, and the flow that it waits in."""

from __future__ import annotations

from collections.abc import Iterator

from sbctl.flows.language.behaviour import LOOP_PROMPTS, MODULE_CALL, SET_QUEUE, is_known
from sbctl.flows.language.graph import Block
from sbctl.flows.lint.practice.subject import Seen, Subject, seen, whole

DEQUEUE = "DequeueContactAndTransferToQueue"
INTERRUPTED = "MessagesInterrupted"
OFFER = 20
"""Seconds; a shorter interval can interrupt while an agent's phone rings."""
NAMED = ("QueueId", "AgentId", "HoursOfOperationId")


def unset(subject: Subject) -> Iterator[Seen]:
    """A block needs the contact's queue, and a path leads to it that sets none. (transfer-to-queue)

    Inbound flows only: contacts of transfer flows, callbacks and queue flows have a queue, and so may a module's.
    """
    if subject.document.type != "CONTACT_FLOW":
        return
    needing = subject.of_type("TransferContactToQueue", "CheckHoursOfOperation", "CheckMetricData", "GetMetricData")
    if not needing:
        return
    setters = subject.numbers(lambda block: block.type in (SET_QUEUE, MODULE_CALL) or not is_known(block))
    empty = subject.graph.reached(subject.starts, without=setters)
    for block in needing:
        if block.number in empty and not any(block.parameters.get(name) for name in NAMED):
            yield seen(
                block,
                block.path,
                "a path from the start leads here on which no queue is set",
                f"Put {SET_QUEUE} before it, or name what it is for.",
            )


def flow_ends(subject: Subject) -> Iterator[Seen]:
    """A contact is moved to another queue, and the queue flow has not its form. (queue-to-queue-transfer)"""
    if not subject.of_type(DEQUEUE):
        return
    graph = subject.graph
    loops = subject.numbers(lambda block: block.type == LOOP_PROMPTS or not is_known(block))
    behind = graph.after(loops)
    ends = subject.numbers(lambda block: block.type in ("EndFlowExecution", MODULE_CALL) or not is_known(block))
    for block in subject.of_type(DEQUEUE):
        following = {edge.target for edge in graph.out[block.number] if edge.branch.how == "next"}
        if not ends & graph.reached(following):
            said = "after the transfer to another queue the flow does not reach EndFlowExecution"
            yield seen(block, block.path, said, "Lead its next action to EndFlowExecution.")
        if block.number not in behind and subject.document.type == "CUSTOMER_QUEUE":
            said = f"no {LOOP_PROMPTS} comes before the transfer to another queue"
            yield seen(block, block.path, said, f"Run it from a branch of {LOOP_PROMPTS}.")


def interrupt_short(subject: Subject) -> Iterator[Seen]:
    """Prompts are interrupted while an agent is being offered the contact. (loop-prompts)"""
    for block in subject.of_type(LOOP_PROMPTS):
        seconds = whole(block.parameters.get("InterruptFrequencySeconds"))
        if seconds is not None and 0 < seconds < OFFER:
            yield seen(
                block,
                block.at("InterruptFrequencySeconds"),
                f"an interruption every {seconds} s can meet an agent's offer, and its transfer fails then",
                f"Write {OFFER} or more.",
            )


def interrupt_unused(subject: Subject) -> Iterator[Seen]:
    """A branch for interruptions, and nothing interrupts. (loop-prompts)"""
    for block in subject.of_type(LOOP_PROMPTS):
        branch = next((one for one in block.conditions if one.operand == INTERRUPTED), None)
        if branch and "InterruptFrequencySeconds" not in block.parameters:
            said = f"the branch {INTERRUPTED} never runs: nothing interrupts the prompts"
            yield seen(block, branch.path, said, "Add InterruptFrequencySeconds, or remove the branch.")


def interrupt_missing(subject: Subject) -> Iterator[Seen]:
    """Prompts are interrupted, and no branch is there for it. (loop-prompts)"""
    for block in subject.of_type(LOOP_PROMPTS):
        if "InterruptFrequencySeconds" in block.parameters and not _has_branch(block):
            said = f"InterruptFrequencySeconds interrupts the prompts, and there is no branch {INTERRUPTED}"
            yield seen(block, block.at("InterruptFrequencySeconds"), said, f"Add the condition Equals {INTERRUPTED}.")


def _has_branch(block: Block) -> bool:
    return any(one.operand == INTERRUPTED for one in block.conditions)
