"""Which region holds traffic by order, as against the one that DNS answers because the others look sick.

Health checks alone move traffic after a while, and move it back as soon as the lost region looks well again: half repaired,
with its data behind. An order to where traffic already is keeps it there.
"""

from __future__ import annotations

from sbctl.failover.decision.request import Order
from sbctl.failover.decision.snapshot import World
from sbctl.failover.kit.kit import Kit

SHARED = "active-active"


def holder(kit: Kit, world: World) -> str:
    """The region to which traffic belongs: the signal's, else the primary; also where the signal names none that is served."""
    named = world.signal.region
    return named if named in {region.region for region in kit.regions} else kit.primary.region


def came_by_itself(target: str, kit: Kit, world: World) -> bool:
    """Whether traffic is at the target with no order that it should be: one region serves at a time, and it is another's turn."""
    return world.active == target and holder(kit, world) != target and kit.strategy != SHARED


def keeps(order: Order, kit: Kit, world: World) -> bool:
    """Whether all that an order does is to keep traffic where it has gone by itself."""
    by_signal = order.mode == "forced" and order.mechanism == "standby-takeover"
    return by_signal and came_by_itself(order.target, kit, world)
