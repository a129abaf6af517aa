"""`sbctl flow lint|render|draw`: contact flows before they are deployed. Calls nothing."""

from __future__ import annotations

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.cli.scope import known_region
from sbctl.core.kinds.values import to_json
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import FlowDocument
from sbctl.core.report import Report
from sbctl.core.text.alike import did_you_mean
from sbctl.core.text.counted import counted
from sbctl.flows.lint.lint import lint_flow
from sbctl.flows.names.render import render as render_flow
from sbctl.flows.pictures.outline import outline
from sbctl.ui.views import FlowDrawn, Pairs


@click.command("lint", epilog=epilog_of("sbctl flow lint SalesInbound", "0 sound, 2 problems"))
@click.argument("names", nargs=-1, shell_complete=completions.flows)
@command("flow lint")
def lint(app: App, names: tuple[str, ...]) -> Report:
    """Check flows and modules by Connect's rules. Calls nothing."""
    project = app.loaded.project
    chosen = [_flow(app, name) for name in names] or [*project.flows.values(), *project.modules.values()]
    problems = [problem for document in chosen for problem in lint_flow(document)]
    data = {"flows": [document.name for document in chosen], "findings": len(problems)}
    rows = tuple(
        (document.name, f"{counted(len(document.content['Actions']), 'block')}, {document.at}") for document in chosen
    )
    return Report(command="flow lint", data=data, problems=tuple(problems), view=Pairs("Checked", rows))


@click.command(
    "render", epilog=epilog_of("sbctl flow render SalesInbound --region us-west-2", "0 done, 2 no such flow or region")
)
@click.argument("name", shell_complete=completions.flows)
@click.option("--region", shell_complete=completions.regions, help="Region to render for. [default: the primary]")
@click.option("--draw", is_flag=True, help="Draw the blocks as an outline instead of JSON.")
@command("flow render")
def render(app: App, name: str, region: str | None, draw: bool) -> Report:
    """Print a flow as a region gets it. Known IDs are filled in from the state."""
    project = app.loaded.project
    document = _flow(app, name)
    chosen = project.region(known_region(project, region, "--region")) if region else project.primary
    if draw:
        lines = tuple(outline(document))
        data = {"flow": document.name, "lines": [list(line) for line in lines]}
        return Report(command="flow render", data=data, view=FlowDrawn(document.name, document.at, lines))
    content = to_json(render_flow(document, chosen))
    data = {"flow": document.name, "region": chosen.region, "content": content}
    return Report(command="flow render", data=data, view=content)


def _flow(app: App, name: str) -> FlowDocument:
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
