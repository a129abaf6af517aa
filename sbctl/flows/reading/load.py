"""Read a project's flows/: console-style JSON and Python files with builders. Every problem of every file at once.

A JSON file is a wrapper {"name", "type", "description", "content"}, or a console export, whose name is the file's, or the
output of describe-contact-flow. A Python file has a constant FLOW (a FlowBuilder) or FLOWS (a list of them); it is executed.
Flow modules are such files in flows/modules/, where a JSON file may also hold the module's "settings".
"""

from __future__ import annotations

from pathlib import Path

from sbctl.core.flow_document import FlowDocument
from sbctl.core.problem import Problem
from sbctl.files.folders import in_place_of
from sbctl.files.regular import is_hidden
from sbctl.flows.language.facts import MODULE
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.flows.reading.found import TESTS, Found
from sbctl.flows.reading.problems import passed_over, unreadable
from sbctl.flows.reading.read import MODULES, named_twice, read_files

LONGEST_MODULE = 127
FORMS = ("*.json", "*.py")
"""What is read, and what is run."""


def project_flows(folder: Path, *, run: bool = True, lenient: bool = False) -> tuple[list[FlowFile], list[Problem]]:
    """The flows of a folder with their places, and the problems of those that cannot be read."""
    return _load(folder, folder, run=run, lenient=lenient)


def project_modules(folder: Path, *, run: bool = True, lenient: bool = False) -> tuple[list[FlowFile], list[Problem]]:
    """The same for the modules of a folder of flows."""
    return _load(folder / MODULES, folder, run=run, lenient=lenient)


def _load(folder: Path, root: Path, *, run: bool, lenient: bool) -> tuple[list[FlowFile], list[Problem]]:
    if in_place_of(folder):
        return [], []  # which is told of all folders of the project
    files, problems = read_files([Found(path, root) for path in _flow_files(folder, run=run)], root, lenient=lenient)
    problems += named_twice(files)
    for file in files:
        problems += misnamed(file.document)
    return files, problems


def unread_folders(folder: Path) -> list[Problem]:
    """A note for each folder among a project's flows whose flows are not read: modules/ alone is read, tests/ holds none."""
    if in_place_of(folder) or not folder.is_dir():
        return []
    inside = sorted(path for path in folder.glob("*") if path.is_dir() and path.name not in (MODULES, TESTS))
    return [_unread(path) for path in inside if not is_hidden(path) and (path.is_symlink() or any(path.glob("*.json")))]


def _unread(path: Path) -> Problem:
    detail = f"a project's flows are read from {path.parent.name}/ and {path.parent.name}/{MODULES}/ alone"
    return passed_over(str(path), detail, "Move its flows there.")


def _flow_files(folder: Path, *, run: bool) -> list[Path]:
    """The files of a folder that hold flows; hidden ones belong to systems and editors."""
    forms = FORMS if run else FORMS[:1]
    return sorted(path for form in forms for path in folder.glob(form) if not is_hidden(path))


def misnamed(document: FlowDocument) -> list[Problem]:
    """AWS limits the length of a module's name, and not that of a flow's."""
    name = document.name
    if not name.strip():
        return [unreadable(document.at, "its name is empty", "Give it a name.")]
    if document.type == MODULE and len(name) > LONGEST_MODULE:
        detail = f"its name has {len(name)} characters, and Connect takes {LONGEST_MODULE} of a module"
        return [unreadable(document.at, detail, "Shorten the name.")]
    return []
