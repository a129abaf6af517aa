"""`sbctl sandbox fault` and `heal`: break the local world, and mend it."""

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
from sbctl.core.problem import AGAIN, Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.ui.views import FaultsListed, Pairs

KINDS = (
    "down", "hang", "throttle", "error", "slow", "lost-answer", "replication-paused", "control-plane",
    "creation-failed",
)  # fmt: skip
CODES = "0 done, 1 no sandbox runs or it refused, 2 wrong usage"
EPILOG = epilog_of(
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


SILENCING = frozenset({"down", "hang"})
"""Kinds that take whole regions away: which, or that it is all of them, has to be said."""
ALL = "all"


@click.group("fault", cls=Listing, epilog=EPILOG)
def fault() -> None:
    """Add faults to the sandbox, and list them."""


@fault.command("add", epilog=EPILOG)
@click.option("--kind", type=click.Choice(KINDS), metavar="KIND", required=True, help="Kind of the fault; see above.")
@click.option("--region", shell_complete=completions.regions_or_all, help="Region to break, or all. [default: all]")
@click.option("--service", help="Service, by boto3's name. [default: all]")
@click.option("--operation", help="Operation, by AWS's name. [default: all]")
@click.option("--for", "seconds", type=DURATION, help="Duration in sandbox time. [default: until healed]")
@click.option("--count", type=click.IntRange(min=1), help="Number of requests to break. [default: all]")
@click.option(
    "--probability",
    type=click.FloatRange(0, 1, min_open=True),
    help="Probability for each request. [default: 1]",
)
@click.option("--delay", type=DURATION, help="For slow: real time of a request's delay. [default: 2s]")
@click.option("--code", help="For error: the error code.")
@click.option("--to", "target", shell_complete=completions.regions, help="For replication-paused: only to this region.")
@click.option("--resource", help="For replication-paused: only this table or bucket.")
@command("sandbox fault add")
def add(app: App, delay: float | None, **wanted: Any) -> Report:
    """Add a fault. It lasts for its duration, for its count of requests, or until it is healed.

    Kinds: down cuts connections, also those of functions, endpoints and replication in the region. hang never answers. throttle
    and error refuse. slow answers late. lost-answer does the work and drops the answer. replication-paused stops replication.
    control-plane refuses changes of resources, and leaves their use. creation-failed accepts a Connect instance, function or
    table replica, and later reports it as failed.
    """
    given = {name: value for name, value in {**wanted, "delay_seconds": delay}.items() if value is not None}
    if given["kind"] in SILENCING and given.keys().isdisjoint({"region", "service"}):
        raise SbctlError(_every_region(given["kind"]))
    if given.get("region") == ALL:
        del given["region"]
    found = request_to(app, "POST", "faults", given)
    return Report(command="sandbox fault add", data=found, view=FaultsListed((found,)))


def _every_region(kind: str) -> Problem:
    return Problem(
        code="usage",
        summary="The command is not complete",
        detail=f"{kind} without a region would silence all of them",
        at="--region",
        fix=f"{AGAIN} --region REGION, or --region {ALL}",
        exit=Exit.USAGE,
    )


@fault.command("list", epilog=EPILOG)
@command("sandbox fault list")
def list_faults(app: App) -> Report:
    """List the faults."""
    found = request_to(app, "GET", "faults")
    return Report(command="sandbox fault list", data=found, view=FaultsListed(tuple(found["faults"])))


@click.command("heal", epilog=EPILOG)
@click.argument("fault_id", metavar="[ID]", required=False)
@click.option("--region", shell_complete=completions.regions, help="End only the faults of this region.")
@command("sandbox heal")
def heal(app: App, fault_id: str | None, region: str | None) -> Report:
    """End a fault by its ID, those of a region, or all. What waited for a region catches up."""
    asked = {name: value for name, value in (("id", fault_id), ("region", region)) if value is not None}
    found = request_to(app, "POST", "heal", asked)
    rows = (("healed", ", ".join(found["healed"]) or "nothing was broken"),)
    return Report(command="sandbox heal", data=found, view=Pairs("", rows))
