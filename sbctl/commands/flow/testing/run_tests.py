"""`sbctl flow test`: run the project's flow tests in each region, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from sbctl.app import App
from sbctl.checks.flow_tests.apart import ways_of
from sbctl.checks.flow_tests.coverage import coverage
from sbctl.checks.flow_tests.parting import Parting, partings, with_blocks
from sbctl.checks.flow_tests.result import FlowTestResult
from sbctl.checks.flow_tests.runner import Case, RegionRun, Runner
from sbctl.cli import completions
from sbctl.cli.epilog import epilog_of
from sbctl.cli.options import allow_option, max_deletes_option, region_option
from sbctl.cli.run import command
from sbctl.cli.scope import scope_of
from sbctl.commands.deploy.apply_flow import Limits, carry_out, check_account, limits_for
from sbctl.commands.flow.testing.chosen_tests import KIND, Chosen, cases, chosen, ringing, stale
from sbctl.commands.flow.testing.junit import write_junit
from sbctl.core.address import Address
from sbctl.core.aws.problem import from_aws
from sbctl.core.events import PhaseStarted, StepDone, StepFailed
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.engine.session import Planned
from sbctl.ui.views import FlowTestsShown

NAME = "flow test"
EPILOG = epilog_of(
    """
    sbctl flow test                                every test in every region
    sbctl flow test vip closed --region us-west-2  two of them, in one region
    sbctl flow test --deploy --junit report.xml    deploy first, write XML
    sbctl flow test --coverage                     show branches without a test
    """,
    "0 all passed, 2 usage or config, 4 a region does not answer, 6 a test is older than its file (--deploy),"
    " 7 refused: an agent could be rung, 8 a test failed, 9 credentials or permission",
)


@click.command("test", epilog=EPILOG)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=completions.flow_tests)
@region_option
@click.option("--deploy", is_flag=True, help="Deploy the tests and their resources first.")
@click.option("--junit", metavar="FILE", type=click.Path(path_type=Path), help="Write the results as JUnit XML.")
@click.option("--coverage", "covered", is_flag=True, help="Show blocks and branches without a test.")
@allow_option
@max_deletes_option
@command(NAME)
def run_tests(
    app: App,
    names: tuple[str, ...],
    regions: tuple[str, ...],
    deploy: bool,
    junit: Path | None,
    covered: bool,
    allow: tuple[str, ...],
    max_deletes: int | None,
) -> Report:
    """Run flow tests with simulated contacts. Regions are tested side by side.

    The tests are files in flows/tests/. The results are kept for doctor and failover.
    """
    limits = limits_for(app, "--deploy", allow, max_deletes, applies=deploy)
    selected = chosen(app, names, regions)
    refused = (*check_account(app), *ringing(app, selected.tests))
    if refused:
        return Report(command=NAME, problems=refused)
    if deploy:
        report = _deployed(app, regions, limits)
        if report.exit not in (Exit.DONE, Exit.PARTIAL):
            return report
    planned = app.session.plan(scope_of(app.session.project, regions, [KIND]))
    old = stale(selected, planned)
    if old:
        return Report(command=NAME, problems=tuple(old))
    results, problems = _run(app, selected, planned)
    _keep(app, results, planned.seen.state.serial)
    if junit is not None:
        write_junit(junit, results)
    return _told(app, selected, results, problems, junit, covered=covered)


def _deployed(app: App, regions: Sequence[str], limits: Limits) -> Report:
    """Deploys test cases with what they need, as `sbctl test-case apply` does."""
    scope = scope_of(app.session.project, regions, [KIND])
    with app.store.lock():
        planned = app.session.plan(scope)
        problems = (*app.loaded.notes, *planned.problems)
        return carry_out(app, NAME, planned.plan, scope, limits, problems, recheck=False, seen=planned.seen)


def _run(app: App, selected: Chosen, planned: Planned) -> tuple[tuple[FlowTestResult, ...], tuple[Problem, ...]]:
    """Every case; those of regions that were not read are unknown, without a second time-out."""
    unread = set(planned.plan.unread)
    every = cases(app, selected)
    by_region = {region: [one for one in every if one.region == region] for region in selected.regions}
    asked = {region: own for region, own in by_region.items() if own and region not in unread}
    total = sum(map(len, asked.values()))
    app.listen(PhaseStarted("testing flows", total, {region: len(own) for region, own in asked.items()}))
    runner = Runner(app.clients.standard.calls, app.waiting, app.now, lambda one: _listen(app, one), app.stop.is_set)
    with app.make_executor(max(len(asked), 1), "flow-tests") as pool:
        coming = {region: pool.submit(runner.run, own) for region, own in asked.items()}
        runs: dict[str, RegionRun] = {region: run.result() for region, run in coming.items()}
    silent = [_silent(app, case) for region in unread for case in by_region.get(region, ())]
    results = [*(one for run in runs.values() for one in run.results), *silent]
    order = {(str(one.values["name"]), one.address.region): number for number, one in enumerate(selected.wanted)}
    results.sort(key=lambda one: order[one.name, one.region])
    errors = [from_aws(run.error) for run in runs.values() if run.error is not None]
    return with_blocks(results), (*planned.problems, *errors)


def _silent(app: App, case: Case) -> FlowTestResult:
    why = f"{case.region} does not answer"
    return FlowTestResult(name=case.name, region=case.region, outcome="unknown", at=app.now(), why=why)


def _listen(app: App, one: FlowTestResult) -> None:
    address = Address.of(KIND, one.region, one.name)
    passed = one.outcome == "passed"
    app.listen(StepDone(address, "test", one.seconds) if passed else StepFailed(address, "test", one.why))


def _keep(app: App, results: Sequence[FlowTestResult], serial: int) -> None:
    """A cache must hold up nobody. What was cut off is worth less than what it would replace."""
    rows = [
        one.model_copy(update={"serial": serial}).model_dump(mode="json")
        for one in results
        if one.outcome in ("passed", "failed")
    ]
    try:
        app.flow_tests.keep(rows)
    except SbctlError as error:
        app.note(error.problems[0])


def _told(
    app: App,
    selected: Chosen,
    results: Sequence[FlowTestResult],
    problems: Sequence[Problem],
    junit: Path | None,
    *,
    covered: bool,
) -> Report:
    now, parted = app.now(), partings(results)
    flows = (*app.loaded.project.flows.values(), *app.loaded.project.modules.values())
    paths = [one.path for one in results]
    data = {
        "tests": [one.as_json(now) for one in results],
        "differences": [asdict(one) for one in parted],
        "coverage": [asdict(one) for one in coverage(flows, paths)] if covered else None,
        "written": str(junit) if junit else "",
    }
    failed = [_failed(one, selected) for one in results if one.outcome in ("failed", "stopped")]
    notes = [_parted(one) for one in parted if _passed(results, one)]
    found = (*app.loaded.notes, *problems, *failed, *notes)
    return Report(command=NAME, data=data, problems=found, view=FlowTestsShown(data, selected.regions))


def _failed(one: FlowTestResult, selected: Chosen) -> Problem:
    where = f" at block {one.block}" if one.block else ""
    test = next(test for test in selected.tests if test.name == one.name)
    return Problem(
        code=f"flow-test-{one.outcome}",
        summary=f"A flow test {one.outcome}" if one.outcome == "failed" else "A flow test was stopped",
        detail=f"{one.name} in {one.region}{where}: {one.why}",
        at=test.at,
        fix="Correct the flow or the test; what differs between the regions shows sbctl parity",
        exit=Exit.NOT_HELD,
    )


def _parted(one: Parting) -> Problem:
    """All passed, and callers meet something else: a difference of parity, and no failure of the test."""
    ways = ways_of(one)
    return Problem(
        code="flow-test-parts",
        summary="A test takes another way in one region",
        detail=f"{one.name}: at block {one.block} of {one.flow}: {ways}",
        at=one.region,
        fix="Compare the regions: sbctl parity",
        exit=Exit.DONE,
    )


def _passed(results: Sequence[FlowTestResult], one: Parting) -> bool:
    return any(
        result.outcome == "passed" for result in results if (result.name, result.region) == (one.name, one.region)
    )
