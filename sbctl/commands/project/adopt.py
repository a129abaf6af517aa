"""`sbctl adopt`: take an existing contact centre over, into config and flow files and the state."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from sbctl.app import App
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import INTERRUPTED, command
from sbctl.commands.deploy.apply_flow import check_account
from sbctl.commands.project.adopt_check import check_written
from sbctl.commands.project.adopt_fetch import Downloads
from sbctl.core.events import PhaseStarted
from sbctl.core.kinds.resource import NotSayable
from sbctl.core.moving.rules import Rules
from sbctl.core.plan import Step
from sbctl.core.problem import AGAIN, Exit, Problem, SbctlError
from sbctl.core.project import PROJECT_TAG, Project, Region
from sbctl.core.report import Report
from sbctl.desired.config.models import HOST
from sbctl.desired.starter import region_name, rules_text
from sbctl.engine.adoption.config_writer import worded
from sbctl.engine.adoption.discovery import Discovered, Wish, discover
from sbctl.engine.adoption.dns import AdoptableDns, look_at_dns
from sbctl.engine.adoption.files import files
from sbctl.engine.adoption.result import Worded
from sbctl.engine.adoption.untouched import recording_only
from sbctl.engine.adoption.ways import named
from sbctl.engine.planning.planner import Scope
from sbctl.flows.names.map_file import read_map
from sbctl.store.files.new_files import write_new
from sbctl.ui.views import Adopted

NAME = "adopt"
NO_DOMAIN = "example.com"
"""Stands in the config until DNS is turned on."""
PROJECT = re.compile(r"[a-z][a-z0-9-]{0,30}[a-z0-9]")
EPILOG = epilog_of(
    """
    sbctl adopt --region us-east-1 --instance acme-prod
    sbctl adopt --region us-east-1 --instance acme-prod --project acme \\
          --domain example.com --config acme/config
    sbctl adopt --region us-east-1 --instance acme-prod \\
          --table acme-callers --bucket acme-reports --variable LOG_FORMAT
    sbctl adopt --region us-east-1 --instance acme-prod --map names.json
    """,
    "0 done, 2 no such instance, table or bucket, 3 plan not empty, 5 locked, 7 a file or another project is in the way,"
    " 9 credentials or permission",
)


@click.command(epilog=EPILOG)
@click.option("--region", required=True, metavar="REGION", help="Region of the instance.")
@click.option("--instance", required=True, metavar="ALIAS", help="Alias or ID of the instance.")
@click.option("--project", metavar="NAME", help="Prefix of new resources' names. [default: the alias]")
@click.option("--domain", metavar="NAME", help="Domain of its hosted zone. [default: none]")
@click.option("--table", "tables", multiple=True, metavar="NAME", help="Also adopt this table. Repeatable.")
@click.option("--bucket", "buckets", multiple=True, metavar="NAME", help="Also adopt this bucket. Repeatable.")
@click.option(
    "--variable",
    "variables",
    multiple=True,
    metavar="NAME",
    help="Function variable to copy; not a secret. Repeatable.",
)
@click.option(
    "--map",
    "map_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="JSON of ID or ARN to placeholder, for flows.",
)
@command(NAME)
def adopt(
    app: App,
    region: str,
    instance: str,
    project: str | None,
    domain: str | None,
    tables: tuple[str, ...],
    buckets: tuple[str, ...],
    variables: tuple[str, ...],
    map_file: Path | None,
) -> Report:
    """Adopt an existing contact centre.

    Writes config, flows, prompts and functions' code that ask for exactly what an instance and what it works with have, names
    in place of ids, and records it in the state. Nothing is changed in AWS, and no file is overwritten. Deploys leave what
    was adopted in place for good: destroy never deletes it.
    """
    if domain is not None and not re.fullmatch(HOST, domain):
        raise SbctlError(
            _bad_option("--domain", "This is no domain name", domain, "The name of a zone, as example.com.")
        )
    wish = Wish(tables, buckets, frozenset(variables), read_map(map_file))
    estate = discover(app.kinds, app.clients.standard.read_only, region, instance, wish, app.listen)
    name = project or _project_name(estate.instance.spec.alias)
    _refuse_foreign(estate, name)
    said, place = _say(app, estate, wish, name, domain)
    check_written(app, place)
    app.listen(PhaseStarted("writing the project"))
    written = {app.project_folder / _placed(app, path): content for path, content in place.items()}
    write_new(written, app.project_folder, app.disk)
    with app.store.lock():
        refused = check_account(app)
        if refused:
            return Report(command=NAME, problems=refused)
        planned = app.session.plan(Scope())
        outcome = app.session.apply(recording_only(planned.plan, app.kinds))
        problems = (
            *planned.problems,
            *outcome.problems,
            *outcome.notes,
            *((INTERRUPTED,) if outcome.interrupted else ()),
        )
        left_over = () if problems else app.session.plan(Scope()).plan.pending
    data = _data(app, estate, said, [str(path) for path in written], left_over)
    return Report(
        command=NAME,
        data=data,
        problems=(*problems, *map(_differs, left_over)),
        view=Adopted(data),
    )


def _say(app: App, estate: Discovered, wish: Wish, name: str, domain: str | None) -> tuple[Worded, Mapping[str, bytes]]:
    """What there is in the config's words, and the files that hold it. Raises SbctlError when there are no words."""
    alias = estate.instance.spec.alias
    if not PROJECT.fullmatch(name):
        fix = "Lower case letters, digits and dashes, a letter first, at most 32."
        raise SbctlError(_bad_option("--project", "This is no project name", name, fix))
    region = Region(name=region_name(estate.region), region=estate.region, is_primary=True, priority=1)
    try:
        said = worded(app.kinds, app.clients.standard.read_only, estate, region, name, wish, Downloads(app, estate))
    except NotSayable as why:
        raise SbctlError(_unsaid(alias, why)) from why
    dns = _dns(app, estate, said, region, name, domain) if domain else AdoptableDns(fits=False)
    said.left += dns.left
    row = {"name": region.name, "region": region.region, "isPrimary": True, "priority": 1}
    head = {"project": name, "account": estate.account, "domain": domain or NO_DOMAIN, "dns": dns.fits}
    head["strategy"] = "active-passive"
    return said, files(app.kinds, {**head, "regions": [row]}, said, rules_text())


