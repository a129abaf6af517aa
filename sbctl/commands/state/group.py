"""`sbctl state`: what sbctl knows of what it made. Reads take no lock and change nothing."""

from __future__ import annotations

from fnmatch import fnmatchcase

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.epilog import epilog_of
from sbctl.cli.listing import Listing
from sbctl.cli.nouns import noun
from sbctl.cli.run import command
from sbctl.commands.state.history import history, restore_generation
from sbctl.commands.state.move import move_state
from sbctl.commands.state.rebuild import rebuild_state
from sbctl.commands.state.records import forget_records, rename_record
from sbctl.core.address import Address
from sbctl.core.problem import Exit, Problem
from sbctl.core.report import Report
from sbctl.core.state import Record
from sbctl.core.text.alike import did_you_mean
from sbctl.ui.views import Records, Text

EPILOG = epilog_of(
    """
    sbctl state list queue
    sbctl state list '*.us-west-2.*'
    sbctl state show connect_queue.us-west-2.support
    sbctl state history
    sbctl state restore 41
    sbctl state rebuild
    """,
    "0 done, 1 the state is damaged, 2 no such address or generation, 5 locked by a living run",
)
UNLOCK = epilog_of(
    """
    sbctl state unlock
    sbctl state unlock --force            the holder hangs, and cannot be ended
    """,
    "0 done, 5 the holder lives",
)


@click.group(cls=Listing, epilog=EPILOG)
def state() -> None:
    """Show, move, restore or unlock the state."""


state.add_command(history)
state.add_command(restore_generation)
state.add_command(rebuild_state)
state.add_command(move_state)
state.add_command(forget_records)
state.add_command(rename_record)


@state.command("list", epilog=EPILOG)
@click.argument("pattern", default="*", shell_complete=completions.addresses)
@command("state list")
def list_records(app: App, pattern: str) -> Report:
    """List recorded addresses. PATTERN is a kind, the beginning of an address, or one with wildcards."""
    now = app.store.load()
    chosen = [record for _, record in sorted(now.records.items()) if _matches(record, pattern.lower())]
    rows = [
        {"address": r.address, "status": r.status, "origin": r.origin, "id": r.ids.get("id", r.ids.get("name", ""))}
        for r in chosen
    ]
    data = {"lineage": now.lineage, "serial": now.serial, "read_at": app.store.read_at, "records": rows}
    return Report(command="state list", data=data, view=Records(tuple(chosen), now))


def _matches(record: Record, pattern: str) -> bool:
    """`queue`, `connect_queue`, `connect_queue.us-west-2` and `*.us-west-2.*` all mean what they seem to mean."""
    address = record.address
    return fnmatchcase(address, pattern) or address.startswith(f"{pattern}.") or noun(record.at.kind) == pattern


@state.command("show", epilog=EPILOG)
@click.argument("address", shell_complete=completions.addresses)
@command("state show")
def show(app: App, address: str) -> Report:
    """Show the record of ADDRESS, with the last applied values."""
    try:
        record = app.store.load().get(Address.parse(address))
    except ValueError as error:
        return Report(command="state show", problems=(_unknown(app, address, str(error)),))
    if record is None:
        return Report(command="state show", problems=(_unknown(app, address, "it is not in the state"),))
    return Report(command="state show", data=record.model_dump(mode="json"), view=record)


@state.command("unlock", epilog=UNLOCK)
@click.option("--force", is_flag=True, help="Break a live lock. Its holder fails on its next write.")
@command("state unlock")
def unlock(app: App, force: bool) -> Report:
    """Release a lock left by a dead run. A living run is named and keeps it."""
    freed = app.store.unlock(force=force)
    text = "What was left of a run is taken away; the state is free." if freed else "Nobody holds the state."
    return Report(command="state unlock", data={"freed": freed}, view=Text(text))


def _unknown(app: App, address: str, detail: str) -> Problem:
    return Problem(
        code="unknown-address",
        summary="The state has no such address",
        detail=f"{address}: {detail}",
        at=app.store.where,
        fix=did_you_mean(address.lower(), app.store.load().records, "sbctl state list shows what there is."),
        exit=Exit.USAGE,
    )
