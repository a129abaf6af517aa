"""`sbctl apply PLAN`: do a saved plan as it was shown, or refuse because the world moved on."""

from __future__ import annotations

from pathlib import Path

import click

from sbctl.app import App
from sbctl.cli.epilog import epilog_of
from sbctl.cli.options import allow_option, max_deletes_option
from sbctl.cli.run import command
from sbctl.commands.deploy.apply_flow import Limits, carry_out, check_account
from sbctl.core.report import Report
from sbctl.engine.planning.guards import against_staleness, against_unknown_places
from sbctl.engine.planning.planner import Scope
from sbctl.store.plans import read_plan

EPILOG = epilog_of(
    """
    sbctl plan --out today.plan
    sbctl apply today.plan
    """,
    "0 done, 2 not a plan, 4 partly done, 5 locked, 6 stale plan, 7 refused by a guard, 8 an endpoint does not answer well,"
    " 130 interrupted",
)


@click.command(epilog=EPILOG)
@click.argument("plan_file", metavar="PLAN", type=click.Path(path_type=Path))
@allow_option
@max_deletes_option
@command("apply")
def apply(app: App, plan_file: Path, allow: tuple[str, ...], max_deletes: int | None) -> Report:
    """Apply a saved plan, exactly as it was shown. If AWS, state or config have changed since, the plan is refused."""
    plan = read_plan(plan_file)
    project = app.loaded.project
    with app.store.lock():
        codes = [region.region for region in project.regions]
        strange = against_unknown_places(plan, app.kinds, codes, app.store.load())
        refused = (
            *strange,
            *against_staleness(plan, app.store.load(), app.loaded.digest, project.account),
            *check_account(app),
        )
        if refused:
            return Report(command="apply", problems=refused)
        everywhere = frozenset(plan.regions) == {region.region for region in project.regions}
        scope = Scope() if everywhere else Scope(regions=frozenset(plan.regions))
        limit = project.rules.guards.max_deletes if max_deletes is None else max_deletes
        return carry_out(app, "apply", plan, scope, Limits(allow, limit), app.loaded.notes, recheck=True)
