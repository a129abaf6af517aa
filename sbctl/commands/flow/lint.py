"""`sbctl flow lint`: check flows before they are deployed. Calls nothing."""

from __future__ import annotations

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.commands.flow.chosen import chosen_flow
from sbctl.core.report import Report
from sbctl.core.text.counted import counted
from sbctl.flows.lint.lint import lint_flow
from sbctl.ui.views import Pairs


@click.command("lint", epilog=epilog_of("sbctl flow lint SalesInbound", "0 sound, 2 problems"))
@click.argument("names", nargs=-1, shell_complete=completions.flows)
@command("flow lint")
def lint(app: App, names: tuple[str, ...]) -> Report:
    """Check flows and modules by Connect's rules. Calls nothing."""
    project = app.loaded.project
    chosen = [chosen_flow(app, name) for name in names] or [*project.flows.values(), *project.modules.values()]
    problems = [problem for document in chosen for problem in lint_flow(document)]
    data = {"flows": [document.name for document in chosen], "findings": len(problems)}
    rows = tuple(
        (document.name, f"{counted(len(document.content['Actions']), 'block')}, {document.at}") for document in chosen
    )
    return Report(command="flow lint", data=data, problems=tuple(problems), view=Pairs("Checked", rows))
