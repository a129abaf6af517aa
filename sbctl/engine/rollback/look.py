"""What is live of one resource in each region, the versions that AWS keeps of it, and what the state's generations had."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.problem import from_aws
from sbctl.core.executors import MakeExecutor
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.versions import KeptVersion
from sbctl.core.problem import Exit, Problem
from sbctl.core.state import Record, State


@dataclass(frozen=True)
class Deployed:
    """A value that a generation of the state has; `digest` is that of its file, "" where none was recorded."""

    serial: int
    at: datetime | None
    value: Any
    digest: str


@dataclass(frozen=True)
class Site:
    """One region. Versions come newest first."""

    record: Record
    live: Live[Any]
    versions: tuple[KeptVersion, ...]

    @property
    def region(self) -> str:
        return self.record.at.region


class Generations:
    """What the state had once, newest first; read when it is first needed, since a state may be large."""

    def __init__(self, kind: Kind[Any, Any], load: Callable[[], Iterable[State]]) -> None:
        self._kind = kind
        self._load = load
        self._states: list[State] | None = None

    def of(self, address: str) -> list[Deployed]:
        """The values of one address."""
        if self._states is None:
            self._states = sorted(self._load(), key=lambda state: -state.serial)
        found = ((state, state.records.get(address)) for state in self._states)
        return [
            Deployed(state.serial, state.written_at, record.applied[field], str(record.applied.get(told) or ""))
            for state, record in found
            if record is not None
            for field, told in [(self._kind.versioned, self._kind.told_by)]
            if record.applied.get(field) is not None
        ]


def look(
    kind: Kind[Any, Any], aws: AwsCalls, records: Sequence[Record], make_executor: MakeExecutor
) -> tuple[list[Site], list[Problem]]:
    """Look at all regions side by side; the problem of each that does not answer, or has the resource no longer."""
    with make_executor(max(1, len(records)), "look") as crew:
        found = [crew.submit(_site, kind, aws, record) for record in records]
        seen = [future.result() for future in found]
    return [one for one in seen if isinstance(one, Site)], [one for one in seen if isinstance(one, Problem)]


def _site(kind: Kind[Any, Any], aws: AwsCalls, record: Record) -> Site | Problem:
    region = record.at.region
    try:
        live = kind.read(aws, region, record.ids)
    except AwsError as error:
        return from_aws(error, at=record.address)
    if live is None:
        return _gone(kind, record)
    try:
        versions = tuple(kind.versions(aws, region, live))
    except AwsError as error:
        if error.unreachable:
            return from_aws(error, at=record.address)
        versions = ()  # who may not list versions, or keeps none, falls back on the state
    return Site(record, live, versions)


def _gone(kind: Kind[Any, Any], record: Record) -> Problem:
    return Problem(
        code="gone",
        summary=f"The {kind.title} no longer exists",
        detail="it was deleted outside sbctl",
        at=record.address,
        fix="sbctl deploy",
        exit=Exit.PARTIAL,
    )
