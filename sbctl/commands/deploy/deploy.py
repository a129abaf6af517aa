"""`sbctl deploy`: plan, ask, apply, and check what was deployed."""

from __future__ import annotations

import click

from sbctl.app import App
from sbctl.cli.epilog import epilog_of
from sbctl.cli.keep_readings import keep_deployed
from sbctl.cli.options import allow_option, layout_option, max_deletes_option, region_option
from sbctl.cli.run import command
from sbctl.cli.scope import scope_of
from sbctl.commands.deploy.apply_flow import Limits, carry_out, check_account
from sbctl.core.report import Report

EPILOG = epilog_of(
    """
    sbctl deploy --region all             everything; asks before it acts
    sbctl deploy --region us-west-2 --yes
    sbctl --sandbox deploy --region all   on the local AWS, without an account
    """,
    "0 done, 1 failed, 2 config, 4 partly done (run it again), 5 another run holds the state,"
    " 7 refused by a guard, 8 an endpoint does not answer well, 9 credentials or permission, 130 interrupted",
)


@click.command(epilog=EPILOG)
@region_option
@allow_option
@max_deletes_option
@layout_option
@command("deploy")
def deploy(app: App, regions: tuple[str, ...], allow: tuple[str, ...], max_deletes: int | None, layout: bool) -> Report:
    """Plan, ask, apply and verify.

    Global resources come first, then regions in parallel, then DNS.

    With --region, resources elsewhere that the region needs are included.
    """
    project = app.session.project
    scope = scope_of(project, regions)
    with app.store.lock():
        refused = check_account(app)
        if refused:
            return Report(command="deploy", problems=refused)
        planned = app.session.plan(scope, asides=layout)
        found = (*app.loaded.notes, *planned.problems)
        limit = project.rules.guards.max_deletes if max_deletes is None else max_deletes
        limits = Limits(allow, limit)
        done = carry_out(app, "deploy", planned.plan, scope, limits, found, recheck=False, seen=planned.seen)
        if not done.exit:
            keep_deployed(app, scope.regions or {region.region for region in project.by_priority})
        return done
