"""`sbctl flow rollback`: publish an earlier content of a flow in every region; `--list` shows what there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.confirm import DECLINED, confirm
from sbctl.cli.epilog import epilog_of
from sbctl.cli.options import region_option
from sbctl.cli.run import command
from sbctl.commands.failover.inputs import operator
from sbctl.commands.flow.deployed_flow import DeployedFlow, deployed_flow
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.engine.rollback.act import Restored
from sbctl.engine.rollback.choose import SERIAL, Chooser, Target
from sbctl.engine.rollback.look import Generations, Site, look
from sbctl.engine.rollback.workflow import Order, Prepared, Rollback, left_over, prepare
from sbctl.ui.views import Pairs

DIGITS = 18
"""Of a version's number: AWS's are 64 bits long."""
EPILOG = epilog_of(
    """
    sbctl flow rollback SalesInbound         the version before the present one
    sbctl flow rollback SalesInbound --list  the versions and their regions
    sbctl flow rollback SalesInbound --to 3 --yes --reason "wrong menu"
    """,
    "0 done, 2 no such flow or version, 4 a region was not reached (run it again), 5 another run holds the state,"
    " 7 not confirmed, 9 credentials or permission",
)


def _check(to: str, others: bool, *, listing: bool) -> None:
    """Raises SbctlError for what is no version, and for options that a list would leave out of account."""
    number = to.removeprefix(SERIAL)
    if to and not (number.isascii() and number.isdecimal() and len(number) <= DIGITS):
        raise SbctlError(_usage("--to", f"{to!r} is no version", f"Give a number such as 3, or {SERIAL}12."))
    if listing and (to or others):
        said = "--list changes nothing; --to, --reason and --dry-run do not go with it"
        raise SbctlError(_usage("--list", said, "Leave one of them out."))


def _usage(option: str, detail: str, fix: str) -> Problem:
    return Problem(code="usage", summary="The options do not fit", detail=detail, at=option, fix=fix, exit=Exit.USAGE)


@click.command("rollback", epilog=EPILOG)
@click.argument("name", shell_complete=completions.flows)
@click.option("--to", default="", metavar="VERSION", help="Version. [default: the one before]")
@region_option
@click.option("--reason", default="", help="Reason, for the history and the plan.")
@click.option("--dry-run", "dry_run", is_flag=True, help="Show the version and the regions. Change nothing.")
@click.option("--list", "listing", is_flag=True, help="List the versions. Change nothing.")
@command("flow rollback")
def rollback(
    app: App, name: str, to: str, regions: tuple[str, ...], reason: str, dry_run: bool, listing: bool
) -> Report:
    """Publish an earlier version of a flow. Regions are changed side by side.

    The files stay as they are: until they are corrected, plan says that the flow is rolled back.
    """
    _check(to, bool(reason or dry_run), listing=listing)
    if listing:
        return _listed(app, deployed_flow(app, name, regions))
    with app.store.lock():
        flow = deployed_flow(app, name, regions)
        refused = flow.refusals()
        if refused:
            return Report(command="flow rollback", problems=refused)
        return _rolled_back(app, flow, to, reason, dry_run=dry_run)


def _listed(app: App, flow: DeployedFlow) -> Report:
    sites, problems = look(flow.kind, app.clients.urgent.read_only, flow.records, app.make_executor)
    rows = [*_versions(flow, sites)] if sites else []
    data = {"flow": flow.called, "versions": rows}
    return Report(command="flow rollback", data=data, problems=tuple(problems), view=_shown(flow, rows))


def _shown(flow: DeployedFlow, rows: Sequence[dict[str, Any]]) -> Pairs:
    found = [(row["version"], _where(row)) for row in rows]
    return Pairs(f"Versions of {flow.called}", tuple(found) or (("none", "no earlier content is kept"),))


def _where(row: dict[str, Any]) -> str:
    """When a version was made, of which file, and what each region calls it."""
    made = str(row["made_at"] or "")[:16].replace("T", " ")
    regions = [
        one["region"]
        + (f" {one['version']}" if str(one["version"]) not in (row["version"], "0") else "")
        + (" (published)" if one["published"] else "")
        for one in row["regions"]
    ]
    return f"{made}  {row['digest'] or 'made by others'}  {', '.join(regions)}"


def _versions(flow: DeployedFlow, sites: Sequence[Site]) -> Iterable[dict[str, Any]]:
    """The versions of the first region with their like in others, and what the state alone keeps."""
    first, chooser = sites[0], _chooser(flow)
    for version in first.versions:
        target = Target(number=version.number, digest=version.digest)
        found = [(site, chooser.version(site, target, first=site is first)) for site in sites]
        yield {
            "version": str(version.number),
            "made_at": version.made_at.isoformat() if version.made_at else None,
            "digest": version.digest,
            "regions": [
                {"region": site.region, "version": own.number, "published": own.present} for site, own in found if own
            ],
        }
    for deployed in chooser.fallback(first):
        yield {
            "version": f"{SERIAL}{deployed.serial}",
            "made_at": deployed.at.isoformat() if deployed.at else None,
            "digest": deployed.digest,
            "regions": [{"region": site.region, "version": 0, "published": False} for site in sites],
        }


def _rolled_back(app: App, flow: DeployedFlow, to: str, reason: str, *, dry_run: bool) -> Report:
    aws = app.clients.urgent
    sites, problems = look(flow.kind, aws.read_only, flow.records, app.make_executor)
    if not sites:
        return Report(command="flow rollback", problems=tuple(problems))
    before = left_over(app.runs.all(), flow.called, flow.records) if not to else None
    chooser = _chooser(flow)
    target = chooser.target(sites[0], to or (str(before.order["version"]) if before else ""))
    prepared = prepare(chooser, aws.read_only, sites, target)
    if not prepared.values:
        raise SbctlError(*[problem for one in prepared.failed for problem in one.problems], *problems)
    if dry_run:
        would = [*prepared.failed, *(Restored(region, "done", prepared.versions[region]) for region in prepared.values)]
        return _told(flow, prepared, would, problems, "", reason, dry_run=True)
    if not confirm(app.settings, app.listen, _question(flow, prepared)):
        return Report(command="flow rollback", problems=(DECLINED,))
    order = Order(flow.called, reason, operator())
    work = Rollback(flow.kind, aws.calls, app.store, app.runs, app.make_executor)
    missing = sorted({record.at.region for record in flow.records} - {site.region for site in sites})
    run, results = work.carry_out(order, prepared, sites, missing, app.waiting.now())
    app.store.compact()
    return _told(flow, prepared, results, problems, run.id, reason)


def _chooser(flow: DeployedFlow) -> Chooser:
    return Chooser(flow.kind, flow.called, Generations(flow.kind, flow.generations))


def _question(flow: DeployedFlow, prepared: Prepared) -> str:
    return f"Publish {prepared.target} of {flow.called} in {', '.join(sorted(prepared.values))}?"


def _told(
    flow: DeployedFlow,
    prepared: Prepared,
    results: Iterable[Restored],
    unread: Iterable[Problem],
    run: str,
    reason: str,
    *,
    dry_run: bool = False,
) -> Report:
    results = sorted(results, key=lambda one: one.region)
    found = [*(problem for one in results for problem in one.problems), *unread]
    if any(one.outcome != "failed" for one in results):
        found = [_partly(problem, flow, prepared.target) for problem in found]
    data = {
        "flow": flow.called,
        "to": prepared.target.option,
        "digest": prepared.target.digest,
        "reason": reason,
        "run": run,
        "dry_run": dry_run,
        "regions": [{"region": one.region, "outcome": one.outcome, "version": one.version} for one in results],
    }
    words = {"done": "would be published" if dry_run else "published", "already": "was published already"}
    rows = [(one.region, f"{words.get(one.outcome, 'not changed')}{_own(one, prepared.target)}") for one in results]
    view = Pairs(f"{flow.called}: {prepared.target}", tuple(rows))
    return Report(command="flow rollback", data=data, problems=tuple(found), view=view)


def _own(one: Restored, target: Target) -> str:
    """The region's own number, where it is another."""
    return f" (version {one.version} there)" if one.version not in (0, target.number) else ""


def _partly(problem: Problem, flow: DeployedFlow, target: Target) -> Problem:
    """Some regions have it: what the others need is the same version again, and not the one before that."""
    again = f"Run it again when the region answers: sbctl flow rollback {flow.typed} --to {target.option}"
    return replace(problem, exit=Exit.PARTIAL, fix=again)
