"""The flow or module of a project that an argument names. A fault of one flow does not keep another from being found."""

from __future__ import annotations

from collections.abc import Iterable

from sbctl.app import App
from sbctl.core.flow_document import FlowDocument
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.text.alike import did_you_mean
from sbctl.desired.files.flows import read_all
from sbctl.flows.language.facts import MODULE
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.flows.reading.parse import misfit_problems


def chosen_flow(app: App, name: str) -> FlowDocument:
    """Raises SbctlError when the project has none of that name, or it cannot be read; upper and lower case are alike."""
    files, problems = read_all(app.project_folder / "flows")
    found = named(files, name)
    if found is None:
        raise SbctlError(unknown_flow(name, files), *problems)
    if found.misfits:
        raise SbctlError(*misfit_problems(found))
    return found.document


def named(files: Iterable[FlowFile], name: str) -> FlowFile | None:
    """The flow of a name, else the module of that name."""
    flows = sorted(files, key=lambda one: one.document.type == MODULE)
    return next((one for one in flows if one.document.name.lower() == name.lower()), None)


def unknown_flow(
    name: str, files: Iterable[FlowFile], otherwise: str = "Name one of them, or add a file to flows/."
) -> Problem:
    """The problem of a name that no flow has. `otherwise` is the remedy where no name is close."""
    names = sorted({file.document.name for file in files})
    return Problem(
        code="unknown-flow",
        summary="There is no such flow",
        detail=f"{name}; there are {', '.join(names)}" if names else f"{name}; the project has no flows",
        at="flows/",
        fix=did_you_mean(name, names, otherwise),
        exit=Exit.USAGE,
    )
