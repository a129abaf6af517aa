"""The commands that move traffic, as a user gives them, and where the world stands: DNS, the copies of the signal, the runs."""

from __future__ import annotations

import json
from typing import Any

from sbctl.app import App
from sbctl.commands.checks.status import status as status_command
from sbctl.commands.failover.failback import failback as failback_command
from sbctl.commands.failover.failover import failover as failover_command
from sbctl.core.kinds.spec import Frozen
from sbctl.core.report import Report
from tests.sweeps.operations import Operation, run_command
from tests.sweeps.place import Place, PlacedApp

EAST, WEST, LONDON = "us-east-1", "us-west-2", "eu-west-2"
NAME = "connect.example.com"
SETTLED_SECONDS = 300.0
"""Of the world's time: every health check has counted to its threshold, and everything has replicated."""


def failover(**options: Any) -> Operation:
    """`sbctl failover` with options."""
    return lambda app: run_command(app, failover_command, **{"reason": "swept", **options})


def failback(app: App, pause_after: str = "") -> Report:
    """`sbctl failback`."""
    return run_command(app, failback_command, reason="swept", overridden=("cooldown",), pause_after=pause_after)


def status(app: App) -> Report:
    """`sbctl status`, looking once."""
    return run_command(app, status_command)


resume, abort = failover(resume=True), failover(aborting=True)


class Standing(Frozen):
    """Where the world stands once it has settled. `signals` are each region's own copy: whom it names, its generation."""

    dns: str
    signals: dict[str, tuple[str, int]]
    runs: tuple[tuple[str, str, str], ...]

    def as_text(self) -> str:
        return self.model_dump_json()

    @classmethod
    def of_text(cls, text: str) -> Standing:
        return cls.model_validate(json.loads(text))

    @classmethod
    def of(cls, place: Place) -> Standing:
        """Settle, and look."""
        place.world.scheduler.advance(SETTLED_SECONDS)
        app = PlacedApp(place)
        regions = [region.region for region in app.loaded.project.by_priority]
        runs = [(run.kind, str(run.order["target"]), run.status) for run in app.runs.all()]
        return cls(
            dns=active(place),
            signals={region: place.sites.signal(region) for region in regions if region not in place.lost},
            runs=tuple(sorted(runs)),
        )

    def differs(self, wanted: Standing, *, counted: bool) -> list[str]:
        """Where this is not as it should be; generations only where they were `counted`."""
        found, should = self.model_dump(), wanted.model_dump()
        if not counted:
            for one in (found, should):
                one["signals"] = {region: signal[0] for region, signal in one["signals"].items()}
        return [f"{name} is {found[name]} and not {should[name]}" for name in found if found[name] != should[name]]


def active(place: Place) -> str:
    """The region that DNS answers."""
    values = " ".join(place.sites.ask(NAME, "CNAME").values)
    return next((region for region in (EAST, WEST, LONDON) if region in values), values)
