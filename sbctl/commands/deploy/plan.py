"""`sbctl plan`: show what a deploy would change; change nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.epilog import epilog_of
from sbctl.cli.options import layout_option, region_option
from sbctl.cli.run import command
from sbctl.cli.scope import scope_of
from sbctl.commands.deploy.apply_flow import check_account, names_taken
from sbctl.commands.deploy.plan_json import plan_data
from sbctl.core.problem import Exit
from sbctl.core.report import Report
from sbctl.engine.planning.guards import against_second_state
from sbctl.store.plans import save_plan

EPILOG = epilog_of(
    """
    sbctl plan                            everything, all regions
    sbctl plan --region us-west-2         that region and what it needs
    sbctl plan --out today.plan           save it for sbctl apply
    sbctl plan --exit-code                for scripts: exit 3 on differences
    sbctl plan --fast                     skip reads that cost a call a function
    """,
    "0 done, 2 config, 3 differences (with --exit-code), 4 a region did not answer, 7 a name is taken, 9 credentials or permission",
)


@click.command(epilog=EPILOG)
@region_option
@click.option("--out", type=click.Path(path_type=Path), help="Save the plan to this file.")
@click.option("--exit-code", "exit_code", is_flag=True, help="Exit with 3 if there are differences.")
@click.option("--fast", is_flag=True, help="Skip the policies, URLs and concurrency of functions.")
@click.option("--destroy", is_flag=True, help="Show the deletions of a destroy.")
@click.option(
    "--allow",
    multiple=True,
    metavar="ADDRESS",
    shell_complete=completions.addresses,
    help="Plan to delete the record in its way. Repeatable.",
)
@layout_option
@command("plan")
def plan(
    app: App,
    regions: tuple[str, ...],
    out: Path | None,
    exit_code: bool,
    fast: bool,
    destroy: bool,
    allow: tuple[str, ...],
    layout: bool,
) -> Report:
    """Show what a deploy would change. Field by field, with the reasons."""
    app.lenient = True
    begun = app.clock.monotonic()
    refused = check_account(app)
    if refused:
        return Report(command="plan", problems=refused)
    session = app.session
    planned = session.plan(scope_of(session.project, regions), destroy=destroy, fast=fast, asides=layout)
    shown, taken = names_taken(app, planned, allow)
    second = against_second_state(planned.plan, planned.seen.state, app.store.where)
    taken += tuple(replace(one, exit=Exit.DONE) for one in second)
    if out is not None:
        save_plan(shown, out)
    data = plan_data(shown, app.clients.standard.counts.as_json(), app.clock.monotonic() - begun)
    differs = exit_code and bool(shown.pending)
    return Report(
        command="plan",
        data=data,
        problems=(*app.loaded.notes, *planned.problems, *taken),
        view=shown,
        finding=Exit.DIFFERENCES if differs else Exit.DONE,
    )
