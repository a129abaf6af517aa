"""An existing contact centre in the config's words: items, flows with names for ARNs, and what has no words, with why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sbctl.core.address import slug
from sbctl.core.project import FlowDocument, Region
from sbctl.core.resource import Live, NotSayable
from sbctl.desired.flows.lint import lint_flow
from sbctl.desired.flows.reverse import unrendered
from sbctl.desired.flows.rules import MODULE
from sbctl.desired.recordings import NotAudio, checked
from sbctl.engine.adoption.discovery import INSTANCE, Estate
from sbctl.engine.adoption.names import Names
from sbctl.engine.targets import Kinds

FLOWS = {"connect_flow": "flows", "connect_flow_module": "flows/modules"}
"""Kinds whose content is a file, and the folder of these files."""
AUDIO_BUCKET = "prompts"
ARN = re.compile(r"arn:[a-z-]+:[^\s\"']+")
Fetch = Callable[[str], bytes]
"""The id of a prompt → its audio. Raises NotSayable when AWS does not hand it out."""


@dataclass(frozen=True)
class LeftOut:
    """What stays as it is in AWS, unknown to the config, and why."""

    kind: str
    name: str
    why: str


@dataclass
class Worded:
    """Sections of regions.json, files by their path in the project, and what was left out."""

    sections: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)
    """Flows as trees, audio as bytes."""
    left: list[LeftOut] = field(default_factory=list)
    notes: list[LeftOut] = field(default_factory=list)
    """What was taken over, and how it would not work in another region."""


def worded(kinds: Kinds, estate: Estate, region: Region, project: str, fetch: Fetch) -> Worded:
    """Say everything. Raises NotSayable when the instance itself cannot be said."""
    return _Writer(kinds, estate, region, fetch).write(project)


class _Writer:
    def __init__(self, kinds: Kinds, estate: Estate, region: Region, fetch: Fetch) -> None:
        self._kinds = kinds
        self._estate = estate
        self._region = region
        self._fetch = fetch
        self._names = Names()
        self._said = Worded()

    def write(self, project: str) -> Worded:
        instance = self._kinds[INSTANCE].said(self._estate.instance.spec, self._region.region, self._names)
        self._said.sections["instances"] = [{"name": project, **instance}]
        for kind, things in self._estate.things.items():
            if kind not in FLOWS:
                self._items(kind, things)
        self._flows()
        if self._said.sections.get("prompts"):
            self._said.sections["buckets"] = [{"name": AUDIO_BUCKET, "replicate": False, "regions": []}]
        return self._said

    def _flows(self) -> None:
        """Flows and modules name each other, so what names one that is left out is left out too."""
        kept = [(kind, live) for kind in FLOWS for live in self._estate.things[kind] if self._is_named(kind, live)]
        while True:
            documents = [(kind, live, self._document(kind, live)) for kind, live in kept]
            unfit = [(kind, live, found) for kind, live, one in documents if (found := lint_flow(one))]
            if not unfit:
                break
            for kind, live, problems in unfit:
                self._names.release(kind, live.ids)
                self._leave(kind, live.spec.name, NotSayable(problems[0].detail))
                kept.remove((kind, live))
        for kind, _, document in documents:
            self._file(kind, document)

    def _is_named(self, kind: str, live: Live[Any]) -> bool:
        try:
            _refuse_unserved(live)
            self._names.take(kind, self._region.region, live.spec.name, live.ids)
        except NotSayable as why:
            self._leave(kind, live.spec.name, why)
            return False
        return True

    def _document(self, kind: str, live: Live[Any]) -> FlowDocument:
        spec, words = live.spec, self._names.placeholders
        module = kind == "connect_flow_module"
        return FlowDocument(
            name=spec.name,
            type=MODULE if module else spec.type,
            description=spec.description or "",
            content=unrendered(spec.content, self._region, words),
            at=f"{FLOWS[kind]}/{slug(spec.name)}.json",
            settings=unrendered(spec.settings, self._region, words) if module else {},
        )

    def _file(self, kind: str, document: FlowDocument) -> None:
        file = {"name": document.name, "description": document.description, "content": document.content}
        if document.type != MODULE:
            file["type"] = document.type
        elif document.settings:
            file["settings"] = document.settings
        self._said.files[document.at] = file
        bound = sorted({*_bound(document.content)})
        if bound:
            self._said.notes.append(LeftOut(self._kinds[kind].title, document.name, f"keeps {', '.join(bound)}"))

    def _items(self, kind: str, things: Any) -> None:
        section = "lambdas" if kind == "connect_lambda" else self._kinds[kind].section
        for live in things:
            try:
                self._item(kind, section, live)
            except NotSayable as why:
                self._leave(kind, getattr(live.spec, "name", "") or str(live.spec.function_arn), why)

    def _item(self, kind: str, section: str, live: Live[Any]) -> None:
        item = dict(self._kinds[kind].said(live.spec, self._region.region, self._names))
        if kind == "connect_prompt":
            path = f"prompts/{item['file']}"
            audio = self._fetch(live.ids["id"])
            try:
                self._said.files[path] = checked(audio, path)
            except NotAudio as why:
                raise NotSayable(str(why)) from why
            item["bucket"] = AUDIO_BUCKET
        known = "lambda_function" if kind == "connect_lambda" else kind
        self._names.take(known, self._region.region, item["name"], live.ids)
        self._said.sections.setdefault(section, []).append(item)

    def _leave(self, kind: str, name: str, why: Exception) -> None:
        self._said.left.append(LeftOut(self._kinds[kind].title, name, str(why)))


def _refuse_unserved(live: Live[Any]) -> None:
    """Raises NotSayable for a flow or module that serves nobody."""
    if live.spec.content is None:
        raise NotSayable("it was never published")
    if live.spec.state != "ACTIVE":
        raise NotSayable("it is archived")


def _bound(value: Any) -> Iterator[str]:
    """ARNs that a document still holds: these mean something in one region, or in one account, only."""
    if isinstance(value, str):
        yield from ARN.findall(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _bound(item)
    elif isinstance(value, list):
        for item in value:
            yield from _bound(item)
