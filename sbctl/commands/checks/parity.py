"""`sbctl parity`: are the regions alike, and what is to be done where they are not?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import click

from sbctl.app import App
from sbctl.checks.flow_tests.apart import Apart, apart, apart_problems, apart_readings
from sbctl.checks.preflight.flow_tests import digests_of
from sbctl.checks.preflight.flow_tests import results as kept_results
from sbctl.cli import completions
from sbctl.cli.epilog import epilog_of
from sbctl.cli.keep_readings import keep_readings
from sbctl.cli.options import allow_option, max_deletes_option, region_option
from sbctl.cli.run import command
from sbctl.cli.scope import known_region, scope_of
from sbctl.commands.checks.parity_json import apart_row, parity_data
from sbctl.commands.deploy.apply_flow import Limits, carry_out, check_account, check_deployed, limits_for
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import Project
from sbctl.core.report import Report
from sbctl.engine.parity.readings import CHECK, Parity, parity_of, to_fix
from sbctl.engine.planning.planner import Scope
from sbctl.engine.planning.subset import restricted
from sbctl.ui.views import ParityShown

EPILOG = epilog_of(
    """
    sbctl parity                          every region against the primary
    sbctl parity --region us-west-2       only the standby that matters now
    sbctl parity --from us-west-2         with another region as the measure
    sbctl parity --fix                    plan the differences away; asks
    """,
    "0 alike, 2 usage or config, 4 partly done (--fix), 5 locked (--fix), 7 refused by a guard (--fix),"
    " 8 not alike or not known, 9 credentials or permission",
)


@click.command(epilog=EPILOG)
@click.option(
    "--from",
    "source",
    metavar="REGION",
    shell_complete=completions.regions,
    help="Region to compare with. [default: the primary]",
)
@region_option
@click.option("--fix", is_flag=True, help="Plan a fix, ask, apply it, and compare again.")
@allow_option
@max_deletes_option
@command("parity")
def parity(
    app: App, source: str | None, regions: tuple[str, ...], fix: bool, allow: tuple[str, ...], max_deletes: int | None
) -> Report:
    """Compare regions, and fix differences. By kind and field; flows by what callers would notice.

    Ids, ARNs and what the config wants to be different are no differences.
    """
    limits = limits_for(app, "--fix", allow, max_deletes, applies=fix)
    app.lenient = not fix
    begun = app.clock.monotonic()
    refused = check_deployed(app) or check_account(app)
    if refused:
        return Report(command="parity", problems=refused)
    reference, compared = chosen_regions(app.session.project, source, regions)
    if not fix:
        return _report(app, _measured(app, reference, compared), begun)
    with app.store.lock():
        found = _measured(app, reference, compared)
        return _fixed(app, found, limits, begun)


@dataclass(frozen=True)
class Measured:
    """The comparison, and where the kept results of flow tests part."""

    parity: Parity
    parted: tuple[Apart, ...]


def _measured(app: App, reference: str, compared: tuple[str, ...]) -> Measured:
    found = parity_of(app.session, reference, compared, app.now())
    digests = digests_of(app.session.desired)
    parted = apart(kept_results(app.flow_tests.load()), digests, app.session.known().serial, reference, compared)
    readings = (*found.readings, *apart_readings(parted, reference))
    problems = (*found.problems, *apart_problems(parted, app.now()))
    keep_readings(app, CHECK, readings)
    return Measured(replace(found, readings=readings, problems=problems), parted)


def _report(app: App, measured: Measured, begun: float) -> Report:
    found = measured.parity
    data = {
        **parity_data(found, app.now()),
        "flow_tests": [apart_row(one, app.now()) for one in measured.parted],
        "calls": app.clients.standard.counts.as_json(),
        "elapsed_seconds": round(app.clock.monotonic() - begun, 3),
    }
    return Report(command="parity", data=data, problems=found.problems, view=ParityShown(data))


def _fixed(app: App, measured: Measured, limits: Limits, begun: float) -> Report:
    """Apply what a deploy would do at the addresses that differ, then look again. The caller holds the lock."""
    found = measured.parity
    planned = app.session.plan(Scope())
    plan = restricted(planned.plan, {str(address) for address in to_fix(found.comparison)})
    if not plan.pending:
        return _report(app, measured, begun)
    scope = Scope(addresses=frozenset(step.at for step in plan.pending))
    done = carry_out(app, "parity", plan, scope, limits, (), recheck=False, seen=planned.seen)
    if done.problems:
        return done
    again = _report(app, _measured(app, found.comparison.reference, found.comparison.regions), begun)
    return replace(again, data={**again.data, "fixed": done.data["done"]})


def chosen_regions(project: Project, source: str | None, regions: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The reference and what is compared with it, by priority. Raises SbctlError for regions that the config lacks."""
    reference = known_region(project, source, "--from") if source else project.primary.region
    chosen = scope_of(project, regions).regions
    compared = [
        region.region
        for region in project.by_priority
        if region.region != reference and (chosen is None or region.region in chosen)
    ]
    if not compared:
        raise SbctlError(_nothing_to_compare(reference))
    return reference, tuple(compared)


def _nothing_to_compare(reference: str) -> Problem:
    return Problem(
        code="usage",
        summary="There is no other region to compare with",
        detail=f"{reference} is the measure, and no other region is named",
        at="--region",
        fix="Name another region, or another measure: --from REGION.",
        exit=Exit.USAGE,
    )
