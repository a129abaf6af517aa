"""What `flow diff` prints and writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sbctl.app import App
from sbctl.commands.flow.picture.formats import format_for
from sbctl.commands.flow.picture.found import is_path
from sbctl.commands.flow.picture.pictured import document, picture_data, too_much_for_mermaid, write_picture
from sbctl.commands.flow.picture.sides import Side, side_of
from sbctl.core.kinds.values import to_json
from sbctl.core.problem import Exit
from sbctl.core.report import Report
from sbctl.flows.comparing.changes import BlockChange, compared, parts_text
from sbctl.flows.comparing.picture import compared_picture
from sbctl.flows.pictures.picture import Picture
from sbctl.ui.flow_views import FlowCompared
from sbctl.ui.views import Pairs, Text

SAME = "Both do the same."
LAYOUT_ALONE = "Both do the same. Layout, notes or blocks out of reach differ."


def sides_compared(app: App, name: str, sides: tuple[str, str], out: Path | None, *, exit_code: bool) -> Report:
    """The report of the command, for the older and the newer side. Raises SbctlError."""
    before, after = (side_of(app, name, side) for side in sides)
    title = next((side.flow for side in (after, before) if not is_path(side.said)), after.flow)
    comparison = compared(before.content, after.content)
    picture = compared_picture(before.content, after.content, comparison)
    note = "" if comparison.changes else SAME if before.content == after.content else LAYOUT_ALONE
    data = {**_data(title, before, after, comparison.changes, note), **picture_data(picture)}
    finding = Exit.DIFFERENCES if exit_code and comparison.changes else Exit.DONE
    chosen = format_for(app.settings.output, out)
    if out is None and (chosen == "text" or app.settings.output == "json"):
        shown = FlowCompared(title, before.at, after.at, comparison.changes, picture, note)
        return Report(command="flow diff", data=data, view=shown, finding=finding)
    text = document(chosen, picture, title, lambda: _page(title, before, after, comparison.changes, picture, note))
    view: Text | Pairs = Text(text.rstrip("\n"))
    if out is not None:
        write_picture(out, text)
        data["written"], view = str(out), Pairs("Written", ((str(out), chosen),))
    notes = too_much_for_mermaid(chosen, picture, text)
    return Report(command="flow diff", data=data, problems=notes, view=view, finding=finding)


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
    from sbctl.ui.page.flow import flow_page  # templates take a moment to load

    return flow_page(name, f"{before.at} → {after.at}", picture, rows, note)
