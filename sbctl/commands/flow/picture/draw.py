"""`sbctl flow draw`: a picture of a flow, of the project or of any file. Calls nothing."""

from __future__ import annotations

from pathlib import Path

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.commands.flow.picture.found import flow_at
from sbctl.commands.flow.picture.pictured import FORMATS, document, format_for, picture_data, write_picture
from sbctl.core.report import Report
from sbctl.flows.pictures.compose import picture_of
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.ui.page.flow import flow_page
from sbctl.ui.views import FlowDrawn, Pairs, Text

EPILOG = epilog_of(
    """
    sbctl flow draw SalesInbound                 an outline (-o text)
    sbctl flow draw export.json -o mermaid       for Markdown pages
    sbctl flow draw SalesInbound --out sales.svg
    sbctl flow draw SalesInbound --out sales.html
    """,
    "0 done, 1 the file cannot be written, 2 no such flow, or the extra for pictures is missing",
)


@click.command("draw", epilog=EPILOG)
@click.argument("name", metavar="NAME|PATH", shell_complete=completions.flows)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write: .svg, .html, .mmd, .txt.")
@command("flow draw", FORMATS)
def draw(app: App, name: str, out: Path | None) -> Report:
    """Draw a flow as text, Mermaid, SVG or HTML. Calls nothing.

    The formats of -o are text, mermaid, svg, html and json.
    """
    file = flow_at(app, name)
    flow = file.document
    picture = picture_of(flow.content)
    data = {"flow": flow.name, "type": flow.type, "at": file.file, **picture_data(picture)}
    chosen = format_for(app.settings.output, out)
    if out is None and chosen == "text":
        return Report(command="flow draw", data=data, view=FlowDrawn(flow.name, file.file, picture))
    if out is None and app.settings.output == "json":
        return Report(command="flow draw", data=data)
    text = document(chosen, picture, flow.name, lambda: flow_page(flow.name, _about(file), picture))
    if out is None:
        return Report(command="flow draw", data=data, view=Text(text.rstrip("\n")))
    write_picture(out, text)
    data["written"] = str(out)
    return Report(command="flow draw", data=data, view=Pairs("Written", ((str(out), chosen),)))


def _about(file: FlowFile) -> str:
    return f"{file.document.type}, {file.file}"
