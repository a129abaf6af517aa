"""`sbctl flow diff`: what callers notice of the difference between two contents of a flow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.commands.flow.picture.pictured import FORMATS, document, format_for, picture_data, write_picture
from sbctl.commands.flow.picture.sides import Side, side_of
from sbctl.core.kinds.values import to_json
from sbctl.core.problem import Exit
from sbctl.core.report import Report
from sbctl.flows.comparing.changes import BlockChange, compared, parts_text
from sbctl.flows.comparing.picture import compared_picture
from sbctl.flows.pictures.picture import Picture
from sbctl.ui.page.flow import flow_page
from sbctl.ui.views import FlowCompared, Pairs, Text

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
SAME = "Both do the same."
LAYOUT_ALONE = "Both do the same. Layout, notes or blocks out of reach differ."


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
    before, after = side_of(app, name, source), side_of(app, name, target)
    title = after.flow
    comparison = compared(before.content, after.content)
    picture = compared_picture(before.content, after.content, comparison)
    note = "" if comparison.changes else SAME if before.content == after.content else LAYOUT_ALONE
    data = {**_data(title, before, after, comparison.changes, note), **picture_data(picture)}
    finding = Exit.DIFFERENCES if exit_code and comparison.changes else Exit.DONE
    chosen = format_for(app.settings.output, out)
    if out is None and (chosen == "text" or app.settings.output == "json"):
        view = FlowCompared(title, before.at, after.at, comparison.changes, picture, note)
        return Report(command="flow diff", data=data, view=view, finding=finding)
    text = document(chosen, picture, title, lambda: _page(title, before, after, comparison.changes, picture, note))
    if out is None:
        return Report(command="flow diff", data=data, view=Text(text.rstrip("\n")), finding=finding)
    write_picture(out, text)
    data["written"] = str(out)
    return Report(command="flow diff", data=data, view=Pairs("Written", ((str(out), chosen),)), finding=finding)


def _data(name: str, before: Side, after: Side, changes: tuple[BlockChange, ...], note: str) -> dict[str, Any]:
    return {
        "flow": name,
        "from": {"side": before.said, "at": before.at},
        "to": {"side": after.said, "at": after.at},
        "same": not changes,
        "layout_differs": note == LAYOUT_ALONE,
        "changes": [
            {
                "block": change.block,
                "name": change.name,
                "change": change.change,
                "before": to_json(change.before),
                "after": to_json(change.after),
                "notice": change.notice,
            }
            for change in changes
        ],
    }


def _page(name: str, before: Side, after: Side, changes: tuple[BlockChange, ...], picture: Picture, note: str) -> str:
    rows = [
        {
            "name": change.name,
            "change": change.change,
            "before": parts_text(change.before),
            "after": parts_text(change.after),
            "notice": change.notice,
        }
        for change in changes
    ]
    return flow_page(name, f"{before.at} → {after.at}", picture, rows, note)
