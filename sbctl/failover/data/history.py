"""What `history` tells: runs in rows, and one run event by event."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sbctl.core.moving.run import Kind, RunEvent, Status
from sbctl.failover.data.told import Told


class RunTold(Told):
    """A run in one row. `outcome` is how a drill ended, else the status."""

    run: str
    kind: Kind
    status: Status
    begun_at: str
    ended_at: str | None
    source: str = Field(alias="from")
    target: str = Field(alias="to")
    mode: str
    name: str
    outcome: str
    rto_seconds: float | None
    since_last_good_seconds: float | None
    reason: str
    by: str
    host: str
    caller: str
    """The ARN of the credentials, where it is known."""
    version: str
    acknowledged: bool


class HistoryTold(Told):
    """`history`: the runs, the newest first."""

    runs: tuple[RunTold, ...]


class RunInFull(RunTold):
    """`history show`: what was asked for, and every event of the journal."""

    order: dict[str, Any]
    events: tuple[RunEvent, ...]
