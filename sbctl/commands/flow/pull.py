"""`sbctl flow pull`: what somebody changed in the console, brought back into the flow's file. AWS is not touched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.confirm import DECLINED, confirm, may_ask
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.cli.scope import known_region
from sbctl.commands.checks.drift_accept import loader
from sbctl.commands.deploy.apply_flow import check_account, check_deployed
from sbctl.commands.flow.chosen import chosen_flow
from sbctl.core.address import Address
from sbctl.core.flow_document import FlowDocument
from sbctl.core.kinds.values import plain
from sbctl.core.problem import AGAIN, Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.engine.drift.accept_flow import content_in, named_in, pulled_flow
from sbctl.engine.drift.config_edit import NotExpressible
from sbctl.engine.drift.config_edits import amended, write
from sbctl.engine.planning.planner import Scope
from sbctl.engine.session import Planned
from sbctl.flows.comparing.changes import flow_changes
from sbctl.flows.comparing.meaning import same_flow
from sbctl.flows.language.facts import MODULE
from sbctl.flows.names.placeholders import KINDS
from sbctl.ui.render import show_view
from sbctl.ui.views import Pairs

NAME = "flow pull"
EPILOG = epilog_of(
    """
    sbctl flow pull SalesInbound          the content of the changed region
    sbctl flow pull SalesInbound --region us-west-2
    """,
    "0 done or nothing to pull, 2 no such flow, or regions differ, 4 the file cannot say it, 7 refused,"
    " 9 credentials or permission",
)


@click.command("pull", epilog=EPILOG)
@click.argument("name", shell_complete=completions.flows)
@click.option("--region", shell_complete=completions.regions, help="Region to pull from. [default: the changed one]")
@command(NAME)
def pull(app: App, name: str, region: str | None) -> Report:
    """Write a flow's live content into its file. Shows the differences and asks.

    All regions share the file: the next deploy brings the content to the others.
    """
    project = app.session.project
    document = chosen_flow(app, name)
    if region:
        known_region(project, region, "--region")
    refused = check_deployed(app) or check_account(app)
    if refused:
        return Report(command=NAME, problems=refused)
    planned = app.session.plan(Scope(kinds=frozenset(kind for kind, _ in KINDS.values())))
    if planned.problems and any(one.exit != Exit.DONE for one in planned.problems):
        return Report(command=NAME, problems=planned.problems)
    places = _places(app, document)
    chosen = {region: places[region]} if region in places and region else _moved(planned, places)
    if not chosen:
        return _nothing(document, region or "")
    return _pulled(app, planned, document, chosen)


def _pulled(app: App, planned: Planned, document: FlowDocument, chosen: Mapping[str, Address]) -> Report:
    project, world = app.session.project, planned.seen.world
    names = named_in(app.kinds, project, world)
    try:
        said = {code: content_in(project, world, code, address, names) for code, address in chosen.items()}
        if any(not same_flow(one, next(iter(said.values()))) for one in said.values()):
            raise SbctlError(_several(document, list(said)))
        first = dict([next(iter(chosen.items()))])
        found = pulled_flow(project, world, first, names)
    except NotExpressible as why:
        return Report(command=NAME, problems=(_cannot(document, str(why)),))
    code, content = next(iter(said.items()))
    changes = tuple(flow_changes(document.content, content))
    data = {"flow": document.name, "file": document.at, "region": code, "changes": list(changes), "written": False}
    if content == document.content:
        return _nothing(document, code)
    result = amended(app.settings.config, app.project_folder / "flows", found, loader(app))
    if result.refused:
        return Report(command=NAME, data=data, problems=(_cannot(document, result.refused[0].reason),))
    rows = tuple((str(number), text) for number, text in enumerate(changes or ("layout or notes alone",), 1))
    view = Pairs(f"{document.name} in {code}", rows)
    if may_ask(app.settings):
        show_view(view, app.settings.output)
    if not confirm(app.settings, app.listen, f"Write this into {document.at}?"):
        return Report(command=NAME, data=data, problems=(DECLINED,))
    write(result)
    return Report(command=NAME, data={**data, "written": True}, view=Pairs(f"Written: {document.at}", rows))


def _places(app: App, document: FlowDocument) -> dict[str, Address]:
    """Where the flow is wanted, by region."""
    kind = KINDS["module" if document.type == MODULE else "flow"][0]
    wanted = [one for one in app.session.desired if one.address.kind == kind]
    return {one.address.region: one.address for one in wanted if one.values.get("name") == document.name}


def _moved(planned: Planned, places: Mapping[str, Address]) -> dict[str, Address]:
    """Where the content is another one than the last deploy left there, and than the file has."""
    found = {}
    as_the_file = {step.at for step in planned.plan.steps if step.action == "none"}
    for region, address in places.items():
        live, record = planned.seen.world.live.get(address), planned.seen.state.get(address)
        if address in as_the_file:
            continue
        if live is not None and record is not None and not _same(plain(live.spec), record.applied):
            found[region] = address
    return found


def _same(live: Mapping[str, Any], applied: Mapping[str, Any]) -> bool:
    now, before = (one.get("content") or one.get("draft") for one in (live, applied))
    return now == before or (now is not None and before is not None and same_flow(now, before))


def _nothing(document: FlowDocument, region: str) -> Report:
    data = {"flow": document.name, "file": document.at, "region": region, "changes": [], "written": False}
    view = Pairs("Nothing to pull", ((document.name, f"{document.at} says what is there"),))
    return Report(command=NAME, data=data, view=view)


def _several(document: FlowDocument, regions: list[str]) -> Problem:
    return Problem(
        code="regions-differ",
        summary="Regions have different contents of a flow",
        detail=f"{document.name} was changed in {', '.join(regions)}, each in its own way",
        at=document.at,
        fix=f"Choose the one to keep: {AGAIN} --region {regions[0]}",
        exit=Exit.USAGE,
    )


def _cannot(document: FlowDocument, why: str) -> Problem:
    return Problem(
        code="not-expressible",
        summary="The flow's file cannot say what is there",
        detail=f"{document.name}: {why}",
        at=document.at,
        fix="Change the file by hand, or restore the flow with sbctl drift --revert.",
        exit=Exit.PARTIAL,
    )
