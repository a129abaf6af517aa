"""Every sort of resource of the simulated Connect is one file with its own facts: the one that is left out fails by name."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import sbctl.sandbox.connect
from sbctl.core.kinds.discover import discover
from sbctl.core.kinds.resource import Kind
from sbctl.sandbox.connect.part import parts
from sbctl.sandbox.world import World, WorldSettings

FOLDER = Path(str(sbctl.sandbox.connect.__file__)).parent
SHELF: dict[str, Kind[Any, Any]] = discover("sbctl.resources", "RESOURCE")


def answering(source: str) -> bool:
    """Whether a file has a class with a method `operations`; a property of that name is the service's own."""
    return any(
        isinstance(method, ast.FunctionDef) and method.name == "operations" and not method.decorator_list
        for one in ast.walk(ast.parse(source))
        if isinstance(one, ast.ClassDef) and not any(getattr(base, "id", "") == "Protocol" for base in one.bases)
        for method in one.body
    )


def kinds_added(source: str) -> bool:
    """Whether a file makes things of a kind of its own."""
    return any(
        isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "KIND" for target in node.targets)
        for node in ast.parse(source).body
    )


def module(path: Path) -> str:
    """Wing and module of a file, as `parts` has them: `routing.queues`."""
    return ".".join(path.relative_to(FOLDER).with_suffix("").parts)


def source(name: str) -> str:
    return (FOLDER / f"{name.replace('.', '/')}.py").read_text(encoding="utf-8")


def test_what_answers_is_a_part() -> None:
    """A file with operations and without PART would answer nothing."""
    found = {module(path) for path in FOLDER.rglob("*.py") if answering(path.read_text(encoding="utf-8"))}
    assert sorted(found - parts().keys()) == [], "end the file with PART = ConnectPart(...)"
    assert parts().keys() == found


def test_what_makes_things_states_how_many() -> None:
    """AWS refuses the one too many; a part that says no number would take any."""
    found = [name for name in parts() if kinds_added(source(name))]
    assert [name for name in found if not parts()[name].quotas] == [], "state quotas={KIND: ...}"


def test_every_call_of_a_connect_kind_has_a_part() -> None:
    """Named by the kind: what its file in sbctl/sandbox/connect/ lacks."""
    present = {f"connect:{name}" for name in World(WorldSettings()).services["connect"].operations}
    missing = {
        name: sorted(call for call in kind.calls - present if call[:8] == "connect:") for name, kind in SHELF.items()
    }
    assert {name: calls for name, calls in missing.items() if calls} == {}
