"""Reads flows from wherever paths lead. One file that cannot be read never hides the flows of another."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.files.links import why_unread
from sbctl.files.regular import LARGEST_TEXT, NotUtf8, decoded, read_text
from sbctl.flows.language.facts import MODULE
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.flows.reading.found import STDIN, Found, files_of, is_below, outside
from sbctl.flows.reading.parse import NO_FLOW, Place, parse_flows
from sbctl.flows.reading.problems import passed_over, unreadable
from sbctl.flows.reading.python_file import run_flows

MODULES = "modules"
"""The folder of modules in a project's folder of flows."""
STANDARD_INPUT = "<stdin>"


def _standard_input() -> bytes:
    return sys.stdin.buffer.read(LARGEST_TEXT + 1)


def read_flows(
    paths: Iterable[str | Path],
    *,
    flows_folder: Path | None = None,
    lenient: bool = False,
    stdin: Callable[[], bytes] = _standard_input,
) -> tuple[list[FlowFile], list[Problem]]:
    """The flows of files, folders, patterns and `-` (standard input), and what cannot be read, with file and line.

    `flows_folder` is the project's folder of flows, if there is a project: Python files below it are run also where a folder
    or pattern finds them, its modules/ holds modules, and no link may lead out of it. `lenient`: flows with misfits come too.
    Two flows of one name are both given; see `named_twice`. Problems with the exit DONE are notes.
    """
    found = files_of(tuple(str(path) for path in paths), run=flows_folder)
    return read_files(found, flows_folder, lenient=lenient, stdin=stdin)


def read_files(
    found: Iterable[Found | Problem],
    flows_folder: Path | None,
    *,
    lenient: bool = False,
    stdin: Callable[[], bytes] = _standard_input,
) -> tuple[list[FlowFile], list[Problem]]:
    """The same for files that are found already."""
    files: list[FlowFile] = []
    problems: list[Problem] = []
    for one in found:
        if isinstance(one, Problem):
            problems.append(one)
            continue
        try:
            flows, wrong = _read(_within(one, flows_folder), flows_folder, stdin, lenient=lenient)
            files += flows
            problems += wrong
        except SbctlError as error:
            problems += error.problems
    return files, problems


def named_twice(files: Iterable[FlowFile]) -> list[Problem]:
    """A problem for each flow whose name an earlier one has. A flow and a module may share a name."""
    return [
        Problem(
            code="flow-twice",
            summary="Two flow files define the same flow",
            detail=f"{again.document.name} stands in {first.file} and in {again.file}",
            at=again.file,
            fix="Rename one of them.",
            exit=Exit.USAGE,
        )
        for first, again in repeated(files)
    ]


def repeated(files: Iterable[FlowFile]) -> list[tuple[FlowFile, FlowFile]]:
    """Each flow whose name an earlier one has, after that one."""
    seen: dict[tuple[str, bool], FlowFile] = {}
    pairs = ((seen.setdefault((one.document.name, one.document.type == MODULE), one), one) for one in files)
    return [(first, one) for first, one in pairs if first is not one]


def _within(found: Found, flows_folder: Path | None) -> Found:
    """A file of the project's flows must not lead out of their folder, however it is named."""
    return Found(found.path, flows_folder) if flows_folder and is_below(found.path, flows_folder) else found


def _read(
    found: Found, flows_folder: Path | None, stdin: Callable[[], bytes], *, lenient: bool
) -> tuple[list[FlowFile], list[Problem]]:
    """Raises SbctlError for a file of which nothing can be read."""
    path = found.path
    if str(path) == STDIN:
        return _checked(parse_flows(_text_of(stdin), Place(STANDARD_INPUT, "", lenient=lenient)), STANDARD_INPUT)
    project = flows_folder is not None and is_below(path, flows_folder)
    module = project and flows_folder is not None and is_below(path, flows_folder / MODULES)
    why = outside(found)
    if why:
        raise SbctlError(unreadable(str(path), why, "Put the file itself there."))
    if path.suffix == ".py":
        return _built(path, module=module if project else None), []
    place = Place(str(path), path.stem, module, project, lenient)
    flows, problems = parse_flows(_text(path), place)
    if not flows and not problems and found.root is not None and not project:
        return [], [passed_over(str(path), "it holds no flow", NO_FLOW)]
    return _checked((flows, problems), str(path))


def _checked(found: tuple[list[FlowFile], list[Problem]], file: str) -> tuple[list[FlowFile], list[Problem]]:
    flows, problems = found
    if not flows and not problems:
        raise SbctlError(unreadable(file, "it holds no flow", NO_FLOW))
    return found


def _built(path: Path, *, module: bool | None) -> list[FlowFile]:
    """The flows of a Python file. Raises SbctlError, also where flows and modules are in each other's folder."""
    flows = run_flows(path)
    if module is not None and any((one.document.type == MODULE) != module for one in flows):
        fix = "Modules go to flows/modules/."
        raise SbctlError(unreadable(str(path), "a flow and a module are in each other's place", fix))
    return flows


def _text(path: Path) -> str:
    file = str(path)
    try:
        return read_text(path)
    except NotUtf8 as error:
        raise SbctlError(unreadable(file, str(error), "Save it as UTF-8.", error.line)) from error
    except OSError as error:
        raise SbctlError(unreadable(file, why_unread(path, error), "Put a readable file there.")) from error


def _text_of(stdin: Callable[[], bytes]) -> str:
    content = stdin()
    if len(content) > LARGEST_TEXT:
        raise SbctlError(unreadable(STANDARD_INPUT, "it has more than 16 MiB", "Pass a smaller file."))
    try:
        return decoded(content)
    except NotUtf8 as error:
        raise SbctlError(unreadable(STANDARD_INPUT, str(error), "Send UTF-8.", error.line)) from error
