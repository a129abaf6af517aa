"""What differs and means nothing: told in the plan, and written only where that is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.spec import Desired
from sbctl.core.plan import Step
from sbctl.engine.planning.planner import Scope
from sbctl.store.media.memory import MemoryStore

from .cloud import Cloud, ThingKind, session, shelf

ALL = Scope()


class NotedKind(ThingKind):
    """Things whose note means nothing from the first comma on."""

    def same(self, field: str, wanted: Any, live: Any) -> bool:
        return bool(_meant(field, wanted) == _meant(field, live))

    def aside(self, field: str, wanted: Any, live: Any) -> str:
        return "spelling" if field == "note" and self.same(field, wanted, live) and wanted != live else ""


def _meant(field: str, value: Any) -> Any:
    return value.partition(",")[0] if field == "note" and value else value


KINDS: dict[str, Kind[Any, Any]] = {"shelf": NotedKind("shelf")}


class Scene:
    """One shelf, deployed with a note."""

    def __init__(self) -> None:
        self.cloud, self.store = Cloud(), MemoryStore()
        self.deploy(shelf("top", note="a, b"))

    def plan(self, *desired: Desired, asides: bool = False) -> Step:
        (step,) = session(self.cloud, self.store, *desired, kinds=KINDS).plan(ALL, asides=asides).plan.steps
        return step

    def deploy(self, *desired: Desired, asides: bool = False) -> None:
        run = session(self.cloud, self.store, *desired, kinds=KINDS)
        assert run.apply(run.plan(ALL, asides=asides).plan).problems == []

    def note(self) -> str:
        return str(self.cloud.things["us-east-1", "shelf", "top"]["note"])


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_it_is_no_change_and_is_told(scene: Scene) -> None:
    """The step does nothing and says what it leaves."""
    step = scene.plan(shelf("top", note="a, c"))
    assert (step.action, step.changes, step.reason) == ("none", (), "spelling alone, deployed with --layout")
    scene.deploy(shelf("top", note="a, c"))
    assert scene.note() == "a, b"
    assert scene.plan(shelf("top", note="a, b")).reason == ""


def test_it_is_written_where_it_is_asked_for(scene: Scene) -> None:
    """Although it means the same; then nothing is told any more."""
    step = scene.plan(shelf("top", note="a, c"), asides=True)
    assert (step.action, [change.notes for change in step.changes]) == ("update", [("spelling alone",)])
    scene.deploy(shelf("top", note="a, c"), asides=True)
    assert scene.note() == "a, c"
    assert scene.plan(shelf("top", note="a, c")).reason == ""


def test_another_change_leaves_it_unless_it_is_asked_for(scene: Scene) -> None:
    """With the option both are written in one step."""
    changed = shelf("top", note="a, c", size=2)
    assert [change.field for change in scene.plan(changed).changes] == ["size"]
    assert [change.field for change in scene.plan(changed, asides=True).changes] == ["size", "note"]
    scene.deploy(changed, asides=True)
    assert scene.note() == "a, c"


def test_a_change_of_meaning_takes_it_along(scene: Scene) -> None:
    """It is one value."""
    scene.deploy(shelf("top", note="z, c"))
    assert scene.note() == "z, c"
