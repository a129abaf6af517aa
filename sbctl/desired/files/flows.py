"""The flows and modules of a project, read and linted. Errors stop a run; of warnings it tells one note a flow and rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sbctl.core.problem import Problem
from sbctl.core.project import FlowDocument
from sbctl.files.positions import Source
from sbctl.flows.language.facts import MODULE
from sbctl.flows.lint.excuses import excused, excuses_in
from sbctl.flows.lint.refusals import notes_of, problems_of
from sbctl.flows.lint.several import Linted, around_of, lint_files
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.flows.reading.load import project_flows, project_modules


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
    notes: list[Problem] = []
    for file, found in lint_project(files, regions):
        problems += problems_of(found, file.document)
        notes += notes_of(found, file.document)
    sound = [file.document for file in files if not file.misfits]
    return ProjectFlows(
        flows={one.name: one for one in sound if one.type != MODULE},
        modules={one.name: one for one in sound if one.type == MODULE},
        problems=problems,
        notes=notes,
    )


def read_all(folder: Path, *, run: bool = True) -> tuple[list[FlowFile], list[Problem]]:
    """Every flow and module with its places, and the problems of what cannot be read."""
    flows, problems = project_flows(folder, run=run, lenient=True)
    modules, more = project_modules(folder, run=run, lenient=True)
    return [*flows, *modules], [*problems, *more]


def lint_project(files: list[FlowFile], regions: Source | None) -> Linted:
    """The findings on a project's flows, without those that its config ignores."""
    excuses = excuses_in(regions)
    around = around_of(files, _functions(regions))
    return [(file, excused(found, file.document, excuses)) for file, found in lint_files(files, around)]


def _functions(regions: Source | None) -> frozenset[str] | None:
    """The names of the project's functions; None where they cannot be told."""
    items: Any = regions.data.get("lambdas", []) if regions is not None else None
    if not isinstance(items, list):
        return None
    return frozenset(str(one["name"]) for one in items if isinstance(one, Mapping) and "name" in one)
