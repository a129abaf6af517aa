"""`sbctl state history` and `restore`: the states that are kept, and one of them in the place of the present one."""

from __future__ import annotations

from typing import Any

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.confirm import DECLINED, confirm
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.core.report import Report
from sbctl.core.text.counted import counted
from sbctl.store.state.history import Generation
from sbctl.store.state.problems import described
from sbctl.store.state.recovery import restore, sound
from sbctl.ui.views import GenerationsListed, Pairs

HISTORY = epilog_of("sbctl state history", "0 done, 1 the state's place does not answer")
RESTORE = epilog_of(
    """
    sbctl state history                   look first
    sbctl state restore 41                then: sbctl plan
    """,
    "0 done, 2 no such generation, 5 another run holds the state, 7 not confirmed",
)


@click.command("history", epilog=HISTORY)
@command("state history")
def history(app: App) -> Report:
    """List the last twenty states. With time, command, user and content of each; copies in S3 too."""
    present = sound(app.store)
    rows = [_row(generation, present.serial if present else -1) for generation in app.store.history.all()]
    copies = [{"at": copy.where, "serial": copy.serial, "trouble": copy.trouble} for copy in app.store.copies()]
    data = {"generations": rows, "copies": copies}
    return Report(command="state history", data=data, view=GenerationsListed(tuple(rows), tuple(copies)))


def _row(generation: Generation, present: int) -> dict[str, Any]:
    state = generation.state
    records = list(state.records.values()) if state else []
    writer = state.writer if state else {}
    return {
        "serial": generation.serial,
        "written_at": state.written_at.isoformat() if state and state.written_at else None,
        "command": state.written_by if state else "",
        **{name: writer.get(name, "") for name in ("by", "host", "caller", "run", "version")},
        "records": len(records),
        "created": sum(1 for record in records if record.origin == "created"),
        "adopted": sum(1 for record in records if record.origin == "adopted"),
        "bytes": generation.size,
        "present": generation.serial == present,
        "damage": generation.damage,
    }


@click.command("restore", epilog=RESTORE)
@click.argument("serial", type=click.IntRange(min=0), shell_complete=completions.generations)
@command("state restore")
def restore_generation(app: App, serial: int) -> Report:
    """Restore the state of generation SERIAL. Nothing changes in AWS, and the state before stays in the history.

    A damaged or lost state is recovered from its newest generation without loss. Run `sbctl plan` afterwards: what was
    made since an older generation is found again by its tags and names.
    """
    with app.store.held():
        found = app.store.history.find(serial)
        if found is not None and found.state is not None:
            question = f"Make serial {serial} ({described(found)}) the state?"
            if not confirm(app.settings, app.listen, question):
                return Report(command="state restore", problems=(DECLINED,))
        state = restore(app.store, serial)
    data = {"restored": serial, "lineage": state.lineage, "serial": state.serial, "records": len(state.records)}
    rows = (("restored", str(serial)), ("is now", f"serial {state.serial}, {counted(len(state.records), 'record')}"))
    return Report(command="state restore", data=data, view=Pairs("The state", (*rows, ("next", f"{app.call} plan"))))
