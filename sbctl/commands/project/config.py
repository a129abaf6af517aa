"""`sbctl config`: check the files without calling AWS, and write their JSON schema for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sbctl.app import App
from sbctl.cli.epilog import epilog_of
from sbctl.cli.listing import Listing
from sbctl.cli.run import command
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.core.text.alike import did_you_mean
from sbctl.desired.config.schema import schemas, write_schemas
from sbctl.ui.views import ConfigChecked

EPILOG = epilog_of(
    """
    sbctl config check
    sbctl config schema > regions.schema.json
    sbctl config schema --write           both files, into config/schema/
    """,
    "0 done, 2 the config has problems (all are shown, with file and line)",
)

SCHEMA_ENDING = epilog_of(
    """
    sbctl config schema > regions.schema.json
    sbctl config schema --rules > failover-rules.schema.json
    sbctl config schema --write           both files, into config/schema/
    sbctl config schema data failover     what --output json holds in `data`
    """,
    "0 done, 2 usage",
)


@click.group(cls=Listing, epilog=EPILOG)
def config() -> None:
    """Check the config, or write its JSON schema."""


@config.command("check", epilog=EPILOG)
@command("config check")
def check(app: App) -> Report:
    """Check config, rules, flows and Lambda sources. Shows every problem at once; calls nothing."""
    loaded = app.loaded
    counts: dict[str, int] = {}
    for item in loaded.desired:
        counts[item.address.kind] = counts.get(item.address.kind, 0) + 1
    data = {
        "project": loaded.project.name,
        "account": loaded.project.account,
        "regions": [region.region for region in loaded.project.by_priority],
        "resources": counts,
        "digest": loaded.digest,
    }
    view = ConfigChecked(loaded.project, counts)
    return Report(command="config check", data=data, problems=loaded.notes, view=view)


@config.command("schema", epilog=SCHEMA_ENDING)
@click.argument("what", required=False, type=click.Choice(["data"]), metavar="[data]")
@click.argument("named", nargs=-1, metavar="[COMMAND]")
@click.option("--write", is_flag=True, help="Write both schemas into the config folder.")
@click.option("--rules", is_flag=True, help="Print the schema of failover-rules.json.")
@command("config schema")
def schema(app: App, what: str | None, named: tuple[str, ...], write: bool, rules: bool) -> Report:
    """Print the JSON schema of the config, or of JSON output.

    Without arguments, the schema of regions.json. With data, that of a COMMAND's `data` in JSON, or of all commands'.
    """
    if what:
        if write or rules:
            option = "--write" if write else "--rules"
            raise SbctlError(_usage(option, "The schemas of data are printed, one or all.", "sbctl config schema data"))
        found = _of_data(" ".join(named))
        return Report(command="config schema", data=found, view=found)
    if write:
        written = write_schemas(Path(app.settings.config) / "schema", tuple(app.kinds.values()))
        return Report(command="config schema", data={"written": [str(path) for path in written]})
    regions, failover = schemas(tuple(app.kinds.values()))
    return Report(command="config schema", data=failover if rules else regions, view=failover if rules else regions)


def _of_data(name: str) -> dict[str, Any]:
    """The schema of one command's data; of all by command, for "". Raises SbctlError for one that has none."""
    from sbctl.commands.data.schema import DATA, data_schema, entry  # building schemas is slow

    if not name:
        return {one: data_schema(one) for one in DATA}
    if entry(name) not in DATA:
        detail = f"{name!r} is none of {', '.join(DATA)}"
        raise SbctlError(_usage("COMMAND", detail, did_you_mean(name, DATA, "Name one of them, or none for all.")))
    return data_schema(name)


def _usage(at: str, detail: str, fix: str) -> Problem:
    return Problem(code="usage", summary="There is no such schema", detail=detail, at=at, fix=fix, exit=Exit.USAGE)
