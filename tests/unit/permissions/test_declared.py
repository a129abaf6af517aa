"""What the policies are derived from: every call in the code is declared where the policies look for it."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from sbctl.core.kinds.discover import discover
from sbctl.permissions.actions import NONE_NEEDED, actions_of, dependent_actions
from sbctl.permissions.scopes import NARROWED, SERVICES, SINGLE

ROOT = Path(__file__).parents[3] / "sbctl"
ROOMS = ("failover", "checks")


def calls(path: Path) -> Iterator[str]:
    """Calls with literal names in a file: `x.call("service", "Operation", …)` and `Call("service", "Operation", …)`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and len(node.args) > 1:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            values = [str(argument.value) for argument in node.args[:2] if isinstance(argument, ast.Constant)]
            if name in ("call", "Call") and len(values) == 2:
                yield ":".join(values)


def declared(room: str) -> set[str]:
    found: set[str] = set()
    for path in sorted((ROOT / room).glob("*.py")):
        module = importlib.import_module(f"sbctl.{room}.{path.stem}") if path.stem != "__init__" else None
        found |= getattr(module, "CALLS", frozenset())
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_every_call_is_declared(room: str) -> None:
    """No module of failovers or checks calls AWS with an operation that no CALLS of its room names."""
    made = {call for path in (ROOT / room).glob("*.py") for call in calls(path)}
    assert made - declared(room) - NONE_NEEDED == set()


def test_every_declared_call_has_a_scope() -> None:
    """Each action that anybody's calls need is allowed somewhere definite: its service is known to the scopes."""
    kinds = discover("sbctl.resources", "RESOURCE").values()
    made = {call for kind in kinds for call in kind.calls}.union(*(declared(room) for room in ROOMS))
    also = dependent_actions(kinds)
    for action in (action for call in made for action in actions_of(call, also.get(call, ()))):
        known = NARROWED if "@" in action else {**SINGLE, **SERVICES}
        assert action in known or action.partition(":")[0] in known, action
