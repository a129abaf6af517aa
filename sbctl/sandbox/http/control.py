"""The sandbox's own API under /_sandbox/: health, status, what it answers, reset, limits, clock, replication. JSON in, JSON out."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from typing import Any, NoReturn

from sbctl.sandbox.documents import read_document
from sbctl.sandbox.faults.control import FAULT_FIELDS, FaultError, add_fault, heal, list_faults
from sbctl.sandbox.faults.registry import as_json
from sbctl.sandbox.http import control_callers, control_calls
from sbctl.sandbox.http.control_values import WrongValuesError
from sbctl.sandbox.moto_bridge.allowed_operations import S3_BUCKETS, S3_OBJECTS, SERVICES
from sbctl.sandbox.replication_control import ReplicationSettingError, replication_status, set_replication
from sbctl.sandbox.summary import summary
from sbctl.sandbox.wire.identify import Request
from sbctl.sandbox.world import World

LOG = logging.getLogger("sbctl.sandbox")
CONTROL = "/_sandbox/"
LONGEST_SECONDS = 31 * 86400.0
"""That the clock is moved at once: all that happens on the way is really done."""
WAIT = ("POST", "wait")
TOGETHER_SECONDS = 0.05
FIELDS: dict[tuple[str, str], frozenset[str]] = {
    ("POST", "faults"): FAULT_FIELDS,
    ("POST", "heal"): frozenset({"id", "region"}),
    ("POST", "limits"): frozenset({"enabled"}),
    ("POST", "advance"): frozenset({"seconds"}),
    WAIT: frozenset({"seconds"}),
    ("POST", "replication"): frozenset({"service", "lag_seconds", "jitter"}),
    ("POST", "call"): control_calls.CALL_FIELDS,
    ("POST", "call/turn"): control_calls.TURN_FIELDS,
    ("POST", "callers/start"): control_callers.START_FIELDS,
    ("POST", "callers/stop"): frozenset({"id"}),
    ("POST", "callers/expect"): frozenset({"id", "region"}),
    ("POST", "callers/seconds"): frozenset({"since", "until", "id"}),
    ("POST", "callers/route"): frozenset({"number", "to"}),
    ("POST", "bots"): frozenset({"scripts"}),
    ("POST", "agents/start"): control_callers.AGENT_FIELDS,
    ("POST", "agents/stop"): frozenset({"region", "instance"}),
}
"""What each action takes; the others take nothing."""
Handler = Callable[[World, dict[str, Any]], dict[str, Any]]
Hold = Callable[[float], NoReturn] | None


class ControlError(Exception):
    """The request's body is not what the action needs."""


def control(world: World, request: Request, hold: Hold = None) -> tuple[int, dict[str, Any]]:
    """Do one control action: (HTTP status, answer).

    `hold` keeps the caller waiting until a time of the clock, and does not return.
    """
    action = (request.method, request.path.removeprefix(CONTROL))
    handler = ACTIONS.get(action)
    if action == WAIT and hold is not None:
        try:
            until = _until(world, _known(action, _asked(request)))
        except ControlError as error:
            return 400, {"error": str(error)}
        hold(until)
    if handler is None:
        return 404, {"error": f"no action {' '.join(action)}", "actions": sorted(" ".join(key) for key in ACTIONS)}
    try:
        answer = handler(world, _known(action, _asked(request)))
        if request.method == "POST":
            world.keep()
        return 200, answer
    except (ControlError, ReplicationSettingError, FaultError, WrongValuesError) as error:
        return 400, {"error": str(error)}
    except Exception as error:  # the last resort of a server
        LOG.exception("%s failed", " ".join(action))
        return 500, {"error": f"the sandbox itself failed: {type(error).__name__}: {error}"}


def _asked(request: Request) -> dict[str, Any]:
    if request.query:
        raise ControlError("a control request has its parameters in its body, and takes no query")
    return _params(request.body)


def _known(action: tuple[str, str], params: dict[str, Any]) -> dict[str, Any]:
    """The parameters, none of which would be ignored."""
    unknown = sorted(params.keys() - FIELDS.get(action, frozenset()))
    if unknown:
        raise ControlError(f"there is no {', '.join(unknown)}")
    return params


