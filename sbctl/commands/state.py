"""`sbctl state`: what sbctl knows of what it made. Reads take no lock and change nothing."""

from __future__ import annotations

from fnmatch import fnmatchcase

import click

from sbctl.app import App
from sbctl.commands.run import command
from sbctl.core.address import Address
from sbctl.core.problem import Exit, Problem
from sbctl.core.report import Report
from sbctl.ui.views import Records

EPILOG = """\b
Examples:
  sbctl state list 'connect_queue.*'
  sbctl state show connect_queue.us-west-2.support
  sbctl state unlock
"""


@click.group(epilog=EPILOG)
def state() -> None:
    """Look at the state, or free its lock."""


@state.command("list", epilog="Exit codes: 0 done, 1 the state is damaged.")
@click.argument("pattern", default="*")
@command("state list")
def list_records(app: App, pattern: str) -> Report:
    """The recorded addresses that match PATTERN (default: all)."""
    now = app.store.load()
    chosen = [record for name, record in sorted(now.records.items()) if fnmatchcase(name, pattern.lower())]
    rows = [
        {"address": r.address, "status": r.status, "origin": r.origin, "id": r.ids.get("id", r.ids.get("name", ""))}
        for r in chosen
    ]
    data = {"lineage": now.lineage, "serial": now.serial, "records": rows}
    return Report(command="state list", data=data, view=Records(tuple(chosen), now))


@state.command("show", epilog="Exit codes: 0 done, 2 no such address.")
@click.argument("address")
@command("state show")
def show(app: App, address: str) -> Report:
    """Everything recorded of one ADDRESS, last applied values included."""
    try:
        record = app.store.load().get(Address.parse(address))
    except ValueError as error:
        return Report(command="state show", problems=(_unknown(address, str(error)),))
    if record is None:
        return Report(command="state show", problems=(_unknown(address, "it is not in the state"),))
    return Report(command="state show", data=record.model_dump(mode="json"), view=record)


@state.command("unlock", epilog="Exit codes: 0 unlocked or was free, 5 the holder is alive.")
@command("state unlock")
def unlock(app: App) -> Report:
    """Free a lock whose holder is dead. A living holder is named and keeps it."""
    return Report(command="state unlock", data={"freed": app.store.unlock()})


def _unknown(address: str, detail: str) -> Problem:
    return Problem(
        code="unknown-address",
        summary="The state has no such address",
        detail=f"{address}: {detail}",
        fix="sbctl state list shows what there is.",
        exit=Exit.USAGE,
    )
