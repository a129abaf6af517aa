"""The sandbox's own API under /_sandbox/."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NoReturn

import pytest

from sbctl.sandbox.faults.fault import Fault
from sbctl.sandbox.http.control import ACTIONS, WAIT, control
from sbctl.sandbox.wire.identify import Request
from sbctl.sandbox.world import World, WorldSettings


@pytest.fixture
def world() -> World:
    """A world that nobody serves."""
    return World(WorldSettings())


def do(world: World, method: str, action: str, params: Any = None) -> tuple[int, dict[str, Any]]:
    """One control request."""
    body = b"" if params is None else json.dumps(params).encode()
    return control(world, Request(method, f"/_sandbox/{action}", "", {}, body))


def test_limits_are_on_until_switched_off(world: World) -> None:
    """Rate limits are there by default, and can be switched off and on again."""
    assert do(world, "GET", "status")[1]["limits"] is True
    assert do(world, "POST", "limits", {"enabled": False})[1]["limits"] is False
    assert world.limits.enabled is False
    assert do(world, "POST", "limits", {"enabled": True})[1]["limits"] is True


def test_the_clock_moves_forward_as_told(world: World) -> None:
    """Advancing by an hour moves the world's time by at least that hour."""
    before = datetime.fromisoformat(do(world, "GET", "status")[1]["time"])
    after = datetime.fromisoformat(do(world, "POST", "advance", {"seconds": 3600})[1]["time"])
    assert (after - before).total_seconds() >= 3600


def test_health_tells_which_server_answers(world: World) -> None:
    """Two worlds have different instance ids, and each tells its own."""
    assert do(world, "GET", "health") == (200, {"instance": world.instance})
    assert World().instance != world.instance


@pytest.mark.parametrize(
    ("action", "params"),
    [
        ("advance", {"seconds": -1}),
        ("advance", {"seconds": "soon"}),
        ("advance", {}),
        ("limits", {"enabled": "no"}),
        ("limits", {}),
        ("limits", []),
    ],
)
def test_a_wrong_body_is_refused_with_what_is_right(world: World, action: str, params: Any) -> None:
    """A body that the action cannot use changes nothing and is answered with a reason."""
    status, answer = do(world, "POST", action, params)
    assert status == 400
    assert "the body" in answer["error"]
    assert world.limits.enabled is True


def test_an_unknown_action_lists_the_known_ones(world: World) -> None:
    """A wrong path says which there are."""
    status, answer = do(world, "POST", "explode")
    assert status == 404
    assert "POST reset" in answer["actions"]


def test_it_tells_what_it_answers(world: World) -> None:
    """The list names simulated operations by service, and no service of moto's that is simulated here."""
    answer = do(world, "GET", "operations")[1]
    assert "CreateQueue" in answer["simulated"]["connect"]
    assert "sts" in answer["carried"]
    assert "connect" not in answer["carried"]


@pytest.mark.parametrize(
    ("method", "action", "params", "word"),
    [
        ("GET", "status", {"x": 1}, "x"),
        ("POST", "reset", {"seconds": 1}, "seconds"),
        ("POST", "advance", {"seconds": 1, "minutes": 1}, "minutes"),
        ("POST", "wait", {"seconds": 1, "second": 1}, "second"),
        ("POST", "limits", {"enabled": True, "enable": True}, "enable"),
        ("POST", "heal", {"ids": "a"}, "ids"),
        ("POST", "heal", {"id": ""}, "id"),
        ("POST", "heal", {"region": ""}, "region"),
        ("POST", "heal", {"region": "us-east-9"}, "us-east-9"),
        ("POST", "heal", {"id": 1}, "id"),
        ("POST", "faults", {"kind": "down", "region": ""}, "region"),
        ("POST", "faults", {"kind": "down", "service": ["connect"]}, "service"),
        ("POST", "faults", {"kind": "down", "for": 1}, "for"),
        ("POST", "faults", {"kind": "down", "count": 10**400}, "count"),
        ("POST", "replication", {"service": "dynamodb", "lag": 1}, "lag"),
        ("POST", "replication", {"service": "dynamodb", "lag_seconds": 10**400}, "lag_seconds"),
        ("POST", "replication", {"service": "dynamodb", "lag_seconds": 1e300}, "lag_seconds"),
        ("POST", "replication", {"service": "dynamodb", "jitter": 1e-200}, "jitter"),
        ("POST", "replication", {"service": "dynamodb", "jitter": True}, "jitter"),
    ],
)
def test_what_would_be_ignored_is_refused(world: World, method: str, action: str, params: Any, word: str) -> None:
    """By its name: an action does what its body says, or nothing."""
    before, faults = world.clock.speed, world.faults.add(Fault(id="", kind="down"), None)
    asked = Request(method, f"/_sandbox/{action}", "", {}, json.dumps(params).encode())
    status, answer = control(world, asked, hold=never)
    assert (status, word in answer["error"]) == (400, True), answer
    assert (world.clock.speed, world.limits.enabled, world.faults.all()) == (before, True, [faults])


def never(until: float) -> NoReturn:
    """Nobody is kept waiting by what is refused."""
    raise AssertionError(until)


NO_JSON = (
    "[" * 100_000,
    '{"seconds": NaN}',
    '{"seconds": 1e999}',
    "\xff",
    '{"seconds": ' + "9" * 5_000 + "}",
)


@pytest.mark.parametrize("body", NO_JSON, ids=lambda body: repr(body[:16]))
def test_a_body_that_is_no_json_is_refused(world: World, body: str) -> None:
    """400, however it trips Python's own reader."""
    for method, action in [*ACTIONS, WAIT]:
        asked = Request(method, f"/_sandbox/{action}", "", {}, body.encode("latin-1"))
        assert control(world, asked, hold=never)[0] == 400


def test_a_query_is_refused(world: World) -> None:
    """Parameters stand in the body; those in the address would be ignored."""
    status, answer = control(world, Request("POST", "/_sandbox/advance", "seconds=5", {}, b'{"seconds": 1}'))
    assert (status, "query" in answer["error"]) == (400, True)
