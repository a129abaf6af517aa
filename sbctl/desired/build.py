"""The only expander: kinds by items by regions give the resources that are wanted. It knows no kind by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from sbctl.core.address import GLOBAL, Address
from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.spec import ConfigItem, Desired
from sbctl.core.kinds.values import refs
from sbctl.core.problem import Exit, Problem
from sbctl.core.project import Project
from sbctl.desired.config.apart import Taken, kept_apart
from sbctl.desired.config.findings import SUMMARIES
from sbctl.files.misfits import explain

Places = Mapping[tuple[str, str], str]
"""`file:line` by (section, name of the item)."""


def build(
    kinds: Sequence[Kind[Any, Any]], project: Project, places: Places, taken: Taken = MappingProxyType({})
) -> list[Desired]:
    """Everything that the project wants, by address. Duplicates stay in, for `contradictions` to find.

    `taken` are the addresses of the state, with the names of what stands there.
    """
    found = (desired for kind in kinds for desired in _of_kind(kind, project, places))
    return kept_apart(sorted(found, key=lambda desired: desired.address), taken)


def impossible(kinds: Sequence[Kind[Any, Any]], project: Project, places: Places, file: str) -> Iterator[Problem]:
    """Items that are sound alone, and of which no resource can be made: the names that follow are too long, for example."""
    for kind in kinds:
        try:
            for _ in _of_kind(kind, project, {}):
                pass
        except ValidationError as error:
            for item in project.items.get(kind.section, ()):
                yield from _of_item_impossible(kind, item, project, places)
            if not kind.section:
                yield _impossible(kind, "", error, file)


def _of_item_impossible(kind: Kind[Any, Any], item: ConfigItem, project: Project, places: Places) -> Iterator[Problem]:
    try:
        list(_of_item(kind, item, project))
    except ValidationError as error:
        yield _impossible(kind, item.name, error, places.get((kind.section, item.name), ""))


def _impossible(kind: Kind[Any, Any], name: str, error: ValidationError, at: str) -> Problem:
    first = error.errors(include_url=False)[0]
    field = ".".join(map(str, first["loc"]))
    _, said, _ = explain(dict(first), kind.spec)
    return Problem(
        code="bad-item",
        summary=SUMMARIES["bad-item"],
        detail=f"{kind.title} {name}: its {field} would not fit: {said}",
        at=at,
        fix="Choose shorter names for the item, for what it is made of, or for the project.",
        exit=Exit.USAGE,
    )


def _of_kind(kind: Kind[Any, Any], project: Project, places: Places) -> Iterator[Desired]:
    for item in project.items.get(kind.section, ()) if kind.section else ():
        at = places.get((kind.section, item.name), "")
        for desired in _of_item(kind, item, project):
            yield desired if desired.at else replace(desired, at=at)
    yield from kind.derive(project)


def _of_item(kind: Kind[Any, Any], item: ConfigItem, project: Project) -> Iterator[Desired]:
    if kind.scope == GLOBAL:
        yield from kind.expand(item, project, GLOBAL)
        return
    for region in project.by_priority:
        if kind.connect_only and not region.connect:
            continue
        here = item.in_region(region.region)
        if here is not None:
            yield from kind.expand(here, project, region.region)


def contradictions(kinds: Sequence[Kind[Any, Any]], wanted: Sequence[Desired], file: str) -> list[Problem]:
    """Addresses that are wanted twice, names that AWS takes for one, and references to addresses that nobody wants."""
    return [*_twice(wanted, file), *_one_in_aws(kinds, wanted, file), *_dangling(wanted, file)]


def _one_in_aws(kinds: Sequence[Kind[Any, Any]], wanted: Iterable[Desired], file: str) -> Iterator[Problem]:
    caseless = {kind.name for kind in kinds if kind.caseless}
    first: dict[tuple[str, str, str], Desired] = {}
    for desired in wanted:
        if desired.address.kind not in caseless:
            continue
        name = str(getattr(desired.spec, "name", ""))
        other = first.setdefault((desired.address.kind, desired.address.region, name.casefold()), desired)
        if other.address != desired.address:
            yield Problem(
                code="duplicate-name",
                summary=SUMMARIES["duplicate-name"],
                detail=f"{desired.address}: AWS does not tell {name!r} from {getattr(other.spec, 'name', '')!r}",
                at=desired.at or file,
                fix="Give them names that differ in more than case.",
                exit=Exit.USAGE,
            )


def _twice(wanted: Iterable[Desired], file: str) -> Iterator[Problem]:
    first: dict[Address, Desired] = {}
    for desired in wanted:
        other = first.setdefault(desired.address, desired)
        if other is not desired:
            where = f" (the other: {other.at})" if other.at and other.at != desired.at else ""
            yield Problem(
                code="duplicate-address",
                summary=SUMMARIES["duplicate-address"],
                detail=f"{desired.address}{where}",
                at=desired.at or file,
                fix="Rename one of them, or remove it.",
                exit=Exit.USAGE,
            )


def _dangling(wanted: Sequence[Desired], file: str) -> Iterator[Problem]:
    known = {desired.address for desired in wanted}
    for desired in wanted:
        targets = {ref.address for ref in refs(desired.spec)} | desired.needs
        for target in sorted(targets - known):
            yield Problem(
                code="dangling-reference",
                summary=SUMMARIES["dangling-reference"],
                detail=f"{desired.address} needs {target}",
                at=desired.at or file,
                fix=f"Let {target.name!r} be deployed in {target.region} too, or take it out of what needs it.",
                exit=Exit.USAGE,
            )
