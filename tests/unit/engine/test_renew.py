"""What is as the config says by another way than an apply is recorded by the next deploy, so that drift is seen after it."""

from __future__ import annotations

from typing import Any

from sbctl.core.plan import Plan
from sbctl.engine.planning.planner import Scope
from sbctl.store.media.memory import MemoryStore

from .cloud import Cloud, box, session, shelf

ALL = Scope()
BOX = "box.us-east-1.one"


def at(cloud: Cloud, size: int) -> None:
    """Somebody changes the box by hand."""
    next(thing for thing in cloud.things.values() if thing["name"] == "one")["size"] = size


def deploy(cloud: Cloud, store: MemoryStore, size: int) -> Plan:
    top = shelf("top")
    run = session(cloud, store, top, box("one", top, size=size))
    plan = run.plan(ALL).plan
    run.renew(plan)
    if plan.pending:
        assert run.apply(plan).problems == []
    return plan


def why(cloud: Cloud, store: MemoryStore, size: int) -> list[Any]:
    top = shelf("top")
    plan = session(cloud, store, top, box("one", top, size=size)).plan(ALL).plan
    return [change.why for step in plan.pending for change in step.changes]


def test_an_edit_that_the_config_followed_is_recorded() -> None:
    """Of the box, 2 was applied; 5 was set by hand and then in the config. What is set after that is drift."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, 2)
    at(cloud, 5)
    assert not deploy(cloud, store, 5).pending
    assert store.load().records[BOX].applied["size"] == 5
    at(cloud, 7)
    assert why(cloud, store, 5) == ["drift"]


def test_the_mark_of_a_rollback_goes_with_what_it_was_about() -> None:
    """The file was put back to what is published: nothing is rolled back any more."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, 2)
    record = store.load().records[BOX]
    store.put(record.model_copy(update={"rolled_back": {"to": "version 1"}}))
    deploy(cloud, store, 2)
    assert store.load().records[BOX].rolled_back == {}


def test_a_deploy_that_finds_all_as_recorded_writes_nothing() -> None:
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, 2)
    before = store.load()
    deploy(cloud, store, 2)
    assert store.load() == before
