"""`sbctl sandbox`: the local AWS. The only command that knows it; needs the extra `sandbox`."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from sbctl.app import App
from sbctl.commands.ending import ending
from sbctl.commands.run import command
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.ui.views import Pairs, Text

FOLDER = "sandbox"
SPEED = 10.0
"""Of a sandbox that --sandbox starts: an instance that AWS makes in a minute is there in seconds."""
EPILOG = ending(
    """
    sbctl sandbox up
    eval "$(sbctl sandbox env)"           then any AWS client talks to it
    aws connect list-instances --region us-east-1
    sbctl sandbox down
    """,
    "0 done, 1 it could not be started, 2 the extra `sandbox` is not installed",
)


@click.group(epilog=EPILOG)
def sandbox() -> None:
    """The local AWS: a server on 127.0.0.1 that any AWS client can talk to."""


def ensure_running(folder: Path, config: Path) -> str:
    """The endpoint of the sandbox that belongs to a state folder; started when none runs."""
    note: dict[str, Any] = _up(folder, speed=SPEED, **_world_of(config))
    return str(note["endpoint"])


def _world_of(config: Path) -> dict[str, str]:
    """The account and the hosted zone that a config takes for granted. The config may still be wrong or missing."""
    try:
        found = json.loads((config / "regions.json").read_text(encoding="utf-8"))
        account, domain = str(found.get("account", "")), str(found.get("domain", ""))
    except (OSError, ValueError, AttributeError):
        account, domain = "", ""
    return {"account": account if re.fullmatch(r"[0-9]{12}", account) else "", "zone": domain or "example.com"}


@sandbox.command("up", epilog=EPILOG)
@click.option("--port", type=int, default=0, help="Port on 127.0.0.1. [default: a free one]")
@click.option(
    "--speed", type=click.FloatRange(min=0.1), default=SPEED, show_default=True, help="How fast its clock runs."
)
@click.option("--no-limits", is_flag=True, help="Without AWS's rate limits.")
@command("sandbox up")
def up(app: App, port: int, speed: float, no_limits: bool) -> Report:
    """Start it, or say where it runs."""
    return _report(
        "sandbox up", _up(_folder(app), port=port, speed=speed, limits=not no_limits, **_world_of(app.settings.config))
    )


@sandbox.command("down", epilog=EPILOG)
@command("sandbox down")
def down(app: App) -> Report:
    """Stop it. Everything in it is gone."""
    stopped = _lifecycle().down(_folder(app))
    return Report(
        command="sandbox down", data={"stopped": stopped}, view=Pairs("", (("stopped", str(stopped).lower()),))
    )


@sandbox.command("status", epilog=EPILOG)
@command("sandbox status")
def status(app: App) -> Report:
    """Whether it runs, where, and how its clock and limits are set."""
    return _report("sandbox status", _needed(app))


@sandbox.command("env", epilog=EPILOG)
@command("sandbox env")
def env(app: App) -> Report:
    """Shell lines that make any AWS client talk to it."""
    variables = {
        "AWS_ENDPOINT_URL": str(_needed(app)["endpoint"]),
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    text = "\n".join(f"export {name}={value}" for name, value in variables.items())
    return Report(command="sandbox env", data=variables, view=Text(text))


@sandbox.command("reset", epilog=EPILOG)
@command("sandbox reset")
def reset(app: App) -> Report:
    """Make it an empty account again."""
    return Report(command="sandbox reset", data=_lifecycle().request(_needed(app), "POST", "reset"))


def _folder(app: App) -> Path:
    return app.settings.state / FOLDER


def _lifecycle() -> Any:
    missing = [name for name in ("moto", "cheroot", "regex") if find_spec(name) is None]
    if missing:
        raise SbctlError(
            Problem(
                code="no-sandbox",
                summary="The sandbox is not installed",
                detail=f"missing: {', '.join(missing)}",
                fix="pip install 'sbctl[sandbox]'",
                exit=Exit.USAGE,
            )
        )
    from sbctl.sandbox import lifecycle

    return lifecycle


def _up(folder: Path, **options: Any) -> dict[str, Any]:
    lifecycle = _lifecycle()
    try:
        note: dict[str, Any] = lifecycle.up(folder, **options)
    except lifecycle.SandboxError as error:
        raise SbctlError(
            Problem(code="sandbox-failed", summary="The sandbox did not start", detail=str(error))
        ) from error
    return note


def _needed(app: App) -> dict[str, Any]:
    note: dict[str, Any] | None = _lifecycle().running(_folder(app))
    if note is None:
        raise SbctlError(Problem(code="sandbox-down", summary="No sandbox runs here", fix="sbctl sandbox up"))
    return note


def _report(name: str, note: dict[str, Any]) -> Report:
    rows = tuple(
        (key, str(note[key])) for key in ("endpoint", "pid", "account", "time", "speed", "limits") if key in note
    )
    return Report(command=name, data=note, view=Pairs("Sandbox", rows))
