"""`sbctl state rebuild`: the state made anew from what AWS has, when it is lost or not to be trusted."""

from __future__ import annotations

from collections import Counter
from typing import Any

import click

from sbctl.app import App
from sbctl.cli.confirm import DECLINED, confirm
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.commands.deploy.apply_flow import check_world
from sbctl.core.address import Address
from sbctl.core.report import Report
from sbctl.core.state import State
from sbctl.core.text.counted import counted
from sbctl.engine.rebuild import Rebuilt, rebuild
from sbctl.store.state.recovery import sound, supersede
from sbctl.ui.render import show_view
from sbctl.ui.views import StateRebuilt

EPILOG = epilog_of(
    """
    sbctl state rebuild                   then: sbctl plan, which is empty
    sbctl state rebuild --dry-run         only show what would be recorded
    """,
    "0 done, 2 config, 4 a region did not answer, 5 another run holds the state, 7 refused or not confirmed,"
    " 9 credentials or permission",
)


@click.command("rebuild", epilog=EPILOG)
@click.option("--dry-run", is_flag=True, help="Show the result, and write nothing.")
@command("state rebuild")
def rebuild_state(app: App, dry_run: bool) -> Report:
    """Rebuild the state from the resources in AWS. Nothing is changed in AWS.

    Resources are found by the names in the config. The ownership tag says whether sbctl created them; others are recorded as
    adopted, and destroy leaves them alone. Records of a region without an answer stay as they are. The state before stays in
    the history.
    """
    with app.store.held():
        present = sound(app.store)
        hint = present or _newest(app)
        refused = check_world(app, hint)
        if refused:
            return Report(command="state rebuild", problems=refused)
        found = rebuild(app.session, hint)
        if dry_run:
            return _report(found, None)
        if present is not None and present.records:
            show_view(_view(found, None), app.settings.output)
            if not confirm(
                app.settings, app.listen, f"Replace the state of {counted(len(present.records), 'record')} by this?"
            ):
                return Report(command="state rebuild", problems=(*found.problems, DECLINED))
        lineage = present.lineage if present is not None else found.state.lineage
        state = found.state.model_copy(update={"lineage": lineage, "serial": hint.serial})
        return _report(found, supersede(app.store, state))


def _newest(app: App) -> State:
    """The newest generation that can be read: it still knows what was adopted."""
    generation = app.store.history.newest_sound()
    return generation.state if generation is not None and generation.state is not None else State(lineage="")


def _report(found: Rebuilt, written: State | None) -> Report:
    view = _view(found, written)
    return Report(command="state rebuild", data=dict(view.data), problems=found.problems, view=view)


def _view(found: Rebuilt, written: State | None) -> StateRebuilt:
    return StateRebuilt(_by_region(found), _data(found, written))


def _data(found: Rebuilt, written: State | None) -> dict[str, Any]:
    records = [
        {
            "address": record.address,
            "origin": record.origin,
            "evidence": found.evidence.get(record.address, "kept"),
            "id": record.ids.get("id", record.ids.get("name", "")),
        }
        for record in found.state.records.values()
    ]
    return {
        "written": written is not None,
        "lineage": written.lineage if written else "",
        "serial": written.serial if written else None,
        "records": records,
        "absent": list(found.absent),
        "kept": list(found.kept),
        "unknown": list(found.unknown),
        "summary": found.plan.summary(),
    }


def _by_region(found: Rebuilt) -> tuple[tuple[str, int, int, int, int], ...]:
    read = [record for record in found.state.records.values() if record.address in found.evidence]
    made = Counter(record.at.region for record in read if record.origin == "created")
    adopted = Counter(record.at.region for record in read if record.origin == "adopted")
    absent = Counter(Address.parse(address).region for address in found.absent)
    unread = Counter(Address.parse(address).region for address in (*found.kept, *found.unknown))
    regions = sorted({*made, *adopted, *absent, *unread})
    return tuple((name, made[name], adopted[name], absent[name], unread[name]) for name in regions)
