"""`plan` and `apply` of a kind, with the resources that it needs."""

from __future__ import annotations

import click

from sbctl.app import App
from sbctl.cli.epilog import epilog_of
from sbctl.cli.options import allow_option, max_deletes_option, region_option
from sbctl.cli.run import command
from sbctl.cli.scope import scope_of
from sbctl.commands.deploy.apply_flow import Limits, carry_out, check_account
from sbctl.commands.deploy.plan_json import plan_data
from sbctl.core.problem import Exit
from sbctl.core.report import Report


def plan_command(noun: str, kind: str) -> click.Command:
    @click.command(
        "plan",
        epilog=epilog_of(
            f"sbctl {noun} plan --exit-code",
            "0 done, 2 usage or config, 3 differences (with --exit-code), 4 a region did not answer, 9 credentials or permission",
        ),
    )
    @region_option
    @click.option("--exit-code", "exit_code", is_flag=True, help="Exit with 3 if there are differences.")
    @command(f"{noun} plan")
    def plan(app: App, regions: tuple[str, ...], exit_code: bool) -> Report:
        """Show what a deploy of this kind would change. Resources that it needs are included."""
        begun = app.clock.monotonic()
        refused = check_account(app)
        if refused:
            return Report(command=f"{noun} plan", problems=refused)
        planned = app.session.plan(scope_of(app.session.project, regions, [kind]))
        data = plan_data(planned.plan, app.clients.standard.counts.as_json(), app.clock.monotonic() - begun)
        finding = Exit.DIFFERENCES if exit_code and planned.plan.pending else Exit.DONE
        problems = (*app.loaded.notes, *planned.problems)
        return Report(command=f"{noun} plan", data=data, problems=problems, view=planned.plan, finding=finding)

    return plan


def apply_command(noun: str, kind: str) -> click.Command:
    @click.command(
        "apply",
        epilog=epilog_of(
            f"sbctl {noun} apply --region us-west-2",
            "0 done, 2 usage or config, 4 partly done, 5 locked, 7 refused, 9 credentials or permission, 130 interrupted",
        ),
    )
    @region_option
    @allow_option
    @max_deletes_option
    @command(f"{noun} apply")
    def apply(app: App, regions: tuple[str, ...], allow: tuple[str, ...], max_deletes: int | None) -> Report:
        """Deploy this kind. Resources that it needs are included."""
        scope = scope_of(app.session.project, regions, [kind])
        with app.store.lock():
            refused = check_account(app)
            if refused:
                return Report(command=f"{noun} apply", problems=refused)
            planned = app.session.plan(scope)
            limit = app.session.project.rules.guards.max_deletes if max_deletes is None else max_deletes
            limits = Limits(allow, limit)
            problems = (*app.loaded.notes, *planned.problems)
            seen = planned.seen
            return carry_out(app, f"{noun} apply", planned.plan, scope, limits, problems, recheck=False, seen=seen)

    return apply
