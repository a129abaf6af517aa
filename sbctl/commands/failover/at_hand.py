"""The tools at hand here, for lines that people type: the AWS CLI, curl and dig, as they reach the world of this run."""

from __future__ import annotations

from sbctl.app import App
from sbctl.cli.aws_line import aws_of
from sbctl.commands.kit.find import KitFound
from sbctl.core.place import SharedPlace
from sbctl.core.problem import SbctlError
from sbctl.failover.guidance.tools import RunbookTools


def tools_of(app: App, found: KitFound) -> RunbookTools:
    """The tools of this run. With --kit, every line of sbctl names it already."""
    shared = isinstance(app.place, SharedPlace)
    return RunbookTools(
        aws=aws_of(app),
        endpoint=app.http.through or "",
        resolver=app.resolver,
        kit=found.at if found.origin in ("state", "cache") else "",
        state="" if shared else str(app.state),
        serial=_newest(app),
    )


def _newest(app: App) -> int | None:
    """The newest generation of the state that can be read; nothing where the state cannot be reached."""
    try:
        found = app.store.history.newest_sound()
    except (SbctlError, OSError):
        return None
    return found.serial if found else None
