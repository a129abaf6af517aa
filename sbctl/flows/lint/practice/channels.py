"""The rule about channels: an action where only contacts come whose channel it does not run for.

https://docs.aws.amazon.com/connect/latest/adminguide/block-support-by-channel.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sbctl.flows.language.facts import actions
from sbctl.flows.language.graph import Block
from sbctl.flows.lint.practice.narrowing import narrowed
from sbctl.flows.lint.practice.subject import Seen, Subject, seen

CHANNELS = ("VOICE", "CHAT", "TASK", "EMAIL")
ALL = frozenset(CHANNELS)
FAILS = ("error", "no", "ChannelMismatch", "InvalidCallbackNumber")
"""What the table of actions says of a channel for which an action takes its error branch."""
PICTURELESS = ("PromptId", "SSML", "Media")
"""What is not a text, so that it cannot be sent as a message."""


def channel(subject: Subject) -> Iterator[Seen]:
    """An action that runs for none of the channels that a Compare lets through to it. (block-support-by-channel)"""
    coming = narrowed(subject, "Channel", ALL)
    for block in subject.blocks:
        found = coming.get(block.number, ALL)
        if found and found != ALL and all(_fails(block, one) for one in found):
            names = ", ".join(one for one in CHANNELS if one in found)
            said = f"only contacts of {names} come here, for which {block.type} takes its error branch"
            yield seen(block, block.path, said, "Lead these contacts another way.")


def _fails(block: Block, one: str) -> bool:
    facts = actions().get(block.type)
    said = facts.channels.get(one, "") if facts else ""
    if said == "text only":
        return any(block.parameters.get(name) for name in PICTURELESS)
    return said.startswith(FAILS)
