"""`sbctl sandbox`: the local AWS; needs the extra `sandbox`."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from sbctl.app import App
from sbctl.cli.epilog import epilog_of
from sbctl.cli.listing import Listing
from sbctl.cli.run import command
from sbctl.commands.sandbox.advance import advance
from sbctl.commands.sandbox.agents import agents
from sbctl.commands.sandbox.call import call
from sbctl.commands.sandbox.callers import callers
from sbctl.commands.sandbox.control import folder, needed, request_to, running
from sbctl.commands.sandbox.faults import fault, heal
from sbctl.core.problem import Exit, Problem
from sbctl.core.report import Report
from sbctl.local_sandbox import start, still_called, stop, world_of
from sbctl.ui.views import Pairs, Text, WorldShown

EPILOG = epilog_of(
    """
    sbctl sandbox up
    eval "$(sbctl sandbox env)"           then any AWS client talks to it
    aws connect list-instances --region us-east-1
    sbctl sandbox up --data world         whose state survives down and up
    sbctl sandbox down
    """,
    "0 done, 1 it could not be started, 2 the extra `sandbox` is not installed",
)

RESET = epilog_of(
    "sbctl sandbox reset",
    "0 done, 1 no sandbox runs or it refused, 2 the extra `sandbox` is not installed",
)

FOR_AWS = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_REGION",
    "AWS_CA_BUNDLE",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
)
"""Variables that are meant for AWS, and that would keep a client from the sandbox."""


@click.group(cls=Listing, epilog=EPILOG)
def sandbox() -> None:
    """Run a local AWS: up, down, faults, time, calls. A server on 127.0.0.1 for any AWS client."""


for _part in (fault, heal, advance, call, callers, agents):
    sandbox.add_command(_part)


@sandbox.command("up", epilog=EPILOG)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on 127.0.0.1. [default: a free one]")
@click.option(
    "--dns-port", type=click.IntRange(0, 65535), default=0, help="Port of the name server. [default: a free one]"
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0),
    help="Clock speed; 0 steps from wait to wait. [default: 10]",
)
@click.option("--limits/--no-limits", default=None, help="AWS's rate limits. [default: as kept, or with]")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to keep the sandbox in, and to resume from.",
)
@command("sandbox up")
def up(app: App, **options: Any) -> Report:
    """Start the sandbox, or show the one that runs.

    With --data everything survives down and up, also ports, faults and time. A kill -9 loses the last second or so. Without
    --data the sandbox begins empty. Without --speed its clock runs as before, else ten times as fast as real time.
    """
    note = start(folder(app), **options, **world_of(app.settings.config))
    app.remark(note)
    kept = not_applied(note, options) if note["begun"] == "running" else ()
    return replace(_report("sandbox up", note), problems=kept)


@sandbox.command("down", epilog=EPILOG)
@command("sandbox down")
def down(app: App) -> Report:
    """Stop the sandbox. Its data is deleted, unless it was started with --data."""
    called = still_called(running(app), os.environ)
    stopped = stop(folder(app))
    return Report(
        command="sandbox down",
        data={"stopped": stopped},
        problems=(called,) if called else (),
        view=Pairs("", (("stopped", str(stopped).lower()),)),
    )


@sandbox.command("status", epilog=EPILOG)
@command("sandbox status")
def status(app: App) -> Report:
    """Show the sandbox. Its address, faults, health checks, DNS answers, replication backlog, calls and queues."""
    note = {**needed(app), **request_to(app, "GET", "world"), "calls": request_to(app, "GET", "calls")}
    return Report(command="sandbox status", data=_told(note), view=WorldShown(_rows(note), note))


@sandbox.command("env", epilog=EPILOG)
@command("sandbox env")
def env(app: App) -> Report:
    """Print the environment variables for AWS clients."""
    note = needed(app)
    variables = {
        "AWS_ENDPOINT_URL": str(note["endpoint"]),
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_SESSION_TOKEN": "sandbox",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": _without_proxy(os.environ),
        "no_proxy": _without_proxy(os.environ),
        **({"SBCTL_RESOLVER": str(note["dns"])} if note.get("dns") else {}),
    }
    lines = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    unset = [f"unset {' '.join(FOR_AWS)}"]
    return Report(command="sandbox env", data=variables, view=Text("\n".join(unset + lines)))


def _without_proxy(environment: Mapping[str, str]) -> str:
    """Hosts that are reached without a proxy: those of before, and this machine."""
    before = environment.get("NO_PROXY") or environment.get("no_proxy") or ""
    hosts = [host.strip() for host in before.split(",") if host.strip()]
    return ",".join(dict.fromkeys([*hosts, "127.0.0.1", "localhost"]))


@sandbox.command("reset", epilog=RESET)
@command("sandbox reset")
def reset(app: App) -> Report:
    """Empty the sandbox, and the folder of --data. Does not ask, as `sandbox down` does not."""
    note = needed(app)
    found = request_to(app, "POST", "reset")
    return Report(command="sandbox reset", data=found, view=Pairs("Sandbox", _rows({**note, **found})))


def not_applied(note: Mapping[str, Any], options: Mapping[str, Any]) -> tuple[Problem, ...]:
    """A note of the options that a sandbox which runs already does not have."""
    has = {name: note.get(name) for name in ("speed", "limits", "port")}
    has["dns_port"] = int(str(note.get("dns") or "").rpartition(":")[2] or 0)
    free = {"port": 0, "dns_port": 0}  # any port will do
    given = {name: options[name] for name in has if options.get(name) not in (None, free.get(name))}
    kept = [_spelled(name, value) for name, value in given.items() if value != has[name]]
    if not kept:
        return ()
    return (
        Problem(
            code="options-kept",
            summary="A sandbox runs already, with the options that it was started with",
            detail=f"not applied: {', '.join(kept)}",
            at=str(note["endpoint"]),
            fix=f"sbctl sandbox down{_lost(note)}, then: sbctl sandbox up {' '.join([*kept, *_data(note)])}",
            exit=Exit.DONE,
        ),
    )


def _data(note: Mapping[str, Any]) -> list[str]:
    return ["--data", shlex.quote(str(note["data"]))] if note.get("data") else []


def _lost(note: Mapping[str, Any]) -> str:
    return "" if note.get("data") else ", which loses its world"


def _spelled(option: str, value: Any) -> str:
    if option == "limits":
        return "--limits" if value else "--no-limits"
    return f"--{option.replace('_', '-')} {value:g}"


def _report(name: str, note: dict[str, Any]) -> Report:
    return Report(command=name, data=_told(note), view=Pairs("Sandbox", _rows(note)))


def _told(note: dict[str, Any]) -> dict[str, Any]:
    """The note without the token of the control API, which is for those who may read the note's file."""
    return {name: value for name, value in note.items() if name != "token"}


def _rows(note: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    told = ("endpoint", "dns", "pid", "account", "time", "speed", "limits", "zone", "data", "unsaved")
    return tuple((key, WORDS.get(key, str)(note[key])) for key in told if key in note)


def _speed(speed: float) -> str:
    return f"{speed:g} times real time" if speed else "0: the clock moves only when a command waits"


def _limits(limits: bool) -> str:
    return "with AWS's rate limits" if limits else "without AWS's rate limits"


WORDS: Mapping[str, Callable[[Any], str]] = {"speed": _speed, "limits": _limits}
"""How values are told to people that are no text."""
