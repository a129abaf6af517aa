"""The sandbox's own API under /_sandbox/: health, status, what it answers, reset, limits, clock, faults.

JSON in, JSON out; GET and DELETE take query arguments. It is never struck by faults.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

from sbctl.sandbox.carried import S3_BUCKETS, S3_OBJECTS, SERVICES
from sbctl.sandbox.faults.wanted import FaultError, wanted
from sbctl.sandbox.identify import Request
from sbctl.sandbox.world import World

LOG = logging.getLogger("sbctl.sandbox")
CONTROL = "/_sandbox/"
Handler = Callable[[World, dict[str, Any]], dict[str, Any]]


class ControlError(Exception):
    """The request's body is not what the action needs."""


def control(world: World, request: Request) -> tuple[int, dict[str, Any]]:
    """Do one control action: (HTTP status, answer)."""
    action = (request.method, request.path.removeprefix(CONTROL))
    handler = ACTIONS.get(action)
    if handler is None:
        return 404, {"error": f"no action {' '.join(action)}", "actions": sorted(" ".join(key) for key in ACTIONS)}
    try:
        return 200, handler(world, request.arguments if request.method != "POST" else _params(request.body))
    except (ControlError, FaultError) as error:
        return 400, {"error": str(error)}
    except Exception as error:  # the last resort of a server
        LOG.exception("%s failed", " ".join(action))
        return 500, {"error": f"the sandbox itself failed: {type(error).__name__}: {error}"}


def _params(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except ValueError as error:
        raise ControlError(f"the body is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise ControlError("the body is not a JSON object")
    return found


def _health(world: World, _: dict[str, Any]) -> dict[str, Any]:
    return {"instance": world.instance}


def _status(world: World, _: dict[str, Any]) -> dict[str, Any]:
    return {
        "instance": world.instance,
        "account": world.account,
        "time": world.clock.now().isoformat(),
        "speed": world.clock.speed,
        "limits": world.limits.enabled,
        "zone": world.settings.zone,
        **_faults(world, {}),
    }


def _operations(world: World, _: dict[str, Any]) -> dict[str, Any]:
    """What is answered, and by whom: by simulated operations, or by moto as it is."""
    simulated = {name: sorted(service.operations) for name, service in sorted(world.services.items())}
    carried = sorted(name for name in SERVICES if not world.is_own(name))
    return {"simulated": simulated, "carried": carried, "carried_s3": sorted(S3_BUCKETS | S3_OBJECTS)}


def _reset(world: World, params: dict[str, Any]) -> dict[str, Any]:
    world.reset()
    return _status(world, params)


def _limits(world: World, params: dict[str, Any]) -> dict[str, Any]:
    enabled = params.get("enabled")
    if not isinstance(enabled, bool):
        raise ControlError('the body must be {"enabled": true} or {"enabled": false}')
    world.limits.enabled = enabled
    return _status(world, params)


def _advance(world: World, params: dict[str, Any]) -> dict[str, Any]:
    seconds = params.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        raise ControlError('the body must be {"seconds": N}, N >= 0')
    world.agenda.advance(float(seconds))
    return _status(world, params)


def _faults(world: World, _: dict[str, Any]) -> dict[str, Any]:
    return {"faults": [fault.as_json() for fault in world.faults.active()]}


def _break(world: World, params: dict[str, Any]) -> dict[str, Any]:
    return {"fault": world.faults.add(wanted(params, world.clock.seconds())).as_json()}


def _heal(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """End one fault by its `id`, those of a `region`, or all."""
    unknown = set(params) - {"id", "region"}
    identity, region = params.get("id", ""), params.get("region", "")
    if unknown or not isinstance(identity, str) or not isinstance(region, str):
        raise ControlError('the body must be {}, {"id": "f1"} or {"region": "us-east-1"}')
    healed = world.faults.heal(identity, region)
    if identity and not healed:
        raise ControlError(f"there is no fault {identity}")
    return {"healed": [fault.as_json() for fault in healed], **_faults(world, {})}


ACTIONS: dict[tuple[str, str], Handler] = {
    ("GET", "health"): _health,
    ("GET", "status"): _status,
    ("GET", "operations"): _operations,
    ("POST", "reset"): _reset,
    ("POST", "limits"): _limits,
    ("POST", "advance"): _advance,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _break,
    ("DELETE", "faults"): _heal,
    ("POST", "heal"): _heal,
}
