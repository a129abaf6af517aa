"""Read flows/: console-style JSON and Python files with builders. Every problem of every file at once.

A JSON file is either a wrapper {"name", "type", "description", "content"} or a console export, whose name is the file's.
A Python file has a constant FLOW (a FlowBuilder) or FLOWS (a list of them); it is executed. Flow modules are such files
in flows/modules/, where a JSON file may also hold the module's "settings".
"""

from __future__ import annotations

import json
import runpy
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import FlowDocument
from sbctl.core.text.strict_json import read_value
from sbctl.files.folders import in_place_of
from sbctl.files.links import why_unread
from sbctl.files.positions import JsonPath, Source, dotted, walk
from sbctl.files.regular import NotUtf8, is_hidden, read_text, require_regular
from sbctl.flows.builder import FlowBuilder
from sbctl.flows.language.rules import MODULE
from sbctl.flows.reading.shape import misshapen

FLOW = "CONTACT_FLOW"
LONGEST_MODULE = 127
MODULES = "modules"
"""The folder of modules in flows/."""
FORMS = ("*.json", "*.py")
"""What is read, and what is run."""


def load_flows(folder: Path, *, run: bool = True) -> Mapping[str, FlowDocument]:
    """The flows of a folder by name; none when there is no folder. Raises SbctlError with every problem.

    `run` False: Python files are passed over.
    """
    return _load(folder, folder, modules=False, run=run)


def load_modules(folder: Path, *, run: bool = True) -> Mapping[str, FlowDocument]:
    """The flow modules of a folder of flows by name. Raises SbctlError with every problem. `run` as above."""
    return _load(folder / MODULES, folder, modules=True, run=run)


def _load(folder: Path, root: Path, *, modules: bool, run: bool) -> Mapping[str, FlowDocument]:
    problems: list[Problem] = []
    found: dict[str, FlowDocument] = {}
    if in_place_of(folder):
        return found  # which is told of all folders of the project
    for path in _flow_files(folder, FORMS if run else FORMS[:1]):
        try:
            for document in _documents(path, root, modules=modules):
                problems += _misnamed(path, document)
                if document.name in found:
                    problems.append(_twice(document, found[document.name]))
                found[document.name] = document
        except SbctlError as error:
            problems.extend(error.problems)
    if problems:
        raise SbctlError(*problems)
    return found


def _misnamed(path: Path, document: FlowDocument) -> list[Problem]:
    """AWS limits the length of a module's name, and not that of a flow's."""
    name = document.name
    if not name.strip():
        return [_problem(path, "its name is empty", "Give it a name.")]
    if document.type == MODULE and len(name) > LONGEST_MODULE:
        detail = f"its name has {len(name)} characters, and Connect takes {LONGEST_MODULE} of a module"
        return [_problem(path, detail, "Shorten the name.")]
    return []


def _flow_files(folder: Path, forms: Iterable[str]) -> list[Path]:
    """The files of a folder that hold flows; hidden ones belong to systems and editors."""
    return sorted(path for form in forms for path in folder.glob(form) if not is_hidden(path))


def _documents(path: Path, root: Path, *, modules: bool) -> Iterable[FlowDocument]:
    try:
        inside = path.resolve(strict=True).is_relative_to(root.resolve())
    except (
        OSError,
        RuntimeError,
    ) as error:  # a link to nothing, or round in a circle (RuntimeError before Python 3.13)
        raise SbctlError(_problem(path, why_unread(path, error), "Put the file itself there.")) from error
    if not inside:
        raise SbctlError(_problem(path, "it leads out of the flows folder", "Put the file itself there."))
    if path.suffix == ".json":
        return [_from_json(path, MODULE if modules else FLOW)]
    found = _from_python(path)
    if any((document.type == MODULE) != modules for document in found):
        raise SbctlError(
            _problem(path, "a flow and a module are in each other's place", "Modules go to flows/modules/.")
        )
    return found


