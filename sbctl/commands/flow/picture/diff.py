"""`sbctl flow diff`: what callers notice of the difference between two contents of a flow."""

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
    sbctl flow diff Sales                           published to file
    sbctl flow diff Sales --from git:HEAD~1 --to file
    sbctl flow diff Sales --from published --to draft
    sbctl flow diff Sales --to region:us-west-2 --out sales.html
    """,
    "0 done, 1 the file cannot be written, 2 no such flow or side, 3 calls differ (with --exit-code),"
    " 9 credentials or permission",
)


@click.command("diff", epilog=EPILOG)
@click.argument("name", shell_complete=completions.flows)
@click.option("--from", "source", default="published", metavar="SIDE", help="Older side. [default: published]")
@click.option("--to", "target", default="file", metavar="SIDE", help="Newer side. [default: file]")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write: .svg, .html, .mmd, .txt.")
@click.option("--exit-code", "exit_code", is_flag=True, help="Exit with 3 if calls differ.")
@command("flow diff", FORMATS)
def diff(app: App, name: str, source: str, target: str, out: Path | None, exit_code: bool) -> Report:
    """Compare two versions of a flow as callers notice it.

    A SIDE is file, git:REV, region:R, draft, published, or a path. draft:R
    and published:R name a region; without it the primary counts. Formats of
    -o are text, mermaid, svg, html and json.
    """
    from sbctl.commands.flow.picture.comparing import sides_compared  # which other commands of flows do without

    return sides_compared(app, name, (source, target), out, exit_code=exit_code)
