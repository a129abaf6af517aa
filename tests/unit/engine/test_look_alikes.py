"""What has no tags is known by what it is besides its name: renamed and not recorded, it is not made a second time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from sbctl.core.address import Address
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import Desired
from sbctl.engine.planning.planner import Scope
from sbctl.store.media.memory import MemoryStore

from .cloud import KINDS, Cloud, ThingKind, ThingSpec, session

EAST = "us-east-1"


class SlipKind(ThingKind):
    """Slips of paper, known by size and colour besides their name."""

    def likeness(self, spec: ThingSpec) -> str:
        return f"{spec.size} {spec.colour}"

    def find(self, aws: AwsCalls, region: str, within: str, sought: Sought) -> Iterable[Live[ThingSpec]]:  # noqa: ARG002
        return self.list(aws, region, within)


WITH_SLIPS: dict[str, Kind[Any, Any]] = {**KINDS, "slip": SlipKind("slip")}


def slip(name: str, size: int = 1) -> Desired:
    return Desired(address=Address.of("slip", EAST, name), spec=ThingSpec(name=name, size=size))


def there(cloud: Cloud, *names: str, size: int = 1) -> None:
    """Slips that nobody has recorded."""
    for name in names:
        cloud.call("cloud", "Create", EAST, kind="slip", name=name, size=size, colour="red", shelf="")


@pytest.mark.parametrize(
    ("names", "wanted", "actions"),
    [
        (["Holidays"], ["Christmas"], {"christmas": "adopt"}),
        (["Holidays"], ["Christmas", "Yule"], {"christmas": "adopt", "yule": "create"}),
        (["Holidays", "Days off"], ["Christmas", "Yule"], {"christmas": "adopt", "yule": "adopt"}),
        (["Yule"], ["Christmas", "Yule"], {"christmas": "create", "yule": "adopt"}),
        ([], ["Christmas"], {"christmas": "create"}),
    ],
)
def test_what_is_alike_is_taken_over(names: list[str], wanted: list[str], actions: dict[str, str]) -> None:
    """Once, and only where nobody else has it; after the run there are as many as are wanted."""
    cloud, store = Cloud(), MemoryStore()
    there(cloud, *names)
    items = [slip(name) for name in wanted]
    run = session(cloud, store, *items, kinds=WITH_SLIPS)
    plan = run.plan(Scope()).plan
    assert {step.at.name: step.action for step in plan.pending} == actions
    assert run.apply(plan).problems == []
    assert sorted(thing["name"] for thing in cloud.things.values()) == sorted(wanted)
    assert session(cloud, store, *items, kinds=WITH_SLIPS).plan(Scope()).plan.pending == ()


def test_what_is_otherwise_or_recorded_is_left_alone() -> None:
    """Another size is another slip; what the state knows belongs to its address."""
    cloud, store = Cloud(), MemoryStore()
    there(cloud, "Holidays", size=2)
    first = session(cloud, store, slip("Easter"), kinds=WITH_SLIPS)
    assert first.apply(first.plan(Scope()).plan).problems == []
    plan = session(cloud, store, slip("Easter"), slip("Christmas"), kinds=WITH_SLIPS).plan(Scope()).plan
    assert {step.at.name: step.action for step in plan.pending} == {"christmas": "create"}


def test_what_a_list_still_shows_is_not_taken() -> None:
    """It was deleted a moment ago."""
    cloud, store = Cloud(), MemoryStore()
    there(cloud, "Holidays")
    cloud.lagging = True
    (thing,) = cloud.things.values()
    cloud.call("cloud", "Delete", EAST, kind="slip", id=thing["id"])
    plan = session(cloud, store, slip("Christmas"), kinds=WITH_SLIPS).plan(Scope()).plan
    assert [step.action for step in plan.pending] == ["create"]
