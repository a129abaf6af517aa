"""The name of a block: the console's title of its type, and the first words of its text or of what it leads to.

Never an id, unless there is nothing else: the console keeps display names of most ids in the metadata of a block.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from sbctl.core.text.cut import cut
from sbctl.flows.language.facts import actions
from sbctl.flows.names.placeholders import PATTERN, plain_name, unescaped
from sbctl.flows.pictures.branches import spaced
from sbctl.flows.pictures.steps import Step, as_list, as_map, as_text

LONGEST_WORDS = 60
SHORT_ID = 8
_UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE)
_NUMBERED = re.compile(r"[a-z-]+-\d+")
"""What a FlowBuilder calls a block, which says no more than its type."""
_TAG = re.compile(r"<[^>]*>")
_ASIDE = re.compile(r" \((keys|beta|text|system|in a customer queue flow)\)$|,? \(?\w+ part\)?$")
"""What tells the forms of a title apart in a table, and nothing to those who see the block."""
_NO_WORD = re.compile(r"[\d.]+|true|false", re.IGNORECASE)
_TEXTS = ("Text", "SSML")
_DISPLAYED = ("displayName", "text", "value", "name")
_OLD_NAMES: Mapping[str, tuple[str, ...]] = {
    "QueueId": ("queue",),
    "AgentId": ("queue",),
    "EventHooks": ("contactFlow",),
    "ContactFlowId": ("ContactFlow", "contactFlow"),
    "HoursOfOperationId": ("Hours", "hours"),
    "FlowModuleId": ("contactFlowModuleName",),
    "PromptId": ("promptName", "audio"),
    "Messages": ("audio",),
    "LexV2Bot": ("lexV2BotName",),
}
"""Where older exports keep the display name of an id, beside `parameters`."""
_COUNTS = (("LoopCount", "{} times"), ("TimeLimitSeconds", "{} s"))
_FORMS: Mapping[str, Callable[[Step], int]] = {
    "GetParticipantInput": lambda step: (
        2 if "EnableDTMFBuffer" in step.parameters else _said(step, "StoreInput", "True")
    ),
    "CheckMetricData": lambda step: 0 if as_text(step.parameters.get("MetricType")).startswith("NumberOfAgents") else 1,
    "UpdateContactMediaStreamingBehavior": lambda step: _said(step, "MediaStreamingState", "Disabled"),
    "UpdateContactEventHooks": lambda step: _hooked(step),
}
"""Which of its titles a block has, by its parameters."""
_HOOKS = ("CustomerQueue", "Whisper", "Hold", "CustomerRemaining")
"""In the order of the titles of UpdateContactEventHooks; the last title is that of all others."""


def name_of(step: Step) -> tuple[str, str]:
    """Title and words of a block; the words are "" where it has none."""
    title = title_of(step)
    words = next(filter(None, map(_tidy, _candidates(step))), "")
    if not words and not is_id(step.id) and _is_own(step, title):
        words = step.id
    return title, cut(words, LONGEST_WORDS)


def is_id(identifier: str) -> bool:
    """Whether an identifier is one of the console's, which nobody can tell from another."""
    return _UUID.search(identifier) is not None


def title_of(step: Step) -> str:
    """The console's title of the block, or its type in words where sbctl does not know it."""
    titles = _titles().get(step.type)
    if not titles:
        return spaced(step.type).capitalize() if step.type else "Block without a type"
    place = _FORMS[step.type](step) if step.type in _FORMS else 0
    return titles[min(place, len(titles) - 1)]


@cache
def _titles() -> Mapping[str, tuple[str, ...]]:
    return {name: tuple(_ASIDE.sub("", title) for title in action.titles) for name, action in actions().items()}


def _said(step: Step, parameter: str, value: str) -> int:
    return int(as_text(step.parameters.get(parameter)).lower() == value.lower())


def _hooked(step: Step) -> int:
    names = " ".join(map(str, as_map(step.parameters.get("EventHooks"))))
    return next((place for place, word in enumerate(_HOOKS) if word in names), len(_HOOKS))


