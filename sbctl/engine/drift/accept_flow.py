"""A flow that was changed in AWS, as the document of flows/ that would say the same in every region."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sbctl.core.address import Address
from sbctl.core.kinds.values import plain
from sbctl.core.project import FlowDocument, Project
from sbctl.core.text.slug import meant
from sbctl.engine.drift.amendment import Amendment, NotExpressible
from sbctl.engine.drift.detect import Drifted
from sbctl.engine.planning.observed import World
from sbctl.engine.planning.targets import Kinds
from sbctl.flows.language.facts import MODULE
from sbctl.flows.names.placeholders import KINDS, placeholder
from sbctl.flows.names.reverse import as_before, unrendered
from sbctl.flows.names.words import Words
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.flows.reading.read import read_flows

Names = Callable[[str, str], Iterable[tuple[str, str]]]
"""(id or ARN, name in the config) of a kind in a region."""
MODULE_KIND = KINDS["module"][0]


def accepted_flow(project: Project, world: World, moved: Mapping[str, Drifted], names: Names) -> list[Amendment]:
    """The amendments of the flow's file. Raises NotExpressible: flows/ has one document for all regions, in JSON."""
    others = [region.region for region in project.connect_regions if region.region not in moved]
    if others:
        raise NotExpressible(f"flows/ has one document for all regions, and {', '.join(others)} did not move")
    return pulled_flow(project, world, {region: one.address for region, one in moved.items()}, names)


def pulled_flow(project: Project, world: World, places: Mapping[str, Address], names: Names) -> list[Amendment]:
    """The amendments by which the flow's file says what the flow at these addresses, by region, has. Raises NotExpressible."""
    address = next(iter(places.values()))
    document = document_of(project, address)
    if not document.at.endswith(".json"):
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


def content_in(project: Project, world: World, region: str, address: Address, names: Names) -> Any:
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


def named_in(kinds: Kinds, project: Project, world: World) -> Names:
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
) -> Iterator[Amendment]:
    before = file.document.content
    value: Any = content
    if file.document.type == MODULE and not file.embedded:
        raw = _raw(file)
        value = {**content, **({"Settings": raw["Settings"]} if "Settings" in raw else {})}
    if file.embedded:
        value = json.dumps(value, ensure_ascii=False)
    yield Amendment(file.document.at, file.inside, before, value, tuple(addresses))
    if published and file.status == "SAVED":
        status = (*file.inside[:-1], "status")
        yield Amendment(file.document.at, status, "SAVED", "PUBLISHED", tuple(addresses))


def _raw(file: FlowFile) -> Any:
    """The content as the file has it."""
    value = json.loads(file.text)
    for part in file.inside:
        value = value[part]
    return value
