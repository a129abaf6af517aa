"""Kill the process at every call, and lose the answer of every call: a re-run ends in the world of a clean run."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Any

import pytest

from sbctl.core.clock import FakeClock
from sbctl.core.kinds.spec import Desired
from sbctl.core.kinds.values import plain
from sbctl.core.state import Record, State
from sbctl.engine.apply.journal import Journal
from sbctl.engine.planning.planner import Scope
from sbctl.store.media.memory import MemoryStore

from .cloud import Cloud, Died, box, circle, session, shelf


def estate() -> tuple[Desired, ...]:
    top, low = circle(shelf("top"), shelf("low", "us-west-2", size=2))
    joined = box("joined", top, friend=low.address.ref("url"))
    return top, low, box("one", top), joined


def run_once(cloud: Cloud, store: MemoryStore) -> None:
    run = session(cloud, store, *estate())
    run.apply(run.plan(Scope()).plan)


def clean() -> tuple[dict[tuple[str, str, str], dict[str, object]], int]:
    cloud = Cloud()
    run_once(cloud, MemoryStore())
    return cloud.world(), len(cloud.calls)


@pytest.mark.parametrize("how", ["before", "after", "lost"])
def test_every_call_may_be_the_last(how: str) -> None:
    """After a crash before or after any call, or a lost answer, re-running converges: nothing twice, next plan empty."""
    wanted, calls = clean()
    for number in range(1, calls + 1):
        cloud, store = Cloud(), MemoryStore()
        cloud.fail = {number: how}
        with contextlib.suppress(Died):
            run_once(cloud, store)
        cloud.fail = {}
        run_once(cloud, store)
        run = session(cloud, store, *estate())
        assert [step.address for step in run.plan(Scope()).plan.pending] == [], f"{how} call {number}"
        assert cloud.world() == wanted, f"{how} call {number}"
        origins = {record.origin for record in store.load().records.values()}
        assert origins == {"created"}, f"{how} call {number}"


def test_an_attempt_that_took_effect_and_failed_is_ours_without_a_tag() -> None:
    """A creation that AWS made and then called busy is found by the next attempt, and is no thing that was there before."""
    cloud, store, thing = Cloud(), MemoryStore(), shelf("top")
    bare = replace(thing, spec=thing.spec.model_copy(update={"tags": {}}))
    run = session(cloud, store, bare)
    plan = run.plan(Scope()).plan
    cloud.fail = {len(cloud.calls) + 1: "busy"}
    assert run.apply(plan).problems == []
    assert [operation for _, operation in cloud.calls].count("Create") == 2
    assert [(record.origin, record.status) for record in store.load().records.values()] == [("created", "ready")]


@pytest.mark.parametrize(
    ("status", "ids", "size", "generation"),
    [
        ("creating", {}, 1, 4),
        ("creating", {"id": "shelf-1"}, 1, 5),
        ("creating", {}, 2, 5),
        ("ready", {"id": "shelf-1"}, 1, 5),
    ],
)
def test_an_unfinished_creation_is_asked_for_with_the_same_token(
    status: Any, ids: dict[str, str], size: int, generation: int
) -> None:
    """Killed before anything says whose it is, a thing is not made twice; one that was recorded, or is wanted otherwise, is new."""
    wanted = shelf("top", size=1)
    applied = {name: value for name, value in plain(wanted.spec).items() if value is not None}
    record = Record(address=str(wanted.address), status=status, ids=ids, applied=applied, generation=4)
    journal = Journal(MemoryStore(), FakeClock(), State().with_record(record))
    assert journal.creation(wanted.address, shelf("top", size=size).spec) == generation


def test_a_container_that_is_still_being_built_is_waited_for() -> None:
    """After a kill while AWS builds a container, the next run does not ask what is in it, waits for it and goes on."""
    cloud, store = Cloud(), MemoryStore()
    run = session(cloud, store, *estate())
    plan = run.plan(Scope()).plan
    cloud.fail = {len(cloud.calls) + 1: "after"}
    with contextlib.suppress(Died):
        run.apply(plan)
    cloud.building = {thing["id"]: 4 for thing in cloud.things.values()}
    assert cloud.building
    run_once(cloud, store)
    assert cloud.world() == clean()[0]
    assert session(cloud, store, *estate()).plan(Scope()).plan.pending == ()


def test_the_sweep_covers_calls() -> None:
    """The sweep is not empty: a clean run makes reads and creations in both regions."""
    cloud = Cloud()
    run_once(cloud, MemoryStore())
    assert {"List", "Create", "Get", "Update"} <= {name for _, name in cloud.calls}
    assert {region for region, _ in cloud.calls} == {"us-east-1", "us-west-2"}


@pytest.mark.parametrize("how", ["before", "after", "lost"])
def test_what_was_begun_and_is_no_longer_wanted_goes(how: str) -> None:
    """A creation that was cut short, and then taken out of the config, is found by its key and removed, or forgotten."""
    top, one = shelf("top"), box("one", shelf("top"))
    kept = Cloud(), MemoryStore()
    cloud, store = kept
    run = session(cloud, store, top)
    run.apply(run.plan(Scope()).plan)
    run = session(cloud, store, top, one)
    plan = run.plan(Scope()).plan
    cloud.fail = {len(cloud.calls) + 1: how}
    with contextlib.suppress(Died):
        run.apply(plan)
    cloud.fail = {}
    run = session(cloud, store, top)
    run.apply(run.plan(Scope()).plan)
    assert set(cloud.world()) == {("us-east-1", "shelf", "top")}
    assert set(store.load().records) == {"shelf.us-east-1.top"}
