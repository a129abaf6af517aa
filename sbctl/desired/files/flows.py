"""The flows and modules of a project, read and linted. Errors stop a run; warnings are one note, a line for each flow and rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sbctl.core.flow_document import FlowDocument
from sbctl.core.problem import Problem
from sbctl.files.positions import Source
from sbctl.flows.language.facts import MODULE
from sbctl.flows.lint.excuses import excused, excuses_in
from sbctl.flows.lint.refusals import note_of, problems_of
from sbctl.flows.lint.several import Linted, around_of, lint_files
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.flows.reading.load import misnamed, project_flows, project_modules, unread_folders


@dataclass(frozen=True)
class ProjectFlows:
    """`problems` stop a run; `notes` deserve a word. Flows with problems are among the flows as far as they can be read."""

    flows: Mapping[str, FlowDocument]
    modules: Mapping[str, FlowDocument]
    problems: list[Problem]
    notes: list[Problem]


def flows_of_project(folder: Path, regions: Source | None, *, run: bool) -> ProjectFlows:
    """The flows of a folder. `run` False: Python files are passed over. `regions` has what is not to be told of them."""
    files, problems = read_all(folder, run=run)
    linted = lint_project(files, regions)
    for file, found in linted:
        problems += problems_of(found, file.document)
    sound = [file.document for file in files if not file.misfits and not misnamed(file.document)]
    return ProjectFlows(
        flows={one.name: one for one in sound if one.type != MODULE},
        modules={one.name: one for one in sound if one.type == MODULE},
        problems=problems,
        notes=[*note_of(one for _, found in linted for one in found), *unread_folders(folder)],
    )


def read_all(folder: Path, *, run: bool = True) -> tuple[list[FlowFile], list[Problem]]:
    """Every flow and module with its places, and the problems of what cannot be read."""
    flows, problems = project_flows(folder, run=run, lenient=True)
    modules, more = project_modules(folder, run=run, lenient=True)
    return [*flows, *modules], [*problems, *more]


def lint_project(files: list[FlowFile], regions: Source | None) -> Linted:
    """The findings on a project's flows, without those that its config ignores."""
    excuses = excuses_in(regions)
    around, one_region = around_of(files, _functions(regions)), _of_one_region(regions)
    around = replace(around, same_ids=regions is not None and regions.data.get("resiliency") == "global")
    several = _are_several(regions)
    linted = [
        linted
        for file in files
        for linted in lint_files([file], replace(around, several_regions=several and _item(file) not in one_region))
    ]
    return [(file, excused(found, file.document, excuses)) for file, found in linted]


def _functions(regions: Source | None) -> frozenset[str] | None:
    """The names of the project's functions; None where they cannot be told."""
    items: Any = regions.data.get("lambdas", []) if regions is not None else None
    if not isinstance(items, list):
        return None
    return frozenset(str(one["name"]) for one in items if isinstance(one, Mapping) and "name" in one)


def _are_several(regions: Source | None) -> bool:
    """Whether the project has Connect in more than one region; other regions hold data only."""
    return len([one for one in _entries(regions, "regions") if one.get("connect", True)]) > 1


def _of_one_region(regions: Source | None) -> frozenset[tuple[str, str]]:
    """(section, name) of the flows and modules that one region has, or none."""
    return frozenset(
        (section, str(one.get("name", "")))
        for section in ("flows", "modules")
        for one in _entries(regions, section)
        if isinstance(one.get("regions"), list) and len(one["regions"]) <= 1
    )


def _item(file: FlowFile) -> tuple[str, str]:
    """(section, name) of a flow's item in the config."""
    return "modules" if file.document.type == MODULE else "flows", file.document.name


def _entries(regions: Source | None, section: str) -> list[Mapping[str, Any]]:
    given: Any = regions.data.get(section, []) if regions is not None else []
    return [one for one in given if isinstance(one, Mapping)] if isinstance(given, list) else []
