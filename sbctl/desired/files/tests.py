"""The flow tests of a project, read and checked. Errors stop a run; what is doubtful is a note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sbctl.core.flow_document import FlowTestDocument
from sbctl.core.problem import Exit, Problem
from sbctl.flows.testing.reading import project_tests
from sbctl.flows.testing.rules import problems_of


@dataclass(frozen=True)
class ProjectTests:
    """`problems` stop a run; `notes` deserve a word."""

    tests: Mapping[str, FlowTestDocument]
    problems: list[Problem]
    notes: list[Problem]


def tests_of_project(folder: Path, *, run: bool) -> ProjectTests:
    """The tests beside the flows of a folder. `run` False: Python files are passed over."""
    files, problems = project_tests(folder, run=run)
    found = [problem for file in files for problem in problems_of(file)]
    return ProjectTests(
        tests={file.document.name: file.document for file in files},
        problems=[*problems, *(one for one in found if one.exit != Exit.DONE)],
        notes=[one for one in found if one.exit == Exit.DONE],
    )
