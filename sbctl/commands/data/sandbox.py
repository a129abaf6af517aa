"""What `sandbox` commands tell. A world is told by the sandbox itself, and may have members that are not named here."""

from __future__ import annotations

from typing import Any

from sbctl.commands.data.calls import CallsNowTold
from sbctl.commands.data.shared import Open
from sbctl.failover.data.told import Told


class FaultTold(Open):
    """A fault, and what it is limited to."""

    id: str
    kind: str


class FaultsTold(Told):
    """`sandbox fault list`."""

    faults: tuple[FaultTold, ...]


class HealedTold(Told):
    """`sandbox heal`: the faults that ended."""

    healed: tuple[str, ...]


class StoppedTold(Told):
    """`sandbox down`: whether one ran."""

    stopped: bool


class WorldTold(Open):
    """A world: `sandbox reset` and `sandbox advance`."""

    instance: str
    account: str
    time: str
    speed: float
    limits: bool
    zone: str
    faults: tuple[FaultTold, ...]


class ServedTold(WorldTold):
    """A world that is served: `sandbox up` and `sandbox status`, which alone tells `calls`."""

    endpoint: str
    port: int
    dns: str | None = None
    pid: int | None = None
    started: Any = None
    version: str | None = None
    calls: CallsNowTold | None = None
