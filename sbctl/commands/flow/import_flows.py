"""`sbctl flow import`: exports of other centres as flows of this project. All of them are written, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.commands.flow.import_around import Surroundings
from sbctl.commands.flow.import_config import Config, added
from sbctl.commands.flow.import_report import NAME, asked, told
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.engine.adoption.live_names import live_names
from sbctl.files.regular import read_regular
from sbctl.flows.importing.files import Target, new_files, targets
from sbctl.flows.importing.functions import code
from sbctl.flows.importing.imported import Around, Imported, imported
from sbctl.flows.names.map_file import read_map
from sbctl.flows.names.words import unused
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.flows.reading.load import misnamed
from sbctl.flows.reading.read import named_twice, read_flows
from sbctl.store.files.atomic import write_atomic
from sbctl.store.files.new_files import write_new

EPILOG = epilog_of(
    """
    sbctl flow import exports/*.json --dry-run
    sbctl flow import exports --instance acme-prod --region us-east-1
    sbctl flow import exports --map names.json
    """,
    "0 done, 2 something has no name here, 7 a file is in the way, 9 credentials or permission",
)


@click.command("import", epilog=EPILOG)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--instance", metavar="ALIAS", help="Alias or ID of an instance to ask for names.")
@click.option("--region", metavar="REGION", shell_complete=completions.regions, help="Region of the instance.")
@click.option(
    "--map",
    "map_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="JSON of ID or ARN to placeholder.",
)
@click.option("--dry-run", "dry_run", is_flag=True, help="Show the result and write nothing.")
@command(NAME)
def import_flows(
    app: App, paths: tuple[str, ...], instance: str | None, region: str | None, map_file: Path | None, dry_run: bool
) -> Report:
    """Import exported flows into the project.

    Reads files, folders, patterns and - (standard input). IDs and ARNs become placeholders by the map, by the flows imported
    together, by the instance, and by the names in the export. Missing functions become stubs.
    """
    if bool(instance) != bool(region):
        raise SbctlError(_half_an_instance())
    project = Surroundings.of(app)
    files, problems = read_flows(paths, flows_folder=project.folder)
    broken = [one for one in problems if one.exit != Exit.DONE]
    if broken:
        raise SbctlError(*problems)
    mapped = read_map(map_file)
    around = Around(
        mapped=mapped,
        function_name=project.function_name,
        home=project.home,
        account=project.account,
        there=frozenset(Path(one.file).resolve() for one in project.flows),
    )
    flows = imported(files, around)
    if instance and region:
        aws = app.clients.standard.read_only
        words = {one.kind for flow in flows for one in flow.unresolved}
        live = live_names(app.kinds, aws, region, instance, words, app.listen) if words else {}
        flows = imported(files, replace(around, live=live))
    _refuse_misnamed(flows)
    unresolved = [one for flow in flows for one in flow.unresolved]
    if unresolved:
        return asked(flows, unresolved, dry_run=dry_run)
    found = targets(flows, project.folder, project.flows)
    config = added(project, flows)
    if not dry_run:
        _write(app, found, config)
    unknown = unused(mapped, (one.file.document.content for one in flows))
    return told(project, found, config, [*problems, *map(_in_no_flow, unknown)], dry_run=dry_run)


def _refuse_misnamed(flows: Sequence[Imported]) -> None:
    """Raise SbctlError for names that Amazon Connect does not take, and for two flows of one name."""
    named = [FlowFile(one.document, one.file.source) for one in flows]
    problems = [*named_twice(named), *(problem for one in named for problem in misnamed(one.document))]
    if problems:
        raise SbctlError(*problems)


def _write(app: App, found: Sequence[Target], config: Config) -> None:
    """The flows and stubs first, then the config that speaks of them. Raises SbctlError; nothing new is left then."""
    new = {**new_files(found), **{app.project_folder / path: text for path, text in code(config.stubs).items()}}
    there = [path for path in new if not path.exists()]
    write_new(new, app.project_folder, app.disk)
    rows = [(one.path, one.content) for one in found if one.state == "rewritten"]
    if config.text is not None:
        rows.append((config.path, config.text.encode()))
    before = {path: read_regular(path) for path, _ in rows}
    try:
        for path, content in rows:
            _rewrite(app, path, content)
    except BaseException:
        for path in there:
            app.disk.remove(path)
        for path, content in before.items():
            if read_regular(path) != content:
                _rewrite(app, path, content)
        raise


def _rewrite(app: App, path: Path, content: bytes) -> None:
    mode = path.stat().st_mode
    write_atomic(path, content, app.disk)
    path.chmod(mode)


def _in_no_flow(key: str) -> Problem:
    return Problem(
        code="map-unused",
        summary="An entry of the map is in no flow",
        detail=key,
        at="--map",
        fix="Correct the ID or ARN, or remove the entry.",
        exit=Exit.DONE,
    )


def _half_an_instance() -> Problem:
    return Problem(
        code="usage",
        summary="These options go together",
        detail="an instance has a region, and a region alone says nothing",
        at="--instance, --region",
        fix="Give both, or neither.",
        exit=Exit.USAGE,
    )