def _is_own(step: Step, title: str) -> bool:
    """Whether the identifier is a name that somebody gave, and says more than the title."""
    friendly = as_text(step.shown.get("isFriendlyName")).lower() == "true"
    return friendly and step.id.lower() != title.lower() and not _NUMBERED.fullmatch(step.id)


def _candidates(step: Step) -> Iterator[str]:
    """Texts that tell what the block does, the best first."""
    for holder in (step.parameters, *map(as_map, as_list(step.parameters.get("Messages")))):
        yield from (quoted(as_text(holder.get(name))) for name in _TEXTS)
        kept = "PromptId" if holder is step.parameters else "Messages"
        yield from _target(step, kept, as_text(holder.get("PromptId")))
        yield last_part(as_text(as_map(holder.get("Media")).get("Uri")))
    for name in ("Attributes", "FlowAttributes", "Tags"):
        yield _pairs(as_map(step.parameters.get(name)))
    for path in ("LexV2Bot.AliasArn", "LexBot.Name", "ViewResource.Id"):
        parameter, _, inner = path.partition(".")
        yield from _target(step, parameter, as_text(as_map(step.parameters.get(parameter)).get(inner)))
    for value in as_map(step.parameters.get("EventHooks")).values():
        yield from _target(step, "EventHooks", as_text(value))
    yield from (unit.format(as_text(step.parameters.get(name))) for name, unit in _COUNTS if name in step.parameters)
    for name, value in step.parameters.items():
        yield from (text for text in _target(step, name, as_text(value)) if not _NO_WORD.fullmatch(text))
        yield ", ".join(filter(None, map(as_text, as_list(value))))


def _target(step: Step, parameter: str, value: str) -> Iterator[str]:
    """The display name of what an id names, else the id in the best words that it has."""
    if not value:
        return
    if not value.startswith("$") and (_UUID.search(value) or value.startswith("arn:")):
        yield from _display_names(step, parameter)
    yield _resource(value)


def _display_names(step: Step, parameter: str) -> Iterator[str]:
    kept = as_map(step.shown.get("parameters")).get(parameter)
    for holder in (kept, *(step.shown.get(name) for name in _OLD_NAMES.get(parameter, ()))):
        yield from (text for text in _shown_texts(holder) if not is_id(text) and not text.startswith("arn:"))


def _shown_texts(holder: Any) -> Iterator[str]:
    """The names in what the console keeps of a parameter, which may have one for each of several values."""
    if isinstance(holder, str) and holder:
        yield holder
    found = as_map(holder)
    yield from filter(None, (as_text(found.get(name)) for name in _DISPLAYED))
    for inner in (*found.values(), *as_list(holder)):
        if isinstance(inner, Mapping | list):
            yield from _shown_texts(inner)


def _resource(value: str) -> str:
    """A placeholder by its name; an ARN by its last part; an id, which nobody knows by heart, by its first letters."""
    whole = PATTERN.fullmatch(value)
    if whole and whole.group(2):
        return plain_name(whole.group(2))
    text = last_part(value) if value.startswith("arn:") else value
    found = _UUID.search(text)
    return f"id {found.group()[:SHORT_ID]}" if found else text


def last_part(value: str) -> str:
    """What stands behind the last `/` of an address; of a function's ARN its name."""
    if ":function:" in value:
        return value.split(":function:")[1]
    return value.rstrip("/").rpartition("/")[2]


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} = {as_text(value) or as_text(as_map(value).get('Value'))}".rstrip(" =")
        for name, value in values.items()
    )


def quoted(text: str) -> str:
    """What callers hear, in quotes and without marks of speech synthesis."""
    words = " ".join(_TAG.sub(" ", text).split()) or text.strip()
    return f'"{cut(words, LONGEST_WORDS - 2)}"' if words else ""


def _tidy(text: str) -> str:
    named = PATTERN.sub(lambda found: plain_name(found.group(2)) if found.group(2) else found.group(), text)
    return " ".join(unescaped(named).split())