def _params(body: bytes) -> dict[str, Any]:
    try:
        found = read_document(body or b"{}")
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
        "faults": as_json(world.faults.all()),
        **({"unsaved": f"since {world.unsaved}, {world.unsaved_because}"} if world.unsaved else {}),
    }


def _world(world: World, params: dict[str, Any]) -> dict[str, Any]:
    return {**_status(world, params), **summary(world)}


def _operations(world: World, _: dict[str, Any]) -> dict[str, Any]:
    """What is answered, and by whom: by simulated operations, or by moto as it is."""
    simulated = {name: sorted(service.operations) for name, service in sorted(world.services.items())}
    carried = sorted(name for name in SERVICES if not world.is_own(name))
    return {"simulated": simulated, "carried": carried, "carried_s3": sorted(S3_BUCKETS | S3_OBJECTS)}


def _add_fault(world: World, params: dict[str, Any]) -> dict[str, Any]:
    return add_fault(world.faults, params)


def _faults(world: World, _: dict[str, Any]) -> dict[str, Any]:
    return list_faults(world.faults)


def _heal(world: World, params: dict[str, Any]) -> dict[str, Any]:
    return heal(world.faults, params)


def _reset(world: World, params: dict[str, Any]) -> dict[str, Any]:
    world.reset()
    return _status(world, params)


def _limits(world: World, params: dict[str, Any]) -> dict[str, Any]:
    enabled = params.get("enabled")
    if not isinstance(enabled, bool):
        raise ControlError('the body must be {"enabled": true} or {"enabled": false}')
    world.limits.enabled = enabled
    return _status(world, params)


def _until(world: World, params: dict[str, Any]) -> float:
    """When a wait is over. By a clock that stands, short ones end together: each end is a step, and costs real time."""
    seconds = _seconds(params)
    until = world.clock.seconds() + seconds
    return until if world.clock.speed or seconds >= 1.0 else math.ceil(until / TOGETHER_SECONDS) * TOGETHER_SECONDS


def _advance(world: World, params: dict[str, Any]) -> dict[str, Any]:
    world.scheduler.advance(_seconds(params))
    return _status(world, params)


def _seconds(params: dict[str, Any]) -> float:
    seconds = params.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= LONGEST_SECONDS:
        raise ControlError(f'the body must be {{"seconds": N}}, N from 0 to {LONGEST_SECONDS:.0f}, which is 31 days')
    return float(seconds)


def _replication(world: World, _: dict[str, Any]) -> dict[str, Any]:
    return replication_status(world.services)


def _set_replication(world: World, params: dict[str, Any]) -> dict[str, Any]:
    return set_replication(world.services, params)


ACTIONS: dict[tuple[str, str], Handler] = {
    ("GET", "health"): _health,
    ("GET", "status"): _status,
    ("GET", "world"): _world,
    ("GET", "operations"): _operations,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _add_fault,
    ("POST", "heal"): _heal,
    ("POST", "reset"): _reset,
    ("POST", "limits"): _limits,
    ("POST", "advance"): _advance,
    ("GET", "replication"): _replication,
    ("POST", "replication"): _set_replication,
    ("POST", "call"): control_calls.call,
    ("POST", "call/turn"): control_calls.turn,
    ("GET", "calls"): control_calls.calls,
    ("POST", "callers/start"): control_callers.start,
    ("POST", "callers/stop"): control_callers.stop,
    ("POST", "callers/expect"): control_callers.expect,
    ("POST", "callers/seconds"): control_callers.seconds,
    ("POST", "callers/route"): control_callers.route,
    ("POST", "bots"): control_callers.set_bots,
    ("GET", "bots"): control_callers.bots,
    ("GET", "callers"): control_callers.listed,
    ("POST", "agents/start"): control_callers.start_agents,
    ("POST", "agents/stop"): control_callers.stop_agents,
    ("GET", "agents"): control_callers.agents,
}
