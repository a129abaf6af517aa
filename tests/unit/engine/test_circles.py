"""What is made whole: nobody meets a play whose content, or what it leads to, is not there yet. Only circles begin as drafts."""

from __future__ import annotations

import contextlib
import random
from typing import Any

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.order import circles
from sbctl.core.kinds.spec import Desired
from sbctl.engine.apply.graph import FINISH, Graph, tasks
from sbctl.engine.planning.planner import Scope
from sbctl.store.media.memory import MemoryStore

from .cloud import KINDS, Cloud, Died, play, session

ALL = Scope()
CIRCLE = (play("hello", "menu"), play("menu", "sales", "support"), play("sales", "menu"), play("support"))


class Refusing(Cloud):
    """It does not take the play that leads to two."""

    refuses = True

    def Update(self, region: str, params: dict[str, Any]) -> dict[str, Any]:
        if self.refuses and len(params.get("friends") or ()) == 2:
            raise AwsError("InvalidContent", "that is no play", operation="Update", region=region)
        return super().Update(region, params)


def deploy(cloud: Cloud, store: MemoryStore, *desired: Desired) -> None:
    run = session(cloud, store, *desired)
    assert run.apply(run.plan(ALL).plan).problems == []


def graph(cloud: Cloud, store: MemoryStore, *desired: Desired) -> Graph:
    return tasks(session(cloud, store, *desired).plan(ALL).plan, KINDS)


def comes_before(found: Graph) -> dict[str, set[str]]:
    """What each task waits for, by short names."""
    short = {task: str(task).replace("play.us-east-1.", "") for task in found}
    return {short[task]: {short[one] for one in before} for task, before in found.items()}


def written(cloud: Cloud, name: str) -> list[str]:
    return [operation for _, operation in cloud.calls if operation == name]


def unsound(cloud: Cloud) -> list[str]:
    """The plays in use that lead to one which is not: drafts are in use nowhere."""
    plays = {thing["id"]: thing for (_, kind, _), thing in cloud.things.items() if kind == "play"}
    whole = {key for key, thing in plays.items() if thing.get("friends") is not None}
    return [plays[key]["name"] for key in whole if not whole.issuperset(plays[key]["friends"])]


def test_what_stands_in_no_circle_is_made_whole() -> None:
    """One call each, and each after what it leads to."""
    cloud, store = Cloud(), MemoryStore()
    line = (play("hello", "menu"), play("menu", "sales"), play("sales"))
    assert comes_before(graph(cloud, store, *line)) == {"hello": {"menu"}, "menu": {"sales"}, "sales": set()}
    deploy(cloud, store, *line)
    assert len(written(cloud, "Create")) == 3
    assert written(cloud, "Update") == []


def test_only_what_stands_in_a_circle_is_made_in_halves() -> None:
    """Whoever stands outside waits for the whole circle, not only for the one that it leads to."""
    found = comes_before(graph(Cloud(), MemoryStore(), *CIRCLE))
    assert {name for name in found if name.endswith("(content)")} == {"menu (content)", "sales (content)"}
    assert found["hello"] == {"menu (content)", "sales (content)"}
    assert found["menu (content)"] == {"menu", "sales", "support"}
    assert found["menu"] == set()


def test_what_is_in_use_changes_after_the_circle_that_it_joins_is_whole() -> None:
    """A play that others can reach leads to a new one, which leads back to it: the new one is published first."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, play("menu"))
    found = comes_before(graph(cloud, store, play("menu", "sales"), play("sales", "menu")))
    assert found == {"menu": {"sales", "sales (content)"}, "sales": set(), "sales (content)": {"sales"}}


def test_changes_come_in_the_order_of_what_leads_where() -> None:
    """What is led to changes first, so that nobody is sent to an old one by a new one."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, play("hello", "menu"), play("menu"))
    changed = graph(cloud, store, play("hello", "menu", size=2), play("menu", size=2))
    assert comes_before(changed) == {"hello": {"menu"}, "menu": set()}


def test_a_failure_leaves_no_half_of_a_circle_in_use() -> None:
    """Where one of a circle cannot be filled, nothing outside leads to it."""
    cloud, store = Refusing(), MemoryStore()
    run = session(cloud, store, *CIRCLE)
    outcome = run.apply(run.plan(ALL).plan)
    assert outcome.failed == {"play.us-east-1.menu"}
    assert "play.us-east-1.hello" in outcome.skipped
    assert "hello" not in {name for _, _, name in cloud.things}
    cloud.refuses = False
    deploy(cloud, store, *CIRCLE)
    assert run.plan(ALL).plan.pending == ()


@pytest.mark.parametrize("how", ["before", "after", "lost"])
def test_wherever_a_run_dies_what_can_be_reached_is_whole(how: str) -> None:
    """`hello` is what callers can reach: at no call of a deploy does it exist and lead to a draft. The next run ends it."""
    clean, first = Cloud(), MemoryStore()
    deploy(clean, first, *CIRCLE)
    for number in range(1, len(clean.calls) + 1):
        cloud, store = Cloud(), MemoryStore()
        cloud.fail = {number: how}
        with contextlib.suppress(Died):
            run = session(cloud, store, *CIRCLE)
            run.apply(run.plan(ALL).plan)
        cloud.fail = {}
        things = {name: thing for (_, _, name), thing in cloud.things.items()}
        if "hello" in things:
            assert all(thing.get("friends") is not None for thing in things.values()), f"{how} call {number}"
        deploy(cloud, store, *CIRCLE)
        assert session(cloud, store, *CIRCLE).plan(ALL).plan.pending == (), f"{how} call {number}"
        assert unsound(cloud) == []
        assert {key: thing["size"] for key, thing in cloud.world().items()} == {
            key: thing["size"] for key, thing in clean.world().items()
        }


def test_random_estates_deploy_and_change() -> None:
    """Any plays that lead anywhere: no circle is refused, the second plan is empty, also after everything was turned round."""
    dice = random.Random(7)
    for _ in range(40):
        cloud, store = Cloud(), MemoryStore()
        names = [f"p{number}" for number in range(dice.randint(1, 6))]
        for _ in range(2):
            chosen = [name for name in names if dice.random() < 0.8]
            desired = [play(name, *(one for one in chosen if dice.random() < 0.35)) for name in chosen]
            run = session(cloud, store, *desired)
            plan = run.plan(ALL).plan
            found = tasks(plan, KINDS)
            assert {task.address for task in found} == {step.address for step in plan.pending}
            assert run.apply(plan).problems == []
            assert run.plan(ALL).plan.pending == ()
            assert unsound(cloud) == []


def test_circles_are_found() -> None:
    """Groups that need each other, and what needs itself; chains of any length are none."""
    needs = {"a": "b", "b": "c", "c": "ad", "d": "", "e": "e", "f": "a"}
    assert circles(needs) == {**dict.fromkeys("abc", frozenset("abc")), "e": frozenset("e")}
    assert circles({number: [number + 1] for number in range(5000)}) == {}


def test_the_second_half_is_told_apart() -> None:
    """A task's name says which half it is."""
    found = graph(Cloud(), MemoryStore(), *CIRCLE)
    assert {str(task) for task in found if task.part == FINISH} == {
        "play.us-east-1.menu (content)",
        "play.us-east-1.sales (content)",
    }
