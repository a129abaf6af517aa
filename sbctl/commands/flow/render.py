"""`sbctl flow render`: a flow as a region gets it. Calls nothing."""

from __future__ import annotations

from typing import Any

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.cli.scope import known_region
from sbctl.commands.flow.chosen import chosen_flow
from sbctl.core.address import Ref
from sbctl.core.kinds.values import Lookup, resolve, to_json
from sbctl.core.report import Report
from sbctl.flows.names.render import render as render_flow
from sbctl.flows.pictures.compose import picture_of
from sbctl.flows.pictures.outline import outline
from sbctl.ui.flow_views import FlowDrawn


@click.command(
    "render", epilog=epilog_of("sbctl flow render SalesInbound --region us-west-2", "0 done, 2 no such flow or region")
)
@click.argument("name", shell_complete=completions.flows)
@click.option("--region", shell_complete=completions.regions, help="Region to render for. [default: the primary]")
@click.option("--draw", is_flag=True, help="Draw the blocks as an outline instead of JSON.")
@command("flow render")
def render(app: App, name: str, region: str | None, draw: bool) -> Report:
    """Print a flow as a region gets it. Known IDs are filled in from the state."""
    from sbctl.desired.load import load_regions  # which reads all that a config may hold

    document = chosen_flow(app, name)
    project = load_regions(app.settings.config)
    chosen = project.region(known_region(project, region, "--region")) if region else project.primary
    if draw:
        picture = picture_of(document.content)
        data = {"flow": document.name, "lines": [[row.level, row.bare()] for row in outline(picture)]}
        return Report(command="flow render", data=data, view=FlowDrawn(document.name, document.at, picture))
    content = to_json(resolve(render_flow(document, chosen), _known(app)))
    data = {"flow": document.name, "region": chosen.region, "content": content}
    return Report(command="flow render", data=data, view=content)


def _known(app: App) -> Lookup:
    """What the state knows. An address stands for what is not deployed, and for all where the state is in S3: nothing is called."""
    from sbctl.core.place import SharedPlace

    records = {} if isinstance(app.place, SharedPlace) else app.store.load().records

    def look(ref: Ref) -> Any:
        record = records.get(str(ref.address))
        known = {} if record is None else {**record.ids, **record.outputs}
        return known.get(ref.output, str(ref))

    return look
