"""`sbctl config`: check the files without calling AWS, and write their JSON schema for editors."""

from __future__ import annotations

from pathlib import Path

import click

from sbctl.app import App
from sbctl.commands.ending import ending
from sbctl.commands.listing import Listing
from sbctl.commands.run import command
from sbctl.core.report import Report
from sbctl.desired.schema import schemas, write_schemas
from sbctl.ui.views import ConfigChecked

EPILOG = ending(
    """
    sbctl config check
    sbctl config schema > regions.schema.json
    sbctl config schema --write           both files, into config/schema/
    """,
    "0 done, 2 the config has problems (all are shown, with file and line)",
)


@click.group(cls=Listing, epilog=EPILOG)
def config() -> None:
    """Check the config, or write its JSON schema."""


@config.command("check", epilog=EPILOG)
@command("config check")
def check(app: App) -> Report:
    """Read the config, the rules, the flows and the Lambda sources, and show every problem. Calls nothing."""
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


@config.command("schema", epilog=EPILOG)
@click.option("--write", is_flag=True, help="Write both schemas into the config folder instead of printing one.")
@click.option("--rules", is_flag=True, help="Print the schema of failover-rules.json.")
@command("config schema")
def schema(app: App, write: bool, rules: bool) -> Report:
    """The JSON schema of regions.json (or failover-rules.json), for completion in editors."""
    if write:
        written = write_schemas(Path(app.settings.config) / "schema", tuple(app.kinds.values()))
        return Report(command="config schema", data={"written": [str(path) for path in written]})
    regions, failover = schemas(tuple(app.kinds.values()))
    return Report(command="config schema", data=failover if rules else regions, view=failover if rules else regions)
