"""What callers notice of a value that changed in a block, in one sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sbctl.core.address import Joined, Ref
from sbctl.core.kinds.values import Unknown
from sbctl.core.text.cut import cut_apart
from sbctl.flows.names.placeholders import PATTERN, plain_name

LONGEST = 60
CHANGED: Mapping[str, str] = {
    "Text": "callers hear {new} instead of {old}",
    "SSML": "callers hear {new} instead of {old}",
    "Messages": "callers hear {new} instead of {old}",
    "PromptId": "callers hear the recording {new} instead of {old}",
    "Media": "callers hear the recording {new} instead of {old}",
    "QueueId": "calls go to the queue {new} instead of {old}",
    "AgentId": "calls go to the agent {new} instead of {old}",
    "ThirdPartyPhoneNumber": "calls go to the number {new} instead of {old}",
    "ContactFlowId": "callers go to the flow {new} instead of {old}",
    "FlowModuleId": "callers go through the module {new} instead of {old}",
    "EventHooks": "callers who wait or are connected meet the flow {new} instead of {old}",
    "LambdaFunctionARN": "the function {new} is called instead of {old}",
    "InvocationTimeLimitSeconds": "the function has {new} instead of {old} seconds",
    "InputTimeLimitSeconds": "callers have {new} instead of {old} seconds to answer",
    "HoursOfOperationId": "the hours of operation {new} are checked instead of {old}",
    "LexV2Bot": "callers speak to the bot {new} instead of {old}",
    "LexBot": "callers speak to the bot {new} instead of {old}",
    "ComparisonValue": "the value {new} is checked instead of {old}",
    "LoopCount": "the loop runs {new} instead of {old} times",
    "QueuePriority": "callers have the priority {new} instead of {old}",
    "TextToSpeechVoice": "the voice is {new} instead of {old}",
}
"""By parameter. Others are told by their names."""
MAPS: Mapping[str, str] = {
    "Attributes": "the attribute {name} is {new} instead of {old}",
    "FlowAttributes": "the flow attribute {name} is {new} instead of {old}",
    "LambdaInvocationAttributes": "the function is given {new} instead of {old} as {name}",
    "Tags": "the tag {name} is {new} instead of {old}",
}
"""By parameter whose members have names of their own; `{name}` is the member's."""
OTHER = "{name} is {new} instead of {old}"
HEARD = frozenset({"Text", "SSML", "Messages", "PromptId", "Media"})
NOTHING = "nothing"


def of_parameter(name: str, before: Any, after: Any) -> str:
    """The sentence on a parameter; None stands for one that is not there."""
    old, new = quoted(before, after)
    if name in HEARD and before is None:
        return CHANGED[name].partition(" instead")[0].format(new=new)
    if name in HEARD and after is None:
        return CHANGED[name].partition(" instead")[0].replace("callers hear", "callers no longer hear").format(new=old)
    holder, _, member = name.partition(".")
    if member and holder in MAPS:
        return MAPS[holder].format(name=member, new=new, old=old)
    return CHANGED.get(name, OTHER).format(name=name, new=new, old=old)


def quoted(before: Any, after: Any) -> list[str]:
    """Both in quotes, cut so that it is seen where they differ."""
    shown = iter(cut_apart([shown_text(value) for value in (before, after) if value is not None], LONGEST))
    return [NOTHING if value is None else f'"{next(shown)}"' for value in (before, after)]


def shown_text(value: Any) -> str:
    """A value in words: a placeholder or a reference by the name in it, a list of prompts by what they say."""
    if isinstance(value, Unknown):
        return value.ref.address.name
    if isinstance(value, Ref):
        return value.address.name
    if isinstance(value, Joined):
        return "".join(shown_text(part) for part in value.parts)
    if isinstance(value, Mapping):
        return _of_map(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(shown_text, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    whole = PATTERN.fullmatch(text)
    return plain_name(whole.group(2)) if whole and whole.group(2) else " ".join(text.split())


def _of_map(value: Mapping[str, Any]) -> str:
    """A map of one value by the value alone."""
    if len(value) == 1:
        return shown_text(next(iter(value.values())))
    return json.dumps({name: shown_text(item) for name, item in value.items()}, ensure_ascii=False)
