"""The sandbox's own API under /_sandbox/: status, reset, limits, clock. JSON in, JSON out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sbctl.sandbox.world import World

Handler = Callable[[World, dict[str, Any]], dict[str, Any]]


def control(world: World, method: str, action: str, body: bytes) -> tuple[int, dict[str, Any]]:
    """Do one control action: (HTTP status, answer)."""
    handler = ACTIONS.get((method, action))
    if handler is None:
        return 404, {
            "error": f"no control action {method} {action}",
            "actions": sorted(" ".join(key) for key in ACTIONS),
        }
    try:
        params = json.loads(body or b"{}")
    except ValueError:
        return 400, {"error": "the body is not JSON"}
    return 200, handler(world, params)


def _status(world: World, _: dict[str, Any]) -> dict[str, Any]:
    return {
        "instance": world.instance,
        "account": world.account,
        "time": world.clock.now().isoformat(),
        "speed": world.clock.speed,
        "limits": world.limits.enabled,
    }


def _reset(world: World, _: dict[str, Any]) -> dict[str, Any]:
    world.reset()
    return {"reset": True}


def _limits(world: World, params: dict[str, Any]) -> dict[str, Any]:
    world.limits.enabled = bool(params.get("enabled", True))
    return {"limits": world.limits.enabled}


def _advance(world: World, params: dict[str, Any]) -> dict[str, Any]:
    world.clock.advance(float(params.get("seconds", 0)))
    return {"time": world.clock.now().isoformat()}


ACTIONS: dict[tuple[str, str], Handler] = {
    ("GET", "status"): _status,
    ("POST", "reset"): _reset,
    ("POST", "limits"): _limits,
    ("POST", "advance"): _advance,
}
