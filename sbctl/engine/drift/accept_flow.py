"""A flow that was changed in AWS, as the document of flows/ that would say the same in every region."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from sbctl.core.kinds.values import plain
from sbctl.core.project import FlowDocument, Project
from sbctl.core.text.slug import meant
from sbctl.engine.drift.amendment import Amendment, NotExpressible
from sbctl.engine.drift.detect import Drifted
from sbctl.engine.planning.observed import World
from sbctl.files.positions import read_json
from sbctl.flows.names.placeholders import KINDS, placeholder
from sbctl.flows.names.reverse import as_before, unrendered
from sbctl.flows.names.words import Words

Names = Callable[[str, str], Iterable[tuple[str, str]]]
"""(id or ARN, name in the config) of a kind in a region."""


def accepted_flow(project: Project, world: World, moved: Mapping[str, Drifted], names: Names) -> Amendment:
    """The amendment of the flow's file. Raises NotExpressible: flows/ has one document for all regions, in JSON."""
    first = next(iter(moved.values()))
    document = _document(project, first)
    others = [region.region for region in project.connect_regions if region.region not in moved]
    if others:
        raise NotExpressible(f"flows/ has one document for all regions, and {', '.join(others)} did not move")
    if not document.at.endswith(".json"):
        raise NotExpressible(f"{document.at} is a program: change it there by hand")
    said = [_said(project, world, region, one, names) for region, one in moved.items()]
    if any(content != said[0] for content in said):
        raise NotExpressible("flows/ has one document for all regions, and they moved to different contents")
    path = ("content",) if "content" in read_json(Path(document.at)).data else ()
    return Amendment(document.at, path, document.content, said[0], tuple(str(one.address) for one in moved.values()))


def _document(project: Project, one: Drifted) -> FlowDocument:
    return project.flows[str(meant(project.flows, one.address.name))]


def _said(project: Project, world: World, region: str, one: Drifted, names: Names) -> Any:
    table = {
        identity: placeholder(word, name)
        for word, (kind, output) in KINDS.items()
        for identity, name in names(kind, region)
        if output == "id" or ":" in identity
    }
    content = plain(world.live[one.address].spec)["content"]
    found = unrendered(content, region, Words(table, region, project.account))
    return as_before(found, _document(project, one).content, project.region(region))
