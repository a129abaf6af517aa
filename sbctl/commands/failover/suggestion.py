"""Which failover is meant by somebody who names no region: to the first healthy one by priority that is not the active one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.app import App
from sbctl.cli.keep_readings import keep_look
from sbctl.commands.failover.inputs import eyes_of
from sbctl.core.problem import SbctlError
from sbctl.failover.decision.observe import look
from sbctl.failover.decision.snapshot import TrafficSnapshot
from sbctl.failover.guidance.next_command import SICK, keeping_order, takes_over
from sbctl.failover.kit.kit import Kit


def suggested(app: App, kit: Kit, asked: Mapping[str, Any]) -> str:
    """The whole line; by force where the region to leave is lost. By priority alone where nobody can look."""
    world = _seen(app, kit)
    health = {view.region: view.health for view in world.regions} if world else {}
    active = asked["source"] or left_by(kit, world.active if world else "", health)
    by_priority = (one.region for one in kit.by_priority if one.region != active)
    kept = keeping_order(kit, world.active, world.signal.region, health) if world and not asked["source"] else ""
    if kept:
        return kept
    target = takes_over(kit, health, active) or next(by_priority, active)
    forced = asked["mode"] == "forced" or health.get(active) in SICK
    return f"sbctl failover --to {target}{' --mode forced' if forced else ''}"


def left_by(kit: Kit, active: str, health: Mapping[str, str]) -> str:
    """The region that traffic is to leave: the active one; where all serve at once, the first that is sick."""
    sick = (one.region for one in kit.by_priority if kit.shared and health.get(one.region) in SICK)
    return next(sick, active) or kit.primary.region


def _seen(app: App, kit: Kit) -> TrafficSnapshot | None:
    if app.may_be_elsewhere(kit.endpoint):
        return None  # all would look lost
    try:
        world = look(eyes_of(app, kit), kit)
    except SbctlError:
        return None
    keep_look(app, world, app.world.now())
    return world
