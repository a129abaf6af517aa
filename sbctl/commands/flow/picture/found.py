"""The flow that an argument names: one of the project, or any file, also outside of a project. Other files may be damaged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from sbctl.app import App
from sbctl.commands.flow.chosen import unknown_flow
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.flows.reading.parse import misfit_problems
from sbctl.flows.reading.read import read_flows

SUFFIXES = (".json", ".py")
OTHERWISE = "Name one of them, a file, or - for standard input."


def is_path(name: str) -> bool:
    """Whether an argument names a file rather than a flow of the project."""
    return name == "-" or name.endswith(SUFFIXES) or "/" in name or Path(name).is_file()


def flow_at(app: App, name: str) -> FlowFile:
    """The flow of a path, else that of this name in flows/, upper and lower case alike. Raises SbctlError."""
    folder = flows_folder(app)
    files, problems = _in(folder)
    if is_path(name) and not any(flow.document.name == name for flow in files):
        return only(*read_flows([name], flows_folder=folder, lenient=True), name)
    found = [file for file in files if file.document.name.lower() == name.lower()]
    exact = [file for file in found if file.document.name == name] or found
    if not exact:
        raise SbctlError(unknown_flow(name, files, OTHERWISE), *_wrong(problems))
    return exact[0]


def flows_folder(app: App) -> Path | None:
    """The folder of the project's flows; None where there is none."""
    folder = app.project_folder / "flows"
    return folder if folder.is_dir() else None


def _in(folder: Path | None) -> tuple[list[FlowFile], list[Problem]]:
    return read_flows([folder], flows_folder=folder, lenient=True) if folder else ([], [])


def only(files: list[FlowFile], problems: Iterable[Problem], name: str) -> FlowFile:
    """The one flow of a path. Raises SbctlError for none, and for several."""
    if not files:
        raise SbctlError(*_wrong(problems))
    if len(files) > 1:
        names = ", ".join(file.document.name for file in files)
        raise SbctlError(
            Problem(
                code="several-flows",
                summary="The path holds several flows",
                detail=f"{name} holds {names}",
                at=name,
                fix="Name a file with one flow.",
                exit=Exit.USAGE,
            )
        )
    return files[0]


def told_misfits(file: FlowFile) -> tuple[Problem, ...]:
    """Notes on what of a flow is damaged, since pictures show only what can be read."""
    summary = "A part of the flow is damaged, and not drawn"
    return tuple(
        replace(problem, code="flow-damaged", summary=summary, exit=Exit.DONE) for problem in misfit_problems(file)
    )


def _wrong(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.exit]
