"""`sbctl flow draw`: a picture of a flow, of the project or of any file. Calls nothing."""

from __future__ import annotations

from pathlib import Path

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.commands.flow.picture.formats import FORMATS
from sbctl.core.report import Report

EPILOG = epilog_of(
    """
    sbctl flow draw SalesInbound                 an outline (-o text)
    sbctl flow draw export.json -o mermaid       for Markdown pages
    sbctl flow draw SalesInbound --out sales.svg
    sbctl flow draw SalesInbound --out sales.html
    sbctl flow draw SalesInbound --coverage      what no flow test passed
    """,
    "0 done, 1 the file cannot be written, 2 no such flow, or the extra for pictures is missing",
)


@click.command("draw", epilog=EPILOG)
@click.argument("name", metavar="NAME|PATH", shell_complete=completions.flows)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write: .svg, .html, .mmd, .txt.")
@click.option("--coverage", "covered", is_flag=True, help="Mark what the last flow tests did not pass.")
@command("flow draw", FORMATS)
def draw(app: App, name: str, out: Path | None, covered: bool) -> Report:
    """Draw a flow as text, Mermaid, SVG or HTML. Calls nothing.

    The formats of -o are text, mermaid, svg, html and json.
    """
    from sbctl.commands.flow.picture.drawing import drawn  # which other commands of flows do without

    return drawn(app, name, out, covered=covered)
