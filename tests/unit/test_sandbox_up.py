"""`sbctl sandbox up` where one runs already: what was asked for and is not so is told."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.commands.sandbox.group import not_applied

NOTE = {"endpoint": "http://127.0.0.1:1234", "port": 1234, "dns": "127.0.0.1:5353", "speed": 50.0, "limits": True}
NOTHING: dict[str, Any] = {"speed": None, "limits": None, "port": 0, "dns_port": 0, "data": None}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, ""),
        ({"speed": 50.0, "limits": True, "port": 1234, "dns_port": 5353}, ""),
        ({"speed": 10.0}, "--speed 10"),
        ({"speed": 0.0}, "--speed 0"),
        ({"limits": False}, "--no-limits"),
        ({"port": 4321, "dns_port": 53}, "--port 4321, --dns-port 53"),
    ],
)
def test_options_that_a_running_sandbox_does_not_have_are_told(asked: dict[str, Any], told: str) -> None:
    """With the command that gives them; what it has already, and what was not asked for, is no matter."""
    found = not_applied(NOTE, {**NOTHING, **asked})
    assert [one.detail for one in found] == ([f"not applied: {told}"] if told else [])
    assert all(told.replace(",", "") in one.fix for one in found)


@pytest.mark.parametrize(("data", "told"), [("", "which loses its world"), ("/w/my world", "--data '/w/my world'")])
def test_the_remedy_keeps_the_world_or_says_that_it_goes(data: str, told: str) -> None:
    """A sandbox that keeps its world is started again with its folder."""
    (problem,) = not_applied({**NOTE, **({"data": data} if data else {})}, {**NOTHING, "speed": 10.0})
    assert told in problem.fix
