"""Sets the stage for drills: tools from the app, faults through the sandbox's control API where there is a sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sbctl.app import App
from sbctl.checks.preflight.flow_tests import last_results
from sbctl.commands.failover.drill_evidence import evidence_of
from sbctl.commands.failover.inputs import operator, outside_of
from sbctl.commands.failover.measures import measures_of
from sbctl.commands.sandbox.control import request_to
from sbctl.commands.sandbox.simulated_calls import SandboxCalls
from sbctl.core.kinds.discover import discover
from sbctl.core.moving.drill import Drill
from sbctl.core.moving.run import Run
from sbctl.core.problem import Problem
from sbctl.drills.callers import CallersWanted
from sbctl.drills.context import DrillContext
from sbctl.drills.restore import close, is_left, restore_state
from sbctl.drills.steadiness import not_restored
from sbctl.failover.decision.observe import Observer
from sbctl.failover.kit.kit import Kit
from sbctl.probes.http import Http
from sbctl.store.files.atomic import write_atomic

DRILLS = "sbctl.drills.catalogue"
PROBE_SECONDS = 1.5
"""Of real time, for an endpoint to answer a probe: a hanging region must not slow the probes down to its own pace."""


def drills() -> dict[str, Drill]:
    """All drills by name."""
    return {one.name: one for one in discover(DRILLS, "DRILL").values()}


class SandboxHavoc:
    """Faults of the sandbox that belongs to this run."""

    def __init__(self, app: App) -> None:
        self._app = app

    def add(self, fault: Mapping[str, Any]) -> str:
        return str(request_to(self._app, "POST", "faults", dict(fault))["id"])

    def listed(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = request_to(self._app, "GET", "faults")["faults"]
        return found

    def heal(self, fault: str) -> None:
        request_to(self._app, "POST", "heal", {"id": fault})


def stage_of(app: App, kit: Kit, *, played: bool = True, callers: CallersWanted | None = None) -> DrillContext:
    """What drills are played on, or restored."""

    def observer() -> Observer:
        calls = app.clients.urgent.anew().calls
        return Observer(aws=calls, http=app.http, dns=app.dns, clock=app.world, world=app.world, slack=app.slack)

    def calls_to(region: str) -> int:
        return sum(app.clients.urgent.counts.as_json()["by_region"].get(region, {}).values())

    return DrillContext(
        kit=kit,
        runs=app.runs,
        observer=observer,
        probes=app.clients.probing.once,
        probe_http=Http(app.http.through, PROBE_SECONDS) if app.settings.sandbox else app.http,
        measures=measures_of(app, kit),
        sweep=lambda: _sweep(app, kit),
        injector=SandboxHavoc(app) if app.settings.sandbox else None,
        calls_to=calls_to,
        listen=app.listen,
        stopping=app.stop.is_set,
        by=operator(),
        evidence=evidence_of(app, kit) if played else {},
        flow_tests=lambda target: last_results(app.flow_tests.load(), target, app.world.now()),
        restoring=app.restoring,
        outside=outside_of(app),
        callers=callers,
        simulator=SandboxCalls(app) if app.settings.sandbox else None,
    )


def _sweep(app: App, kit: Kit) -> None:
    from sbctl.checks.lag.canary_run import sweep

    sweep(app.measuring(of=kit))


def restore_leftovers(app: App, stage: DrillContext) -> tuple[list[str], tuple[Problem, ...]]:
    """Restore what earlier drills left that were cut off; their names, and what is to be said of them.

    Raises SbctlError or AwsError when it cannot be done.
    """
    names, said = [], list[Problem]()
    for run in [one for one in app.runs.all() if is_left(one)]:
        done, trouble = restore_state(run, stage, cut_off=True)
        close(done, trouble, stage)
        names.append(run.id)
        said += done.left_alone
        said += [not_restored(run, trouble)] if trouble else []
    return names, tuple(said)


def write_report(app: App, run: Run, path: Path | None = None) -> str:
    """Write the HTML page of a drill; its path. Raises SbctlError when the disk refuses."""
    from sbctl.ui.page.report import drill_page  # charts and templates take a moment to load

    data = {"run": run.id, **run.events[-1].data}
    played = [one for one in app.runs.all() if one.kind == "drill" and one.order.get("name") == data["name"]]
    earlier = [
        {"at": one.begun.at.isoformat(), "rto_seconds": one.events[-1].data.get("rto_seconds")}
        for one in played
        if one.begun.at <= run.begun.at
    ]
    target = path or app.state / "reports" / f"{run.id}.html"
    write_atomic(target, drill_page(data, earlier).encode())
    return str(target)
