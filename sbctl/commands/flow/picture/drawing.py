"""What `flow draw` prints and writes."""

from __future__ import annotations

from pathlib import Path

from sbctl.app import App
from sbctl.commands.flow.picture.covered import with_coverage
from sbctl.commands.flow.picture.formats import format_for
from sbctl.commands.flow.picture.found import flow_at, told_misfits
from sbctl.commands.flow.picture.pictured import document, picture_data, too_much_for_mermaid, write_picture
from sbctl.core.report import Report
from sbctl.flows.pictures.compose import picture_of
from sbctl.flows.pictures.picture import Picture
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.ui.flow_views import FlowDrawn
from sbctl.ui.views import Pairs, Text


def drawn(app: App, name: str, out: Path | None, *, covered: bool = False) -> Report:
    """The report of the command. Raises SbctlError."""
    file = flow_at(app, name)
    flow = file.document
    picture, notes = picture_of(flow.content), told_misfits(file)
    data = {"flow": flow.name, "type": flow.type, "at": file.file, **picture_data(picture)}
    if covered:
        picture, untested, more = with_coverage(app, flow.name, picture)
        data["untested"], notes = untested, (*notes, *more)
    chosen = format_for(app.settings.output, out)
    if out is None and chosen == "text":
        return Report(command="flow draw", data=data, problems=notes, view=FlowDrawn(flow.name, file.file, picture))
    if out is None and app.settings.output == "json":
        return Report(command="flow draw", data=data, problems=notes)
    text = document(chosen, picture, flow.name, lambda: _page(file, picture))
    notes += too_much_for_mermaid(chosen, picture, text)
    if out is None:
        return Report(command="flow draw", data=data, problems=notes, view=Text(text.rstrip("\n")))
    write_picture(out, text)
    data["written"] = str(out)
    return Report(command="flow draw", data=data, problems=notes, view=Pairs("Written", ((str(out), chosen),)))


def _page(file: FlowFile, picture: Picture) -> str:
    from sbctl.ui.page.flow import flow_page  # templates take a moment to load

    return flow_page(file.document.name, f"{file.document.type}, {file.file}", picture)
