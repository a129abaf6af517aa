"""Exports as documents: type and name as they state, and for each id or ARN a placeholder, or a question.

What stands for one is asked of, in this order: the map that a user gives, the flows that come along, a live instance, and the
names in the console's metadata. Nothing is guessed from an id.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sbctl.core.flow_document import FlowDocument
from sbctl.core.project import Region
from sbctl.flows.importing.hints import function_of, name_of
from sbctl.flows.language.facts import MODULE
from sbctl.flows.names.placeholders import BY_ID, KINDS, PATTERN, REGION_WORDS, escaped, in_texts, placeholder
from sbctl.flows.names.references import Reference, references
from sbctl.flows.names.reverse import unrendered
from sbctl.flows.names.words import LATEST, Words
from sbctl.flows.reading.flow_file import FlowFile


@dataclass(frozen=True)
class Around:
    """What is known beside the exports."""

    mapped: Mapping[str, str] = field(default_factory=dict)
    """Id or ARN → text, as a user gave it."""
    live: Mapping[str, str] = field(default_factory=dict)
    """Id or ARN → placeholder, as an instance has it."""
    function_name: Callable[[str], str] = str
    """Name of a function in AWS → its name in the project."""
    home: Region | None = None
    """The only region of the project with an instance: what is of it may stay."""
    account: str = ""
    there: frozenset[Path] = frozenset()
    """Files of the project, where links lead: what they hold already may stay."""


@dataclass(frozen=True)
class Unresolved:
    """An id or ARN that nothing stands for."""

    flow: str
    block: str
    at: str
    """`file:line:column`."""
    value: str
    kind: str
    name: str
    """What the export calls it; "" where it gives no name."""


@dataclass(frozen=True)
class Imported:
    """An export as a document. `notes` are for people."""

    file: FlowFile
    document: FlowDocument
    unresolved: tuple[Unresolved, ...] = ()
    notes: tuple[str, ...] = ()


def imported(files: Sequence[FlowFile], around: Around) -> list[Imported]:
    """Every flow of the files."""
    named = [replace(one, document=_headed(one)) for one in files]
    together = {identity: word for one in named for identity, word in _own(one)}
    return [_imported(one, {**around.live, **together, **around.mapped}, around) for one in named]


def _imported(file: FlowFile, table: Mapping[str, str], around: Around) -> Imported:
    document = file.document
    known = Words(table)
    hinted = dict(_hinted(document.content, known, around))
    every = Words({**hinted, **table})
    found = list(references(document.content))
    words = Words({**hinted, **table}, shown={word for one in found if not one.display and (word := every.of(one))})
    bound = [one for one in found if words.is_bound(one)]
    there = Path(file.file).resolve() in around.there
    kept = [one for one in bound if there or _may_stay(one, around)]
    escape = _escape(file)
    content = unrendered(document.content, "", words, escape)
    return Imported(
        file,
        replace(document, content=content),
        tuple(_asked(file, one) for one in bound if one not in kept),
        tuple(_notes(file, kept, words, known)),
    )


def _headed(file: FlowFile) -> FlowDocument:
    """The document with the wrapper's name and description; an export has them in its metadata, if at all."""
    document = file.document
    if file.own or not _is_export(file):
        return document
    metadata = document.content.get("Metadata")
    name, description = _text(metadata, "name"), _text(metadata, "description")
    return replace(document, name=name or document.name, description=description or document.description)


def _text(metadata: Any, key: str) -> str:
    found = metadata.get(key) if isinstance(metadata, Mapping) else None
    return found.strip() if isinstance(found, str) else ""


def _is_export(file: FlowFile) -> bool:
    """Whether it is what the console writes, or what a description holds without a name."""
    return bool(file.text) and (not file.inside or isinstance(file.inside[-1], int))


def _own(file: FlowFile) -> Iterator[tuple[str, str]]:
    """The id and the ARN that a description gives of the flow itself, with what stands for it."""
    if not file.text or not file.inside:
        return
    around: Any = json.loads(file.text)
    for part in file.inside[:-1]:
        around = around[part]
    word = placeholder("module" if file.document.type == MODULE else "flow", file.document.name)
    for key in ("Id", "Arn"):
        if isinstance(around, Mapping) and isinstance(around.get(key), str):
            yield around[key], word


def _hinted(content: Mapping[str, Any], known: Words, around: Around) -> Iterator[tuple[str, str]]:
    for one in references(content):
        if one.dynamic or one.display or one.kind not in KINDS or not known.is_bound(one):
            continue
        name = name_of(content, one)
        if name and one.kind == "lambda":
            name = around.function_name(name)
        if name:
            yield one.value, placeholder(one.kind, name)
            yield one.text, placeholder(one.kind, name)


def _may_stay(one: Reference, around: Around) -> bool:
    """Whether it is of the only region of the project, and sbctl has no placeholder for it."""
    arn, home = one.arn, around.home
    if arn is None or home is None or one.kind in KINDS:
        return False
    return (arn.region, arn.account) == (home.region, around.account)


def _asked(file: FlowFile, one: Reference) -> Unresolved:
    content = file.document.content
    return Unresolved(file.document.name, one.block, file.at(one.path), one.value, one.kind, name_of(content, one))


def _escape(file: FlowFile) -> Callable[[str], str]:
    """A live description says nothing in sbctl's words; a document of sbctl says all of it so; an export may."""
    if file.own:
        return str
    return escaped if "Content" in file.inside else _but_known


def _but_known(text: str) -> str:
    """A text in which known placeholders stay, and all else that looks like one is escaped."""
    parts: list[str] = []
    end = 0
    for found in PATTERN.finditer(text):
        if found.group(1) in REGION_WORDS or (BY_ID.get(found.group(1), found.group(1)) in KINDS and found.group(2)):
            parts += [escaped(text[end : found.start()]), found[0]]
            end = found.end()
    return "".join([*parts, escaped(text[end:])])


def _notes(file: FlowFile, kept: Iterable[Reference], words: Words, known: Words) -> Iterator[str]:
    if file.note:
        yield file.note
    if file.status == "SAVED":
        yield 'It is a draft, which no caller meets. Remove "status" from its file to publish it.'
    for one in kept:
        yield f"block {one.block} keeps {one.value}, which means nothing in another region"
    for one in references(file.document.content):
        if not (one.dynamic or one.display):
            yield from _on(one, words, known)
    if not file.own:
        yield from _on_placeholders(file)


def _on(one: Reference, words: Words, known: Words) -> Iterator[str]:
    """What to know of an id that is no question."""
    word = words.of(one)
    if one.arn is None and not one.sure and word is None:
        yield f"block {one.block} keeps {one.value}, which may be an id"
    version = function_of(one)[1] or one.suffix.removeprefix(LATEST).lstrip(":")
    if version and word is not None and known.of(one) is None:
        yield f"block {one.block} named {version} of its {one.kind}; the placeholder means the latest"


def _on_placeholders(file: FlowFile) -> Iterator[str]:
    """What of an export looks like a placeholder."""
    for one in in_texts(file.document.content):
        text = one.text
        filled = _escape(file)(text) == text
        becomes = f"sbctl fills {text} in; write ${text} where it is text" if filled else f"{text} stays a text"
        yield f"block {one.action}: {becomes}"
