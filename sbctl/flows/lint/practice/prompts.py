"""Rules about what is said: empty and malformed texts, and whispers that are too long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.parsers import expat

from sbctl.files.positions import JsonPath
from sbctl.flows.language.behaviour import INPUT, LEX, LOOP_PROMPTS, SPOKEN
from sbctl.flows.language.graph import Block
from sbctl.flows.lint.practice.subject import Seen, Subject, fixed, seen

BILLED = 3_000
"""Characters that are spoken."""
ALL = 6_000
"""Characters with the tags of SSML."""
WHISPER = 120
"""Seconds after which Connect ends a whisper."""
SPEED = 15
"""Characters that a voice says in a second."""
WHISPERS = frozenset({"AGENT_WHISPER", "CUSTOMER_WHISPER", "OUTBOUND_WHISPER"})
_TAG = re.compile(r"<[^<>]*>")


def empty(subject: Subject) -> Iterator[Seen]:
    """A text that says nothing, is too long, or is not SSML. (play)"""
    for block in subject.of_type(*SPOKEN):
        for path, kind, text in _prompts(block):
            if kind == "Text" and text and not text.strip():
                yield seen(block, path, "the text holds spaces only", "Write what is to be said.")
                continue
            said = _long(text) or (_malformed(text) if kind == "SSML" or _is_ssml(text) else "")
            if said:
                fix = (
                    "Shorten it." if said.startswith("it has") else "Correct the SSML; write & as &amp; and < as &lt;."
                )
                yield seen(block, path, said, fix)


def _prompts(block: Block) -> Iterator[tuple[JsonPath, str, str]]:
    """The place, kind and words of each text that a block says."""
    if block.type not in SPOKEN:
        return
    yield from _said(block.parameters, block.at())
    messages = block.parameters.get("Messages") if block.type == LOOP_PROMPTS else None
    for number, message in enumerate(messages if isinstance(messages, list | tuple) else ()):
        if isinstance(message, Mapping):
            yield from _said(message, block.at("Messages", number))


def _said(held: Mapping[str, Any], path: JsonPath) -> Iterator[tuple[JsonPath, str, str]]:
    for kind in ("Text", "SSML"):
        text = held.get(kind)
        if isinstance(text, str):
            yield (*path, kind), kind, text


def _is_ssml(text: str) -> bool:
    return text.lstrip().startswith(("<speak", "<?xml"))


def _long(text: str) -> str:
    if len(text) <= BILLED:
        return ""
    if len(text) > ALL:
        return f"it has {len(text)} characters, and a prompt at most {ALL}"
    spoken = len(_TAG.sub("", text))
    return f"it has {spoken} characters to be said, and a prompt at most {BILLED}" if spoken > BILLED else ""


def _malformed(text: str) -> str:
    if not text.strip():
        return ""
    if not _is_ssml(text):
        return "it is not inside of <speak>" if fixed(text) else ""
    if "<!" in text.replace("<!--", ""):
        return "SSML has no declarations"
    try:
        expat.ParserCreate().Parse(text.strip().encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        return f"it is not well-formed SSML: {expat.ErrorString(error.code)}, line {error.lineno}, column {error.offset + 1}"
    return ""


def whisper_long(subject: Subject) -> Iterator[Seen]:
    """A whisper that may take longer than the two minutes after which Connect ends it. (set-whisper-flow)"""
    if subject.document.type not in WHISPERS:
        return
    asking = ("Wait", INPUT, LEX) if subject.document.type != "OUTBOUND_WHISPER" else ("Wait",)
    for block in subject.of_type(*asking):
        yield seen(
            block,
            block.path,
            f"a whisper ends after {WHISPER} s, and this waits for somebody",
            "Ask in another flow.",
        )
    graph = subject.graph
    before: dict[int, int] = {}
    for group in reversed(graph.components(graph.reachable)):
        inside = [graph.blocks[number] for number in group]
        so_far = max(before.get(block.number, 0) for block in inside)
        total = so_far + sum(_seconds(block) for block in inside)
        if so_far <= WHISPER < total:
            said = f"a whisper ends after {WHISPER} s, and the texts up to here take about {total} s"
            yield seen(inside[0], inside[0].path, said, "Shorten the texts.")
        for number in group:
            for edge in graph.out[number]:
                before[edge.target] = max(before.get(edge.target, 0), total)


def _seconds(block: Block) -> int:
    return sum(len(_TAG.sub("", text)) for _, _, text in _prompts(block)) // SPEED
