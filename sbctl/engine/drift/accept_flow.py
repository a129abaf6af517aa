"""A flow that was changed in AWS, as the document of flows/ that would say the same in every region."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sbctl.core.address import Address
from sbctl.core.flow_document import FlowDocument
from sbctl.core.kinds.values import plain
from sbctl.core.project import Project
from sbctl.core.text.slug import meant
from sbctl.engine.drift.config_edit import ConfigEdit, NotExpressible
from sbctl.engine.drift.detect import Drifted
from sbctl.engine.matching.observed import ObservedWorld
from sbctl.engine.matching.targets import Kinds
from sbctl.flows.language.facts import MODULE
from sbctl.flows.names.placeholders import KINDS, placeholder
from sbctl.flows.names.reverse import as_before, unrendered
from sbctl.flows.names.words import Words
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.flows.reading.read import read_flows

Names = Callable[[str, str], Iterable[tuple[str, str]]]
"""(id or ARN, name in the config) of a kind in a region."""
JSON = ".json"
MODULE_KIND = KINDS["module"][0]


def accepted_flow(
    project: Project, world: ObservedWorld, moved: Mapping[str, Drifted], names: Names
) -> list[ConfigEdit]:
    """The edits of the flow's file. Raises NotExpressible: flows/ has one document for all regions, in JSON."""
    others = [region.region for region in project.connect_regions if region.region not in moved]
    if others:
        why = f"flows/ has one document for all regions, and {', '.join(others)} did not move"
        raise NotExpressible(why, _pull(project, *next(iter(moved.items()))))
    return pulled_flow(project, world, {region: one.address for region, one in moved.items()}, names)


def _pull(project: Project, region: str, one: Drifted) -> str:
    """The command that makes one region's content that of all; "" where the file is a program, which nothing is written into."""
    document = document_of(project, one.address)
    if not document.at.endswith(JSON):
        return ""
    return f"take it for all regions with sbctl flow pull {shlex.quote(document.name)} --region {region}"


def pulled_flow(
    project: Project, world: ObservedWorld, places: Mapping[str, Address], names: Names
) -> list[ConfigEdit]:
    """The amendments by which the flow's file says what the flow at these addresses, by region, has. Raises NotExpressible."""
    address = next(iter(places.values()))
    document = document_of(project, address)
    if not document.at.endswith(JSON):
        raise NotExpressible(f"{document.at} is a program: change it there by hand")
    said = [content_in(project, world, region, one, names) for region, one in places.items()]
    if any(content != said[0] for content in said):
        raise NotExpressible("flows/ has one document for all regions, and they moved to different contents")
    file = _file(document)
    published = plain(world.live[address].spec).get("content") is not None
    return list(_amendments(file, said[0], tuple(map(str, places.values())), published=published))


def document_of(project: Project, address: Address) -> FlowDocument:
    """The document that an address shows."""
    documents = project.modules if address.kind == MODULE_KIND else project.flows
    return documents[str(meant(documents, address.name))]


def content_in(project: Project, world: ObservedWorld, region: str, address: Address, names: Names) -> Any:
    """What a region has, as the flow's file would say it. Raises NotExpressible for a flow that is not there."""
    live = world.live.get(address)
    values = plain(live.spec) if live is not None else {}
    content = values.get("content") or values.get("draft")
    if content is None:
        raise NotExpressible(f"{region} does not have the flow")
    table = {
        identity: placeholder(word, name)
        for word, (kind, output) in KINDS.items()
        for identity, name in names(kind, region)
        if output == "id" or ":" in identity
    }
    found = unrendered(content, region, Words(table, region, project.account))
    return as_before(found, document_of(project, address).content, project.region(region))


def named_in(kinds: Kinds, project: Project, world: ObservedWorld) -> Names:
    """The names that the config gives to what is there."""

    def names(kind: str, region: str) -> Iterator[tuple[str, str]]:
        section = kinds[kind].section if kind in kinds else ""
        known = sorted(project.names(section)) if section else []
        for address, live in world.live.items():
            name = meant(known, address.name) if (address.kind, address.region) == (kind, region) else None
            if name is not None:
                own = {**live.outputs, **live.ids}
                yield from ((str(own[output]), name) for output in ("id", "arn") if output in own)

    return names


def _file(document: FlowDocument) -> FlowFile:
    """The file of a document, as it stands."""
    found, _ = read_flows([Path(document.at)], flows_folder=_folder(document), lenient=True)
    return next(one for one in found if one.document.name == document.name)


def _folder(document: FlowDocument) -> Path:
    """The folder of flows that a document is in: a module's has a folder of its own there."""
    parent = Path(document.at).parent
    return parent.parent if document.type == MODULE else parent


def _amendments(
    file: FlowFile, content: Mapping[str, Any], addresses: Sequence[str], *, published: bool
) -> Iterator[ConfigEdit]:
    before = file.document.content
    value: Any = content
    if file.document.type == MODULE and not file.embedded:
        raw = _raw(file)
        value = {**content, **({"Settings": raw["Settings"]} if "Settings" in raw else {})}
    if file.embedded:
        value = json.dumps(value, ensure_ascii=False)
    yield ConfigEdit(file.document.at, file.inside, before, value, tuple(addresses))
    if published and file.status == "SAVED":
        status = (*file.inside[:-1], "status")
        yield ConfigEdit(file.document.at, status, "SAVED", "PUBLISHED", tuple(addresses))


def _raw(file: FlowFile) -> Any:
    """The content as the file has it."""
    value = json.loads(file.text)
    for part in file.inside:
        value = value[part]
    return value
