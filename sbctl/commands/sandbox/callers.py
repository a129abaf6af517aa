"""`sbctl sandbox callers`: many calls, at a rate, by the sandbox's clock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.durations import DURATION
from sbctl.cli.epilog import epilog_of
from sbctl.cli.listing import Listing
from sbctl.cli.rates import RATE
from sbctl.cli.run import command
from sbctl.commands.sandbox.control import request_to
from sbctl.commands.sandbox.mix import mix_of
from sbctl.core.report import Report
from sbctl.ui.views import CallersListed, Pairs

CODES = "0 done, 1 no sandbox runs or it refused, 2 wrong usage"
EPILOG = epilog_of(
    """
    sbctl sandbox callers start --rate 60/min --for 10m
    sbctl sandbox callers start --rate 2/s --mix callers.json --no-again
    sbctl sandbox callers list
    sbctl sandbox callers stop
    """,
    CODES,
)


@click.group("callers", cls=Listing, epilog=EPILOG)
def callers() -> None:
    """Start, stop and list simulated callers."""


@callers.command("start", epilog=EPILOG)
@click.option("--rate", type=RATE, required=True, metavar="RATE", help="Calls a time: 60/min, 2/s or 3600/h.")
@click.option("--for", "seconds", type=DURATION, help="Duration in sandbox time. [default: until stopped]")
@click.option("--number", "numbers", multiple=True, help="Number to call. Repeatable. [default: all]")
@click.option(
    "--mix",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="JSON file of sorts of callers: keys, words, patience.",
)
@click.option("--patience", type=DURATION, help="Longest wait in a queue, sandbox time. [default: 60s]")
@click.option("--again/--no-again", default=True, help="Let lost callers call again. [default: again]")
@click.option("--expect", "expected", shell_complete=completions.regions, help="Region expected to answer.")
@command("sandbox callers start")
def start(app: App, rate: float, mix: Path | None, again: bool, numbers: tuple[str, ...], **wanted: Any) -> Report:
    """Start callers. They call at a rate, until they are stopped.

    All times are of the sandbox's clock. Callers call the claimed numbers in turns. A caller that is lost or refused calls again
    15 seconds later, up to ten times; --no-again turns that off. A call answered elsewhere than in the region of --expect counts as
    wrong region.
    """
    named = {"seconds": wanted["seconds"], "patience": wanted["patience"], "expected_region": wanted["expected"]}
    asked: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
    asked["rate_per_minute"] = rate
    if mix is not None:
        asked["mix"] = mix_of(mix)
    if numbers:
        asked["number"] = list(numbers)
    if not again:
        asked["again"] = None
    found = request_to(app, "POST", "callers/start", asked)
    return Report(command="sandbox callers start", data=found, view=CallersListed((found,)))


@callers.command("stop", epilog=EPILOG)
@click.argument("callers_id", metavar="[ID]", required=False)
@command("sandbox callers stop")
def stop(app: App, callers_id: str | None) -> Report:
    """Stop callers by their ID, or all. Calls in progress go on."""
    found = request_to(app, "POST", "callers/stop", {"id": callers_id} if callers_id else {})
    rows = (("stopped", ", ".join(found["stopped"]) or "none were running"),)
    return Report(command="sandbox callers stop", data=found, view=Pairs("", rows))


@callers.command("list", epilog=EPILOG)
@command("sandbox callers list")
def list_callers(app: App) -> Report:
    """List callers, with calls answered and lost."""
    found = request_to(app, "GET", "callers")
    return Report(command="sandbox callers list", data=found, view=CallersListed(tuple(found["callers"])))
