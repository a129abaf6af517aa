"""What an import adds to regions.json: stubs of functions, and flows where the file lists its flows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sbctl.commands.flow.import_around import Surroundings
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project_files import REGIONS_FILE
from sbctl.desired.config.edit_json import with_value
from sbctl.desired.config.flow_names import SECTION_OF
from sbctl.flows.importing.functions import NAME, item
from sbctl.flows.importing.imported import Imported
from sbctl.flows.language.facts import MODULE
from sbctl.flows.names.placeholders import KINDS, placeholders

LAMBDAS = SECTION_OF["lambda"]


@dataclass(frozen=True)
class Config:
    """The new text of regions.json, None where it stays as it is, and the functions that get a stub."""

    path: Path
    text: str | None
    stubs: tuple[str, ...]


def added(project: Surroundings, flows: Sequence[Imported]) -> Config:
    """Raises SbctlError for a function whose name the config does not take."""
    known = project.names("lambda") or frozenset()
    called = sorted({use.name for one in flows for use in placeholders(one.document.content) if use.kind == "lambda"})
    lacking = [name for name in called if name not in known]
    bad = [name for name in lacking if not NAME.fullmatch(name)]
    if bad:
        raise SbctlError(*map(_bad_name, bad))
    changes: dict[str, list[Any]] = {}
    if lacking:
        changes[LAMBDAS] = [*_present(project), *map(item, lacking)]
    for section, module in (("flows", False), ("modules", True)):
        there = project.source.data.get(section)
        if isinstance(there, list):
            listed = {one.get("name") for one in there if isinstance(one, dict)}
            names = [one.document.name for one in flows if (one.document.type == MODULE) == module]
            new = [{"name": name} for name in dict.fromkeys(names) if name not in listed]
            if new:
                changes[section] = [*there, *new]
    text = project.source.text
    for section, items in changes.items():
        text = with_value(text, (section,), items)
    path = project.app.settings.config / REGIONS_FILE
    stubs = tuple(name for name in lacking if not (project.lambdas / name).exists())
    return Config(path, text if changes else None, stubs)


def _present(project: Surroundings) -> list[Any]:
    """The functions of the config; those that it has by default where it lists none, since a list leaves these out.

    Raises SbctlError where the defaults are not known, since the project does not load.
    """
    there = project.source.data.get(LAMBDAS)
    if isinstance(there, list):
        return there
    loaded = project.app.loaded.project if project.project is None else project.project
    kind = project.app.kinds[KINDS["lambda"][0]]
    return [one.model_dump(mode="json", by_alias=True, exclude_unset=True) for one in kind.defaults(loaded)]


def _bad_name(name: str) -> Problem:
    return Problem(
        code="bad-name",
        summary="A function cannot have this name in the config",
        detail=name,
        at="--map",
        fix="Name another one in the map: letters, digits, dashes and underscores, at most 48.",
        exit=Exit.USAGE,
    )
