"""The tools at hand here, for lines that people type: the AWS CLI, curl and dig, as they reach the world of this run."""

from __future__ import annotations

import shlex

from sbctl.app import App
from sbctl.commands.failover.kits import KitFound
from sbctl.core.problem import SbctlError
from sbctl.failover.guidance.tools import Tools
from sbctl.store.place import SharedPlace

KEYS = "AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox "
"""The sandbox takes any; without any the AWS CLI asks nobody."""


def tools_of(app: App, found: KitFound) -> Tools:
    """The tools of this run. With --kit, every line of sbctl names it already."""
    shared = isinstance(app.settings.state, SharedPlace)
    return Tools(
        aws=aws_of(app),
        endpoint=app.http.through or "",
        resolver=app.resolver,
        kit=found.at if found.origin in ("state", "cache") else "",
        state="" if shared else str(app.state),
        serial=_newest(app),
    )


def aws_of(app: App) -> str:
    """What a line of the AWS CLI begins with."""
    options = (
        [] if app.settings.endpoint_url is None and not app.settings.sandbox else ["--endpoint-url", str(app.endpoint)]
    )
    options += ["--profile", app.profile] if app.settings.profile and app.profile else []
    return (KEYS if app.settings.sandbox else "") + shlex.join(["aws", *options])


def _newest(app: App) -> int | None:
    """The newest generation of the state that can be read; nothing where the state cannot be reached."""
    try:
        found = app.store.history.newest_sound()
    except (SbctlError, OSError):
        return None
    return found.serial if found else None
