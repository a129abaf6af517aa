"""The sandbox's own API under /_sandbox/."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from sbctl.sandbox.control import control
from sbctl.sandbox.identify import Request
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
