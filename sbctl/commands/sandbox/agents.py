"""`sbctl sandbox agents`: simulated agents that answer calls."""

from __future__ import annotations

from typing import Any

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.durations import DURATION
from sbctl.cli.epilog import epilog_of
from sbctl.cli.listing import Listing
from sbctl.cli.run import command
from sbctl.commands.sandbox.control import request_to
from sbctl.core.report import Report
from sbctl.core.text.counted import counted
from sbctl.ui.views import AgentsListed, Pairs

CODES = "0 done, 1 no sandbox runs or it refused, 2 wrong usage"
EPILOG = epilog_of(
    """
    sbctl sandbox agents start
    sbctl sandbox agents start --per-queue 3 --talk 90s --region us-east-1
    sbctl sandbox agents list
    sbctl sandbox agents stop
    """,
    CODES,
)


@click.group("agents", cls=Listing, epilog=EPILOG)
def agents() -> None:
    """Start, stop and list simulated agents."""


@agents.command("start", epilog=EPILOG)
@click.option("--per-queue", type=click.IntRange(min=1), help="Agents for each queue. [default: 3]")
@click.option("--talk", "talk_seconds", type=DURATION, help="Duration of a talk. [default: 90s]")
@click.option("--acw", "acw_seconds", type=DURATION, help="Duration of after-call work. [default: 10s]")
@click.option("--accept", "accept_seconds", type=DURATION, help="Time until an agent accepts a contact. [default: 3s]")
@click.option("--region", shell_complete=completions.regions, help="Only in this region. [default: all]")
@command("sandbox agents start")
def start(app: App, **wanted: Any) -> Report:
    """Start agents for every queue. They answer until they are stopped.

    Users whose routing profile serves a queue sign in first. Where they do not suffice, agents join that only the simulation knows:
    AWS's API does not show them. All times are of the sandbox's clock.
    """
    asked = {name: value for name, value in wanted.items() if value is not None}
    found = request_to(app, "POST", "agents/start", asked)
    return Report(command="sandbox agents start", data=found, view=AgentsListed(tuple(found["agents"])))


@agents.command("stop", epilog=EPILOG)
@click.option("--region", shell_complete=completions.regions, help="Only in this region. [default: all]")
@command("sandbox agents stop")
def stop(app: App, region: str | None) -> Report:
    """Stop simulated agents. They sign out after their call."""
    found = request_to(app, "POST", "agents/stop", {"region": region} if region else {})
    rows = (("stopped", counted(found["stopped"], "agent")),)
    return Report(command="sandbox agents stop", data=found, view=Pairs("", rows))


@agents.command("list", epilog=EPILOG)
@command("sandbox agents list")
def list_agents(app: App) -> Report:
    """List agents, with their state, queues and calls."""
    found = request_to(app, "GET", "agents")
    return Report(command="sandbox agents list", data=found, view=AgentsListed(tuple(found["agents"])))
