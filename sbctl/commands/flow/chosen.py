"""The flow or module of a project that an argument names."""

from __future__ import annotations

from sbctl.app import App
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import FlowDocument
from sbctl.core.text.alike import did_you_mean


def chosen_flow(app: App, name: str) -> FlowDocument:
    """Raises SbctlError when the project has none of that name; upper and lower case are alike."""
    project = app.loaded.project
    flows = {flow.name.lower(): flow for flow in (*project.modules.values(), *project.flows.values())}
    if name.lower() not in flows:
        names = sorted([*project.flows, *project.modules])
        raise SbctlError(
            Problem(
                code="unknown-flow",
                summary="There is no such flow",
                detail=f"{name}; there are {', '.join(names)}",
                at="flows/",
                fix=did_you_mean(name, names, "Name one of them, or add a file to flows/."),
                exit=Exit.USAGE,
            )
        )
    return flows[name.lower()]
