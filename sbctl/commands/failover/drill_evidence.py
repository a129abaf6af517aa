"""Where a drill is played, by whom, with what and on which clock: what an audit asks of its page."""

from __future__ import annotations

import hashlib
import socket
from typing import Any

from sbctl import __version__
from sbctl.app import App
from sbctl.commands.failover.inputs import operator
from sbctl.core.project_files import REGIONS_FILE
from sbctl.failover.kit.kit import Kit
from sbctl.files.regular import read_regular

FILES = (REGIONS_FILE, "failover-rules.json")
SHOWN_DIGITS = 4
"""Of an account's number; the others are masked, since pages are passed on."""


def evidence_of(app: App, kit: Kit) -> dict[str, Any]:
    """JSON values. What cannot be had is null, and never a guess."""
    endpoint = app.endpoint_name_in(kit.primary.region)
    return {
        "where": {
            "endpoint": endpoint,
            "account": masked(kit.account),
            "project": kit.project,
            "domain": kit.public_name,
        },
        "who": {"operator": operator(), "host": socket.gethostname(), "caller": _caller(app)},
        "sbctl": __version__,
        "config_digest": _digest(app),
        "kit_serial": kit.serial,
        "kit_made_at": kit.made_at.isoformat(),
        "clock": _clock(app, endpoint),
    }


def masked(account: str) -> str:
    """An account of which the last digits are shown."""
    return "*" * max(0, len(account) - SHOWN_DIGITS) + account[-SHOWN_DIGITS:]


def _caller(app: App) -> str | None:
    """The caller's ARN, as STS told it when the caller was checked; its account is masked."""
    arn = app.actor.caller
    number = arn.split(":")[4] if arn.count(":") >= 5 else ""
    return (arn.replace(number, masked(number)) if number else arn) or None


def _digest(app: App) -> str | None:
    """Of the config's files; None where they cannot be read, as where a kit alone is at hand."""
    found = hashlib.sha256()
    try:
        for name in FILES:
            found.update(read_regular(app.settings.config / name))
    except OSError:
        return None
    return f"sha256:{found.hexdigest()}"


def _clock(app: App, endpoint: str) -> dict[str, Any]:
    """The one clock of which all times of a drill are."""
    name = "the sandbox's clock" if endpoint == "sandbox" else "real time"
    return {"name": name, "speed": app.sandbox_speed(), "begun_at": app.world.now().isoformat()}
