"""A flow or a module as the state knows it in each region. The project's files are not read: they may be what is wrong."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sbctl.app import App
from sbctl.core.kinds.resource import Kind
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.state import Record, State
from sbctl.core.text.alike import did_you_mean
from sbctl.engine.planning.guards import against_foreign_account, against_foreign_endpoint
from sbctl.failover.kit.kit import FILE, read_kit
from sbctl.files.regular import read_regular

KINDS = ("connect_flow", "connect_flow_module")
"""A flow comes before a module of the same name."""


@dataclass(frozen=True)
class DeployedFlow:
    """`records` are those of the chosen regions, the most important region first."""

    app: App
    kind: Kind[Any, Any]
    called: str
    records: tuple[Record, ...]
    state: State

    @property
    def typed(self) -> str:
        """The name as it has to be typed."""
        return shlex.quote(self.called)

    def refusals(self) -> tuple[Problem, ...]:
        """Why nothing may be done there: another account than the state's, or another world."""
        regions = [record.at.region for record in self.records]
        name, where = self.app.endpoint_name_in(regions[0]), self.app.store.where
        foreign = against_foreign_endpoint(self.state.endpoint, name, where)
        if foreign or not self.state.account:
            return tuple(foreign)
        calls = self.app.clients.urgent.calls
        return tuple(against_foreign_account(calls, self.state.account, regions, where, self.app.next_after))

    def generations(self) -> Iterable[State]:
        """The states as they were written once."""
        return [one.state for one in self.app.store.history.all() if one.state is not None]


def deployed_flow(app: App, name: str, regions: Sequence[str]) -> DeployedFlow:
    """The flow of a name, else the module of it; upper and lower case are alike. Raises SbctlError where no region has it."""
    state = app.store.load()
    records = [record for record in state.records.values() if record.at.kind in KINDS and record.applied and record.ids]
    called = [record for record in records if name.lower() in (_called(record).lower(), record.at.name)]
    kind = min((record.at.kind for record in called), key=KINDS.index, default="")
    found = [record for record in called if record.at.kind == kind]
    if not found:
        raise SbctlError(_unknown(name, sorted({_called(record) for record in records})))
    there = [record.at.region for record in found]
    unknown = [one for one in regions if one != "all" and one not in there]
    if unknown:
        raise SbctlError(*[_elsewhere(name, one, there) for one in unknown])
    chosen = [one for one in found if not regions or "all" in regions or one.at.region in regions]
    order = _by_priority(app)
    chosen.sort(key=lambda record: (order.index(record.at.region) if record.at.region in order else 99, record.address))
    return DeployedFlow(app, app.kinds[kind], _called(chosen[0]), tuple(chosen), state)


def _called(record: Record) -> str:
    return str(record.applied.get("name") or record.at.name)


def _by_priority(app: App) -> list[str]:
    """Regions as the last deploy had them in its kit."""
    path = app.state / FILE
    with suppress(OSError, SbctlError):
        return [region.region for region in read_kit(read_regular(path), str(path)).by_priority]
    return []


def _unknown(name: str, names: list[str]) -> Problem:
    return Problem(
        code="unknown-flow",
        summary="No such flow is deployed",
        detail=f"{name}; deployed are {', '.join(names) or 'none'}",
        at=name,
        fix=did_you_mean(name, names, "Name one of them, or run sbctl deploy first."),
        exit=Exit.USAGE,
    )


def _elsewhere(name: str, region: str, there: list[str]) -> Problem:
    return Problem(
        code="unknown-region",
        summary="The flow is not deployed in that region",
        detail=f"--region {region}; {name} is in {', '.join(there)}",
        at="--region",
        fix=did_you_mean(region, there, "Choose one of them."),
        exit=Exit.USAGE,
    )
