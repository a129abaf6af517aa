"""`sbctl sandbox fault` and `heal`: break the local world, and mend it."""

from __future__ import annotations

from typing import Any

import click

from sbctl.app import App
from sbctl.cli.durations import DURATION
from sbctl.cli.epilog import ending
from sbctl.cli.listing import Listing
from sbctl.cli.run import command
from sbctl.commands.sandbox.control import request_to
from sbctl.core.report import Report
from sbctl.ui.views import FaultsListed, Pairs

KINDS = (
    "down", "hang", "throttle", "error", "slow", "lost-answer", "replication-paused", "control-plane",
    "creation-failed",
)  # fmt: skip
CODES = "0 done, 1 no sandbox runs or it refused, 2 wrong usage"
EPILOG = ending(
    """
    sbctl sandbox fault add --region us-east-1 --kind down --for 5m
    sbctl sandbox fault add --region us-east-1 --kind throttle --service connect
    sbctl sandbox fault add --kind replication-paused --to us-west-2
    sbctl sandbox fault add --kind creation-failed --service lambda --count 1
    sbctl sandbox fault list
    sbctl sandbox heal
    """,
    CODES,
)


@click.group("fault", cls=Listing, epilog=EPILOG)
def fault() -> None:
    """Break the sandbox's world on purpose."""


@fault.command("add", epilog=EPILOG)
@click.option("--kind", type=click.Choice(KINDS), metavar="KIND", required=True, help=f"One of {', '.join(KINDS)}.")
@click.option("--region", help="In which region. [default: all]")
@click.option("--service", help="Which service, by boto3's name. [default: all]")
@click.option("--operation", help="Which operation, by AWS's name. [default: all]")
@click.option("--for", "seconds", type=DURATION, help="Duration in sandbox time. [default: healed]")
@click.option("--count", type=click.IntRange(min=1), help="How many requests it breaks. [default: all]")
@click.option(
    "--probability",
    type=click.FloatRange(0, 1, min_open=True),
    help="Probability that a request is affected. [default: 1]",
)
@click.option("--delay", type=DURATION, help="Of kind slow: real time that each request waits. [default: 2s]")
@click.option("--code", help="Of kind error: the error's code.")
@click.option("--to", "target", help="Of kind replication-paused: only towards this region.")
@click.option("--resource", help="Of kind replication-paused: only this table or bucket.")
@command("sandbox fault add")
def add(app: App, delay: float | None, **wanted: Any) -> Report:
    """Begin a fault: it lasts until its time is over, its count is spent, or it is healed.

    down cuts connections, hang never answers, lost-answer does the work and drops the answer, control-plane breaks what
    changes resources and leaves their use. creation-failed takes the request, and later reports the Connect instance, function
    or table replica as failed. A region that is down takes its functions, endpoints and replication with it.
    """
    given = {name: value for name, value in {**wanted, "delay_seconds": delay}.items() if value is not None}
    found = request_to(app, "POST", "faults", given)
    return Report(command="sandbox fault add", data=found, view=FaultsListed((found,)))


@fault.command("list", epilog=EPILOG)
@command("sandbox fault list")
def list_faults(app: App) -> Report:
    """What is broken now."""
    found = request_to(app, "GET", "faults")
    return Report(command="sandbox fault list", data=found, view=FaultsListed(tuple(found["faults"])))


@click.command("heal", epilog=EPILOG)
@click.argument("fault_id", metavar="[ID]", required=False)
@click.option("--region", help="End the faults of this region.")
@command("sandbox heal")
def heal(app: App, fault_id: str | None, region: str | None) -> Report:
    """End one fault by its ID, those of a region, or all. What waited for a region catches up."""
    asked = {name: value for name, value in (("id", fault_id), ("region", region)) if value is not None}
    found = request_to(app, "POST", "heal", asked)
    rows = (("healed", ", ".join(found["healed"]) or "nothing was broken"),)
    return Report(command="sandbox heal", data=found, view=Pairs("", rows))
