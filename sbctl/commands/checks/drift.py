"""`sbctl drift`: what moved in AWS since sbctl last applied it, and the two ways out: back, or into the config."""

from __future__ import annotations

from dataclasses import replace

import click

from sbctl.app import App
from sbctl.cli.epilog import epilog_of
from sbctl.cli.keep_readings import keep_readings
from sbctl.cli.options import allow_option, max_deletes_option, region_option
from sbctl.cli.run import command
from sbctl.cli.scope import scope_of
from sbctl.commands.checks.drift_accept import accepted
from sbctl.commands.checks.drift_json import drift_data
from sbctl.commands.deploy.apply_flow import Limits, carry_out, check_account, check_deployed, limits_for
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.engine.drift.detect import CHECK, Drifted, drift_of, drift_readings
from sbctl.engine.parity.peers import seated_in
from sbctl.engine.planning.planner import Scope
from sbctl.engine.planning.subset import restricted
from sbctl.engine.session import Planned
from sbctl.ui.views import DriftShown

EPILOG = epilog_of(
    """
    sbctl drift                           what moved, the worst first
    sbctl drift --region us-west-2 --exit-code
    sbctl drift --revert                  apply only that back; asks
    sbctl drift --accept                  write it into the config; asks
    """,
    "0 done, 2 usage or config, 3 something drifted (with --exit-code), 4 partly done: a region does not answer,"
    " or not all can be said in the config, 5 locked (--revert), 7 refused by a guard, 9 credentials or permission",
)


@click.command(epilog=EPILOG)
@region_option
@click.option("--exit-code", "exit_code", is_flag=True, help="Exit with 3 if there is drift.")
@click.option("--accept", is_flag=True, help="Write AWS's values into the config.")
@click.option("--revert", is_flag=True, help="Restore the config's values, and change nothing else.")
@allow_option
@max_deletes_option
@command("drift")
def drift(
    app: App,
    regions: tuple[str, ...],
    exit_code: bool,
    accept: bool,
    revert: bool,
    allow: tuple[str, ...],
    max_deletes: int | None,
) -> Report:
    """Detect changes made outside sbctl. Revert or accept them; what hurts a failover most comes first."""
    if accept and revert:
        raise SbctlError(_both_ways())
    limits = limits_for(app, "--revert", allow, max_deletes, applies=revert)
    app.lenient = not (accept or revert)
    begun = app.clock.monotonic()
    scope = _scope(app, regions)
    refused = check_deployed(app) or check_account(app)
    if refused:
        return Report(command="drift", problems=refused)
    if revert:
        with app.store.lock():
            planned, found = _looked(app, scope)
            return _reverted(app, planned, found, limits, begun)
    planned, found = _looked(app, scope)
    if accept:
        return accepted(app, planned, found, _report(app, planned, found, begun))
    report = _report(app, planned, found, begun)
    return replace(report, finding=Exit.DIFFERENCES if exit_code and found else Exit.DONE)


def _scope(app: App, regions: tuple[str, ...]) -> Scope:
    """What serves the regions: other than for a deploy also their health checks and records, which are global."""
    project = app.session.project
    chosen = scope_of(project, regions).regions
    if chosen is None:
        return Scope()
    codes = [region.region for region in project.by_priority]
    return Scope(addresses=seated_in((item.address for item in app.session.desired), codes, chosen))


def _looked(app: App, scope: Scope) -> tuple[Planned, tuple[Drifted, ...]]:
    planned = app.session.plan(scope, depth="all")
    codes = tuple(region.region for region in app.session.project.by_priority)
    found = drift_of(app.session.kinds, planned, codes)
    keep_readings(app, CHECK, drift_readings(found, planned.plan.unread, app.now()))
    return planned, found


def _report(app: App, planned: Planned, found: tuple[Drifted, ...], begun: float) -> Report:
    data = {
        **drift_data(planned.plan, found),
        "calls": app.clients.standard.counts.as_json(),
        "elapsed_seconds": round(app.clock.monotonic() - begun, 3),
    }
    return Report(command="drift", data=data, problems=planned.problems, view=DriftShown(data))


def _reverted(app: App, planned: Planned, found: tuple[Drifted, ...], limits: Limits, begun: float) -> Report:
    """Apply what drifted back, and only that. The caller holds the lock."""
    plan = restricted(planned.plan, {str(one.address) for one in found})
    if not plan.pending:
        return _report(app, planned, found, begun)
    scope = Scope(addresses=frozenset(step.at for step in plan.pending))
    done = carry_out(app, "drift", plan, scope, limits, planned.problems, recheck=False, seen=planned.seen)
    if not done.problems:
        keep_readings(app, CHECK, drift_readings((), planned.plan.unread, app.now()))
    return done


def _both_ways() -> Problem:
    return Problem(
        code="usage",
        summary="These options exclude each other",
        detail="--accept takes AWS's values into the config, --revert puts the config's values back into AWS",
        at="--accept, --revert",
        fix="Choose one of them.",
        exit=Exit.USAGE,
    )
