"""The rule about channels: an action where only contacts come whose channel it does not run for.

https://docs.aws.amazon.com/connect/latest/adminguide/block-support-by-channel.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sbctl.flows.language.facts import actions
from sbctl.flows.language.graph import Block, Edge
from sbctl.flows.language.references import only_reference
from sbctl.flows.lint.practice.subject import Seen, Subject, seen

CHANNELS = ("VOICE", "CHAT", "TASK", "EMAIL")
Channels = frozenset[str]
ALL = frozenset(CHANNELS)
FAILS = ("error", "no", "ChannelMismatch", "InvalidCallbackNumber")
"""What the table of actions says of a channel for which an action takes its error branch."""
PICTURELESS = ("PromptId", "SSML", "Media")
"""What is not a text, so that it cannot be sent as a message."""


def channel(subject: Subject) -> Iterator[Seen]:
    """An action that runs for none of the channels that a Compare lets through to it. (block-support-by-channel)"""
    coming = _coming(subject)
    for block in subject.blocks:
        found = coming.get(block.number, ALL)
        if found and found != ALL and all(_fails(block, one) for one in found):
            names = ", ".join(one for one in CHANNELS if one in found)
            said = f"only contacts of {names} come here, for which {block.type} takes its error branch"
            yield seen(block, block.path, said, "Lead these contacts another way.")


def _coming(subject: Subject) -> Mapping[int, Channels]:
    """Block → the channels of contacts that can come to it, by what Compare blocks let through."""
    if not any(_compares(block) for block in subject.of_type("Compare")):
        return {}
    coming: dict[int, Channels] = {number: ALL for number in subject.starts}
    waiting = list(coming)
    while waiting:
        number = waiting.pop()
        for edge in subject.graph.out[number]:
            before = coming.get(edge.target, frozenset())
            through = before | _through(subject.graph.blocks[number], edge, coming[number])
            if through != before:
                coming[edge.target] = through
                waiting.append(edge.target)
    return coming


def _compares(block: Block) -> bool:
    found = only_reference(block.text("ComparisonValue"))
    return block.type == "Compare" and found is not None and found.root == "Channel" and not found.keys


def _through(block: Block, edge: Edge, coming: Channels) -> Channels:
    """Those of the channels whose contacts take this edge."""
    if not _compares(block):
        return coming
    if edge.branch.how == "condition":
        return coming & {edge.branch.operand} if edge.branch.operator == "Equals" else coming
    return coming - {one.operand for one in block.conditions if one.operator == "Equals"}


def _fails(block: Block, one: str) -> bool:
    facts = actions().get(block.type)
    said = facts.channels.get(one, "") if facts else ""
    if said == "text only":
        return any(block.parameters.get(name) for name in PICTURELESS)
    return said.startswith(FAILS)
