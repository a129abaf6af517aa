"""Which tasks of a plan may start: after what they need, few at once in a region, and first what most waits for."""

from __future__ import annotations

from sbctl.engine.apply.graph import Graph, Task
from sbctl.engine.apply.schedule import Schedule

EAST, WEST = "us-east-1", "us-west-2"


def task(name: str, region: str = EAST) -> Task:
    return Task(f"thing.{region}.{name}", "create")


def graph(needs: dict[Task, set[Task]]) -> Graph:
    return {one: frozenset(before) for one, before in needs.items()}


def schedule(needs: dict[Task, set[Task]], at_once: int = 2) -> Schedule:
    return Schedule(graph(needs), {one: one.address.split(".")[1] for one in needs}, at_once)


def names(tasks: list[Task]) -> list[str]:
    return [one.address.rpartition(".")[2] for one in tasks]


def test_what_the_longest_chain_hangs_on_comes_first() -> None:
    """However many others were listed before it: else hundreds of queues keep the last record waiting."""
    first, middle, last = task("first"), task("middle"), task("last")
    crowd = [task(f"crowd-{number}") for number in range(5)]
    plan = schedule({**{one: set() for one in crowd}, last: {middle}, middle: {first}, first: set()})
    assert names(plan.start()) == ["first", "crowd-0"]
    plan.done(crowd[0])
    assert names(plan.start()) == ["crowd-1"]
    plan.done(first)
    assert names(plan.start()) == ["middle"]


def test_few_at_once_in_a_region_and_none_waits_for_another_region() -> None:
    plan = schedule(
        {**{task(f"east-{n}"): set() for n in range(4)}, **{task(f"west-{n}", WEST): set() for n in range(3)}}
    )
    assert sorted(names(plan.start())) == ["east-0", "east-1", "west-0", "west-1"]
    assert plan.start() == []
    plan.done(task("west-1", WEST))
    assert names(plan.start()) == ["west-2"]


def test_a_task_waits_for_all_that_it_needs() -> None:
    one, other, both = task("one"), task("other", WEST), task("both")
    plan = schedule({both: {one, other}, one: set(), other: set()})
    assert sorted(names(plan.start())) == ["one", "other"]
    plan.done(one)
    assert plan.start() == []
    plan.done(other)
    assert names(plan.start()) == ["both"]


def test_a_failure_takes_what_hangs_on_it_out_and_nothing_else() -> None:
    root, near, far, free = task("root"), task("near"), task("far"), task("free")
    plan = schedule({far: {near, free}, near: {root}, root: set(), free: set()})
    plan.start()
    assert names(plan.failed(root)) == ["near", "far"]
    plan.done(free)
    assert plan.start() == []


def test_two_failures_take_the_same_task_out_once() -> None:
    one, other, both = task("one"), task("other"), task("both")
    plan = schedule({both: {one, other}, one: set(), other: set()})
    plan.start()
    assert names(plan.failed(one)) == ["both"]
    assert plan.failed(other) == []


def test_what_was_dropped_does_not_start() -> None:
    one, then = task("one"), task("then")
    plan = schedule({then: {one}, one: set()}, at_once=1)
    plan.start()
    plan.drop()
    plan.done(one)
    assert plan.start() == []