def _dns(app: App, estate: Discovered, said: Worded, region: Region, name: str, domain: str) -> AdoptableDns:
    """The DNS of the domain, against what a project of this instance alone would want."""
    kind = app.kinds[named(app.kinds)["instance"]]
    items = tuple(kind.item.model_validate(item, by_alias=True, by_name=False) for item in said.sections[kind.section])
    project = Project(
        name=name,
        account=estate.account,
        domain=domain,
        strategy="active-passive",
        regions=(region,),
        rules=Rules.model_validate_json(rules_text(), by_alias=True, by_name=False),
        items={kind.section: items},
    )
    host = str(estate.instance.outputs["access_host"])
    app.listen(PhaseStarted(f"reading the DNS of {domain}"))
    return look_at_dns(app.kinds, app.clients.standard.read_only, app.clock, app.make_executor, project, host)


def _refuse_foreign(estate: Discovered, project: str) -> None:
    """Raise SbctlError where another project of sbctl has the instance: the next deploy would take it away from that one."""
    alias = estate.instance.spec.alias
    owner = (estate.instance.spec.tags or {}).get(PROJECT_TAG)
    if owner in (None, project):
        return
    raise SbctlError(
        Problem(
            code="of-another-project",
            summary="The instance belongs to another project of sbctl",
            detail=f"its tag {PROJECT_TAG} says {owner}; nothing was written",
            at=alias,
            fix=f"Work in that project's folder. Where its files are lost: sbctl init, with its name, and sbctl state rebuild."
            f" Or adopt it under its name: {AGAIN} --project {owner}",
            exit=Exit.REFUSED,
        )
    )


def _project_name(alias: str) -> str:
    return re.sub(r"^[^a-z]+", "", alias.lower())[:32].strip("-") or "contact-centre"


def _placed(app: App, path: str) -> Path:
    """Where a file goes, from the project's folder: the config folder may have another name."""
    folder, _, name = path.partition("/")
    return Path(app.settings.config.name, name) if folder == "config" else Path(path)


def _data(app: App, estate: Discovered, said: Worded, paths: list[str], left_over: tuple[Step, ...]) -> dict[str, Any]:
    records = [record for record in app.store.load().records.values() if record.origin == "adopted"]
    counts = Counter(app.kinds[record.at.kind].title for record in records)
    return {
        "instance": {"alias": estate.instance.spec.alias, **estate.instance.ids, "region": estate.region},
        "adopted": dict(sorted(counts.items())),
        "left_out": [vars(one) for one in said.left],
        "notes": [vars(one) for one in said.notes],
        "unresolved": [vars(one) for one in said.unresolved],
        "files": paths,
        "pending": [step.address for step in left_over],
        "next": f"{app.call} plan",
    }


def _differs(step: Step) -> Problem:
    fields = ", ".join(change.field for change in step.changes) or step.reason
    return Problem(
        code="not-as-adopted",
        summary="The generated config differs from AWS",
        detail=f"{step.action}: {fields}",
        at=step.address,
        fix="sbctl plan shows it: correct the files before the next deploy, which would change AWS.",
        exit=Exit.DIFFERENCES,
    )


def _bad_option(option: str, summary: str, value: str, fix: str) -> Problem:
    return Problem(code="bad-option", summary=summary, detail=value, at=option, fix=fix, exit=Exit.USAGE)


def _unsaid(alias: str, why: Exception) -> Problem:
    return Problem(
        code="cannot-adopt",
        summary="The instance cannot be taken over",
        detail=str(why),
        at=alias,
        fix="Nothing was written. sbctl instance list shows what there is.",
    )