def _from_json(path: Path, usual: str) -> FlowDocument:
    try:
        text = read_text(path)
        tree = read_value(text)
    except json.JSONDecodeError as error:
        raise SbctlError(_problem(path, error.msg, "Correct the JSON.", error.lineno)) from error
    except NotUtf8 as error:
        raise SbctlError(_problem(path, str(error), "Save it as UTF-8.", error.line)) from error
    except OSError as error:
        raise SbctlError(_problem(path, why_unread(path, error), "Put a readable file there.")) from error
    except ValueError as error:
        raise SbctlError(_problem(path, str(error), "Correct the JSON.")) from error
    _refuse_repeated(path, text)
    content = tree.get("content", tree) if isinstance(tree, dict) else None
    if not isinstance(content, dict) or "Actions" not in content or not _settings_fit(tree, content):
        raise SbctlError(
            _problem(path, "it holds no flow", 'Give it "content" with "Version", "StartAction", "Actions".')
        )
    wrapper: dict[str, Any] = tree if "content" in tree else {}
    heading = [
        wrapper.get(field, other) for field, other in (("name", path.stem), ("type", usual), ("description", ""))
    ]
    if not all(isinstance(text, str) for text in heading):
        raise SbctlError(_problem(path, "name, type or description is not a text", "Write each as a text."))
    _refuse_misshapen(path, text, () if content is tree else ("content",), content)
    name, kind, description = heading
    return FlowDocument(
        name=name,
        type=MODULE if usual == MODULE else kind,
        description=description,
        content={name: value for name, value in content.items() if name != "Settings"},
        at=str(path),
        settings=wrapper.get("settings") or content.get("Settings") or {},
    )


def _refuse_repeated(path: Path, text: str) -> None:
    """Raises SbctlError for keys that stand twice in one object: only one of their values would be deployed."""
    repeated = walk(text).repeated
    if repeated:
        fix = "Keep one of the two."
        rows = ((f"{place[-1]!r} stands twice", text.count("\n", 0, offset) + 1) for place, offset in repeated)
        raise SbctlError(*(_problem(path, detail, fix, line) for detail, line in rows))


def _refuse_misshapen(path: Path, text: str, inside: JsonPath, content: Mapping[str, Any]) -> None:
    """Raises SbctlError for what is not of the form of a flow's content, which is `inside` the file."""
    wrong = misshapen(content)
    if wrong:
        source = Source(path.as_posix(), text, {})
        rows = ((f"{dotted(place)}: {said}", fix, source.position((*inside, *place))[0]) for place, said, fix in wrong)
        raise SbctlError(*(_problem(path, detail, fix, line) for detail, fix, line in rows))


def _settings_fit(*trees: Mapping[str, Any]) -> bool:
    return all(isinstance(tree.get(name) or {}, dict) for tree in trees for name in ("settings", "Settings"))


def _said(error: BaseException) -> str:
    """The error's name and words, where it has any that can be said."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001 (whatever its __str__ does)
        return type(error).__name__


def _unparsed(path: Path, error: SyntaxError) -> Problem:
    """The problem of a file that Python cannot parse, or not read as UTF-8."""
    try:
        read_text(path)
    except NotUtf8 as other:
        return _problem(path, str(other), "Save it as UTF-8.", other.line)
    return _problem(path, _said(error), "Correct the file.", _line(error, path))


def _from_python(path: Path) -> list[FlowDocument]:
    try:
        require_regular(path)
    except OSError as error:
        raise SbctlError(_problem(path, why_unread(path, error), "Put a readable file there.")) from error
    try:
        names = runpy.run_path(str(path))
    except (SbctlError, KeyboardInterrupt):
        raise
    except SyntaxError as error:
        raise SbctlError(_unparsed(path, error)) from error
    except BaseException as error:  # the file may raise anything, SystemExit too
        raise SbctlError(_problem(path, _said(error), "Correct the file.", _line(error, path))) from error
    several = names.get("FLOWS", [])
    builders = [
        *([names["FLOW"]] if "FLOW" in names else []),
        *(several if isinstance(several, list | tuple) else [several]),
    ]
    if not builders or not all(isinstance(builder, FlowBuilder) for builder in builders):
        raise SbctlError(
            _problem(path, "it defines no flow", "Assign a FlowBuilder to FLOW, or a list of them to FLOWS.")
        )
    return [builder.build(str(path)) for builder in builders]


def _line(error: BaseException, path: Path) -> int | None:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    if isinstance(error, SyntaxError):
        return error.lineno
    return frames[-1].lineno if frames else None


def _problem(path: Path, detail: str, fix: str, line: int | None = None) -> Problem:
    return Problem(
        code="flow-unreadable",
        summary="A flow file cannot be read",
        detail=detail,
        at=f"{path}:{line}" if line else str(path),
        fix=fix,
        exit=Exit.USAGE,
    )


def _twice(document: FlowDocument, other: FlowDocument) -> Problem:
    return Problem(
        code="flow-twice",
        summary="Two flow files define the same flow",
        detail=f"{document.name} stands in {other.at} and in {document.at}",
        at=document.at,
        fix="Rename one of them.",
        exit=Exit.USAGE,
    )
