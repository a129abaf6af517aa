"""`sbctl state move`: the state taken to another folder, into S3, or back."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import click

from sbctl.app import App
from sbctl.cli.confirm import DECLINED, confirm
from sbctl.cli.epilog import epilog_of
from sbctl.cli.options import PLACE
from sbctl.cli.run import command
from sbctl.commands.kit.find import beside_state
from sbctl.core.place import SharedPlace
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project_files import REGIONS_FILE
from sbctl.core.report import Report
from sbctl.core.text.counted import counted
from sbctl.desired.config.edit_json import with_value
from sbctl.failover.kit.kit import FILE
from sbctl.failover.kit.publish import keep_shared
from sbctl.files.regular import read_text
from sbctl.store.files.atomic import write_atomic
from sbctl.store.named_place import FIELD, near
from sbctl.store.state.move import move
from sbctl.ui.views import Pairs

EPILOG = epilog_of(
    """
    sbctl state move --to s3://acme-state/prod
    sbctl --state s3://acme-state/prod state move --to state
    """,
    "0 done, 1 the place does not take it, 5 another run holds one of them, 7 refused or not confirmed,"
    " 9 credentials or permission",
)


@click.command("move", epilog=EPILOG)
@click.option("--to", "to", type=PLACE, required=True, help="Folder, or s3://BUCKET@REGION/PREFIX.")
@command("state move")
def move_state(app: App, to: Path | SharedPlace) -> Report:
    """Move the state, its history and its runs to another place. A note stays in the old place.

    The field "state" of regions.json then names the new place. The file stays as it is on the sandbox, and where --state or
    SBCTL_STATE named the old place. Commands that use the old place name the new one.
    """
    begun = app.store.load()
    if not confirm(app.settings, app.listen, f"Move the state ({counted(len(begun.records), 'record')}) to {to}?"):
        return Report(command="state move", problems=(DECLINED,))
    runs = app.runs.all()
    state = move(app.store, app.store_at(to), str(to))
    there = app.runs_at(to)
    there.gather(runs)
    app.notes.extend(there.finish())
    _take_kit(app, to)
    file = _name(app, to)
    data = {"from": app.store.where, "to": str(to), "serial": state.serial, "records": len(state.records)}
    rows = (("serial", str(state.serial)), ("records", str(len(state.records))), ("is kept at", str(to)))
    use = ("named in", str(file)) if file else ("from now on", f"export SBCTL_STATE={shlex.quote(str(to))}")
    return Report(
        command="state move", data={**data, "named_in": str(file or "")}, view=Pairs("The state", (*rows, use))
    )


def _name(app: App, to: Path | SharedPlace) -> Path | None:
    """Have the project's files name the new place, for every clone. None where they do not say where the state is."""
    file = app.settings.config / REGIONS_FILE
    if app.settings.sandbox or app.settings.state is not None or not file.is_file():
        return None
    try:
        place = to if isinstance(to, SharedPlace) else near(to, app.project_folder)
        write_atomic(file, with_value(read_text(file), (FIELD,), str(place)).encode(), app.disk)
    except (OSError, ValueError, KeyError, SbctlError) as error:
        app.note(_not_named(file, to, error))
        return None
    return file


def _not_named(file: Path, to: Path | SharedPlace, error: Exception) -> Problem:
    return Problem(
        code="place-not-named",
        summary="The project's files do not name the new place of the state",
        detail=str(error),
        at=str(file),
        fix=f'Write it there: "{FIELD}": {json.dumps(str(to))}',
        exit=Exit.DONE,
    )


def _take_kit(app: App, to: Path | SharedPlace) -> None:
    """Put the failover kit beside the state in its new place, where the first failover from another machine looks for it."""
    found = beside_state(app)
    if found is None:
        return
    if isinstance(to, SharedPlace):
        app.notes.extend(keep_shared(found.kit, to, app.clients.for_state()))
    elif to != app.state:
        write_atomic(to / FILE, found.kit.as_text().encode(), app.disk)
