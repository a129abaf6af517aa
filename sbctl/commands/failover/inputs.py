"""What failover, failback, drills and status share on the command line: eyes, the caller, who is at the keyboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.app import App
from sbctl.commands.failover.measures import measures_of
from sbctl.core.executors import threads
from sbctl.core.kinds.resource import AwsCalls
from sbctl.core.problem import AGAIN, Exit, Problem, SbctlError
from sbctl.engine.planning.guards import against_foreign_account, against_foreign_account_in, against_foreign_endpoint
from sbctl.failover.decision.lambda_health import Invoked
from sbctl.failover.decision.observe import Observer
from sbctl.failover.execution.tools import Tools
from sbctl.failover.kit.kit import Kit
from sbctl.probes.protocols import Endpoints
from sbctl.store.operator import operator as operator


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
    return Tools(kit, app.runs, lambda: observer, measures_of(app, kit), app.listen, app.stop.is_set)


def check_caller(app: App, kit: Kit, target: str = "", *, forced: bool = False) -> tuple[Problem, ...]:
    """Refuse credentials of another account than the kit's, and a kit of another world; before anything is written.

    By force only the target's STS is asked, once, and its silence is a note that is returned: the other regions may be lost,
    and a failover must not depend on it. Raises SbctlError and AwsError.
    """
    at = "the failover kit"
    others = [region.region for region in kit.by_priority if region.region != target]
    found = against_foreign_endpoint(kit.endpoint, app.endpoint_name_in(target or others[0]), at)
    if not found and forced:
        found = against_foreign_account_in(app.clients.urgent.once, kit.account, target, at)
    elif not found:
        asked = [target, *others] if target else others
        found = against_foreign_account(app.clients.urgent.calls, kit.account, asked, at, app.next_after)
    refused = [one for one in found if one.exit]
    if refused:
        raise SbctlError(*refused)
    return tuple(found)


def reason_given(app: App, asked: Mapping[str, Any]) -> None:
    """Raise SbctlError when nobody is asked and no reason is given: the history must say why."""
    if app.settings.yes and not asked["reason"] and not asked["dry_run"]:
        raise SbctlError(usage("--yes", "Without a question a reason is needed.", f'{AGAIN} --reason "why"'))


def usage(at: str, detail: str, fix: str) -> Problem:
    """An option that is missing or does not fit."""
    return Problem(code="usage", summary="The command is not complete", detail=detail, at=at, fix=fix, exit=Exit.USAGE)
