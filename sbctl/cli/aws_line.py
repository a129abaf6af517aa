"""What a line of the AWS CLI begins with, as it reaches the world of this run."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from sbctl.failover.guidance.tools import RunbookTools

if TYPE_CHECKING:
    from sbctl.app import App

KEYS = "AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox "
"""The sandbox takes any key; without one the AWS CLI sends nothing."""


def looks_of(app: App) -> RunbookTools:
    """The lines of curl and dig, as they reach the world of this run."""
    return RunbookTools(endpoint=app.http.through or "", resolver=app.resolver)


def aws_of(app: App) -> str:
    """What a line of the AWS CLI begins with."""
    options = (
        [] if app.settings.endpoint_url is None and not app.settings.sandbox else ["--endpoint-url", str(app.endpoint)]
    )
    options += ["--profile", app.profile] if app.settings.profile and app.profile else []
    return (KEYS if app.settings.sandbox else "") + shlex.join(["aws", *options])
