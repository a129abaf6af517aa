"""The world as it was seen once: which region is active, how each region is, who has taken over. Frozen; unknown is a value."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from sbctl.core.kinds.spec import Frozen
from sbctl.core.problem import Problem
from sbctl.core.reading import Reading
from sbctl.failover.kit.kit import Kit
from sbctl.failover.signal import Signal, newest

SHARED = "active-active"
Health = Literal["healthy", "failing", "silent", "unknown"]


class RegionView(Frozen):
    """One region: what its health function answered, and the signal as its data plane has it (None: it did not say).

    `silent` means that nothing answered; `unknown` that nobody asked. `seconds` is how long the answer took; `refusal` what the
    data plane said instead of the signal, "" where it said nothing.
    """

    region: str
    health: Health
    detail: str = ""
    seconds: float = 0.0
    signal: Signal | None = None
    refusal: str = ""
    caller: Problem | None = Field(default=None, exclude=True)
    """Why the data plane was not asked, or did not tell, where that is the caller's fault: the credentials or a permission."""
    at: datetime

    def as_json(self, role: str, now: datetime) -> dict[str, Any]:
        return {
            "region": self.region,
            "role": role,
            "health": self.health,
            "detail": self.detail,
            "age_seconds": round(max(0.0, (now - self.at).total_seconds()), 3),
            "signal": self.signal.region if self.signal else None,
        }


class TrafficSnapshot(Frozen):
    """Everything that a decision rests on. `active` "" means that nobody could say; `active_how` says how it is known.

    `serving` are all regions that DNS answered; several only where traffic is shared.
    """

    at: datetime
    active: str
    active_how: str
    serving: tuple[str, ...] = ()
    answer: tuple[str, ...] = ()
    ttl: int | None = None
    regions: tuple[RegionView, ...]
    lag: tuple[Reading, ...] = ()
    """Replication from the active region to the target."""
    parity: tuple[Reading, ...] = ()
    backlog: tuple[Reading, ...] = ()

    def view(self, region: str) -> RegionView:
        """How a region was seen; KeyError when it is not served."""
        try:
            return next(view for view in self.regions if view.region == region)
        except StopIteration:
            raise KeyError(region) from None

    @property
    def signal(self) -> Signal:
        """The newest signal that any region knows of."""
        return newest(view.signal for view in self.regions if view.signal is not None)


def holder(kit: Kit, world: TrafficSnapshot) -> str:
    """The region to which traffic belongs: the signal's, else the primary; also where the signal names none that is served."""
    named = world.signal.region
    return named if named in {region.region for region in kit.regions} else kit.primary.region


def came_by_itself(target: str, kit: Kit, world: TrafficSnapshot) -> bool:
    """Whether traffic is at the target with no order that it should be: one region serves at a time, and it is another's turn.

    Health checks alone move traffic after a while, and move it back as soon as the lost region looks well again: half repaired,
    with its data behind.
    """
    return world.active == target and holder(kit, world) != target and kit.strategy != SHARED
