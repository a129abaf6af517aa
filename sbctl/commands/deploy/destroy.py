"""`sbctl destroy`: delete what sbctl made, in the right order, behind its guards."""

from __future__ import annotations

import click

from sbctl.app import App
from sbctl.cli.epilog import epilog_of
from sbctl.cli.options import allow_option, max_deletes_option, region_option
from sbctl.cli.run import command
from sbctl.cli.scope import scope_of
from sbctl.commands.deploy.apply_flow import Limits, carry_out, check_account
from sbctl.core.report import Report
from sbctl.engine.planning.guards import never_written

EPILOG = epilog_of(
    """
    sbctl plan --destroy                  look first
    sbctl destroy --allow 'connect_instance.*' --allow 's3_bucket.*'
    sbctl destroy --region eu-west-2 --max-deletes 20
    """,
    "0 done, 4 partly done, 5 locked, 7 refused by a guard, 130 interrupted",
)


@click.command(epilog=EPILOG)
@region_option
@allow_option
@max_deletes_option
@command("destroy")
def destroy(app: App, regions: tuple[str, ...], allow: tuple[str, ...], max_deletes: int | None) -> Report:
    """Delete the resources sbctl created. Asks first; instances, tables and buckets must be named with --allow.

    What sbctl adopted, because it was there before, is left alone. Buckets with objects are refused.
    """
    scope = scope_of(app.session.project, regions)
    with app.store.lock():
        refused = check_account(app)
        if refused:
            return Report(command="destroy", problems=refused)
        planned = app.session.plan(scope, destroy=True)
        problems = (*planned.problems, *never_written(planned.seen.state, app.store.where))
        return carry_out(app, "destroy", planned.plan, scope, Limits(allow, max_deletes), problems, recheck=False)
