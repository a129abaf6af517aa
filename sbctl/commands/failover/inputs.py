"""What failover, failback, drills and status share on the command line: eyes, the caller, who is at the keyboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from sbctl.app import App
from sbctl.cli.durations import DURATION
from sbctl.commands.failover.measures import measures_of
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.executors import threads
from sbctl.core.problem import AGAIN, Exit, Problem, SbctlError
from sbctl.failover.decision.lambda_health import Invoked
from sbctl.failover.decision.observe import Observer
from sbctl.failover.execution.tools import Tools
from sbctl.failover.kit.kit import Kit
from sbctl.failover.own.outside import Outside
from sbctl.probes.protocols import Endpoints
from sbctl.store.operator import operator as operator

drain_option = click.option(
    "--drain",
    "drain_seconds",
    type=DURATION,
    default=0.0,
    metavar="DURATION",
    help="Wait for contacts to end first, at most this long.",
)


def eyes_of(app: App, kit: Kit, calls: AwsCalls | None = None, asking: Endpoints | None = None) -> Observer:
    """What a failover sees and acts with: short time-outs, the world's clock. `calls` and `asking` are others to see with."""
    calls = calls or app.clients.urgent.calls
    stands_in = app.http.through is not None and not app.settings.sandbox
    http = Invoked(asking or app.http, calls, kit) if stands_in else asking or app.http
    alone = app.make_executor is not threads
    return Observer(aws=calls, http=http, dns=app.dns, clock=app.world, world=app.world, alone=alone, slack=app.slack)


def tools_of(app: App, kit: Kit) -> Tools:
    """What failovers are carried out with from the command line."""
    observer = eyes_of(app, kit)
    measures, stopping = measures_of(app, kit), app.stop.is_set
    return Tools(kit, app.runs, lambda: observer, measures, app.listen, stopping, outside_of(app))


def outside_of(app: App) -> Outside:
    """What steps of one's own reach the world with: this machine's environment, and functions of this run's AWS."""
    return Outside(aws=app.clients.for_steps)


def reason_given(app: App, asked: Mapping[str, Any]) -> None:
    """Raise SbctlError when nobody is asked and no reason is given: the history must say why."""
    if app.settings.yes and not asked["reason"] and not asked["dry_run"]:
        raise SbctlError(usage("--yes", "Without a question a reason is needed.", f'{AGAIN} --reason "why"'))


def usage(at: str, detail: str, fix: str) -> Problem:
    """An option that is missing or does not fit."""
    return Problem(code="usage", summary="The command is not complete", detail=detail, at=at, fix=fix, exit=Exit.USAGE)
