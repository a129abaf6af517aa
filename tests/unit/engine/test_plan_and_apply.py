"""Plan and apply on a tiny cloud: what is planned, what is done, what is left alone."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.spec import Desired
from sbctl.core.plan import Plan
from sbctl.core.problem import Problem, SbctlError
from sbctl.core.state import State
from sbctl.engine.matching.observed import one_a_region
from sbctl.engine.planning.guards import against_deletes, against_staleness
from sbctl.engine.planning.planner import Scope
from sbctl.store.media.memory import MemoryStore

from .cloud import KINDS, Cloud, ThingSpec, box, circle, session, shelf

ALL = Scope()


def actions(plan: Plan) -> dict[str, str]:
    return {step.address: step.action for step in plan.pending}


def deploy(cloud: Cloud, store: MemoryStore, *desired: Desired) -> Plan:
    run = session(cloud, store, *desired)
    plan = run.plan(ALL).plan
    outcome = run.apply(plan)
    assert outcome.problems == []
    return plan


def estate() -> tuple[Desired, ...]:
    top = shelf("top")
    return top, box("one", top), box("two", top, size=3)


def test_a_second_plan_is_empty() -> None:
    """What was just deployed needs nothing more."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, *estate())
    assert actions(session(cloud, store, *estate()).plan(ALL).plan) == {}


def test_things_in_a_container_that_does_not_exist_are_planned_without_looking() -> None:
    """A box on a shelf that is not there yet is a creation whose container is known only later."""
    plan = session(Cloud(), MemoryStore(), *estate()).plan(ALL).plan
    assert set(actions(plan).values()) == {"create"}
    change = next(c for s in plan.steps if s.address == "box.us-east-1.one" for c in s.changes if c.field == "shelf")
    assert change.after == {"$unknown": "shelf.us-east-1.top#id"}


def test_what_stands_in_a_circle_is_taken_over_as_it_is() -> None:
    """Two things that name each other are adopted together, with what is live as what is wanted; nothing is called."""
    cloud = Cloud()
    two = circle(shelf("top"), shelf("low"))
    deploy(cloud, MemoryStore(), *two)
    store = MemoryStore()
    run = session(cloud, store, *two)
    plan = run.plan(ALL).plan
    assert set(actions(plan).values()) == {"adopt"}
    steps = tuple(step.model_copy(update={"wanted": step.seen, "changes": ()}) for step in plan.steps)
    before = [call for call in cloud.calls if call[1] in ("Create", "Update")]
    assert run.apply(plan.model_copy(update={"steps": steps})).problems == []
    assert [call for call in cloud.calls if call[1] in ("Create", "Update")] == before
    assert actions(run.plan(ALL).plan) == {}


def test_references_are_filled_in() -> None:
    """Boxes end up on the shelf that the same run made."""
    cloud = Cloud()
    deploy(cloud, MemoryStore(), *estate())
    made = cloud.things[("us-east-1", "shelf", "top")]["id"]
    assert {thing["shelf"] for key, thing in cloud.things.items() if key[1] == "box"} == {made}


def test_a_circle_of_deferred_references_deploys() -> None:
    """Two things that name each other are created first and joined afterwards."""
    one, two = circle(shelf("one"), shelf("two"))
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, one, two)
    things = {key[2]: thing for key, thing in cloud.things.items()}
    assert things["one"]["friend"] == things["two"]["id"]
    assert things["two"]["friend"] == things["one"]["id"]
    assert actions(session(cloud, store, one, two).plan(ALL).plan) == {}


@pytest.mark.parametrize("change", [{"size": 7}, {"colour": "blue"}])
def test_a_circle_of_deferred_references_changes(change: dict[str, Any]) -> None:
    """Things that name each other can be updated, and replaced, in one run."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, *circle(shelf("one"), shelf("two")))
    changed = circle(shelf("one", **change), shelf("two", **change))
    deploy(cloud, store, *changed)
    things = {key[2]: thing for key, thing in cloud.things.items()}
    assert things["one"]["friend"] == things["two"]["id"]
    assert things["two"]["friend"] == things["one"]["id"]
    assert actions(session(cloud, store, *changed).plan(ALL).plan) == {}


def test_a_circle_of_deferred_references_is_destroyed() -> None:
    """Things that name each other can be deleted: a circle has no first, so any order will do."""
    one, two = circle(shelf("one"), shelf("two"))
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, one, two, box("on", one))
    run = session(cloud, store)
    outcome = run.apply(run.plan(ALL, destroy=True).plan)
    assert outcome.problems == []
    assert cloud.things == {}


def test_a_change_by_hand_is_drift_and_is_put_back_alone() -> None:
    """Exactly the field that somebody changed shows, as drift, and exactly that is repaired."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, *estate())
    cloud.things[("us-east-1", "box", "two")]["size"] = 9
    run = session(cloud, store, *estate())
    plan = run.plan(ALL).plan
    assert [(s.address, [(c.field, c.before, c.after, c.why) for c in s.changes]) for s in plan.pending] == [
        ("box.us-east-1.two", [("size", 9, 3, "drift")])
    ]
    before = len(cloud.calls)
    run.apply(plan)
    assert [name for _, name in cloud.calls[before:] if name not in ("Get", "List", "Ask")] == ["Update"]
    assert cloud.things[("us-east-1", "box", "two")]["size"] == 3


def test_a_change_of_config_is_not_called_drift() -> None:
    """Who moved is told from what was last applied."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, *estate())
    top, one, two = estate()
    two = replace(two, spec=ThingSpec(**{**two.spec.model_dump(), "shelf": two.values["shelf"], "size": 5}))
    plan = session(cloud, store, top, one, two).plan(ALL).plan
    assert [c.why for s in plan.pending for c in s.changes] == ["config"]


def test_foreign_tags_stay_and_our_old_ones_go() -> None:
    """In an owned map, keys of others are left alone; keys that we applied and no longer want are removed."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, shelf("top", tags={"team": "a", "old": "x"}))
    cloud.things[("us-east-1", "shelf", "top")]["tags"]["theirs"] = "1"
    deploy(cloud, store, shelf("top", tags={"team": "b"}))
    assert cloud.things[("us-east-1", "shelf", "top")]["tags"] == {
        "sbctl:project": "test",
        "sbctl:address": "shelf.us-east-1.top",
        "team": "b",
        "theirs": "1",
    }


def test_a_replacement_renews_what_refers_to_it() -> None:
    """A field that cannot change in place replaces the thing, and what refers to it is updated with the new id."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, *estate())
    top = shelf("top", colour="blue")
    plan = deploy(cloud, store, top, box("one", top), box("two", top, size=3))
    assert actions(plan) == {
        "shelf.us-east-1.top": "replace",
        "box.us-east-1.one": "update",
        "box.us-east-1.two": "update",
    }
    made = cloud.things[("us-east-1", "shelf", "top")]["id"]
    assert cloud.things[("us-east-1", "box", "one")]["shelf"] == made


def test_what_exists_is_adopted_and_never_destroyed() -> None:
    """A thing that was there before is taken over, and a destroy only forgets it."""
    cloud, store = Cloud(), MemoryStore()
    cloud.Create("us-east-1", {"kind": "shelf", "name": "top", "size": 1, "colour": "red", "tags": {}})
    plan = deploy(cloud, store, *estate())
    assert actions(plan)["shelf.us-east-1.top"] == "adopt"
    run = session(cloud, store, *estate())
    plan = run.plan(ALL, destroy=True).plan
    assert actions(plan) == {
        "box.us-east-1.one": "delete",
        "box.us-east-1.two": "delete",
        "shelf.us-east-1.top": "forget",
    }
    run.apply(plan)
    assert list(cloud.things) == [("us-east-1", "shelf", "top")]


def test_what_the_index_still_shows_after_its_deletion_is_not_adopted() -> None:
    """A search index that is behind a deletion is not believed: the thing is made anew."""
    cloud, store = Cloud(), MemoryStore()
    top, one, two = estate()
    deploy(cloud, store, top, one, two)
    cloud.lagging = True
    deploy(cloud, store, top, one)
    plan = session(cloud, store, top, one, two).plan(ALL).plan
    assert actions(plan) == {"box.us-east-1.two": "create"}


@pytest.mark.parametrize("later", [0.0, 3600.0])
def test_a_record_that_was_renamed_is_changed_in_place(later: float) -> None:
    """What the config calls otherwise stands under its old name in AWS, however long ago that was written."""
    cloud, store = Cloud(), MemoryStore()
    top, one, two = estate()
    deploy(cloud, store, top, one, two)
    first = box("first", top)
    records = dict(store.load().records)
    moved = records.pop(str(one.address)).model_copy(update={"address": str(first.address)})
    state = store.load().model_copy(update={"records": {**records, moved.address: moved}})
    run = session(cloud, MemoryStore(state), top, first, two)
    run.clock.sleep(later)
    plan = run.plan(ALL).plan
    assert actions(plan) == {"box.us-east-1.first": "update"}
    cloud.things = {key: thing for key, thing in cloud.things.items() if thing["name"] != "one"}
    assert actions(run.plan(ALL).plan) == {"box.us-east-1.first": "create"}


def test_destroy_goes_in_reverse_order_and_leaves_foreign_things() -> None:
    """Boxes go before their shelf; what sbctl did not make stays."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, *estate())
    cloud.Create("us-east-1", {"kind": "shelf", "name": "foreign", "tags": {}})
    run = session(cloud, store, *estate())
    begun = len(cloud.calls)
    outcome = run.apply(run.plan(ALL, destroy=True).plan)
    assert outcome.problems == []
    assert [key[2] for key in cloud.things] == ["foreign"]
    assert [name for _, name in cloud.calls[begun:] if name == "Delete"] == ["Delete"] * 3
    assert store.load().records == {}


@pytest.mark.parametrize("recorded", [True, False])
def test_what_stood_in_a_container_that_is_gone_is_forgotten(recorded: bool) -> None:
    """AWS refuses to list what was in a deleted instance. Destroy ends all the same, also with the instance forgotten."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, *estate())
    cloud.things.clear()
    cloud.strict = True
    if not recorded:
        store.drop(shelf("top").address, 9)
    run = session(cloud, store, *estate())
    planned = run.plan(ALL, destroy=True)
    assert planned.problems == ()
    assert set(actions(planned.plan).values()) == {"forget"}
    assert run.apply(planned.plan).problems == []
    assert store.load().records == {}


def test_a_container_that_is_there_and_is_refused_is_a_problem() -> None:
    """Only what is in nothing is gone: while the container stands, AWS's answer is told and nothing is forgotten."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, *estate())
    answer = cloud.List

    def refusing(region: str, params: dict[str, Any]) -> dict[str, Any]:
        if params.get("within"):
            raise AwsError("ResourceNotFoundException", "not yet", operation="List", region=region)
        return answer(region, params)

    cloud.List = refusing  # type: ignore[method-assign]
    planned = session(cloud, store, *estate()).plan(ALL, destroy=True)
    assert [problem.code for problem in planned.problems] == ["aws-error"]
    assert not any(address.startswith("box.") for address in actions(planned.plan))


def test_one_region_alone_and_what_it_needs() -> None:
    """A scope of one region includes what that region's things refer to elsewhere, and nothing more."""
    east, west, other = shelf("east"), shelf("west", "us-west-2"), shelf("other")
    there = box("there", west, "us-west-2", friend=east.address.ref("id"))
    run = session(Cloud(), MemoryStore(), east, west, other, there)
    plan = run.plan(Scope(regions=frozenset({"us-west-2"}))).plan
    assert set(actions(plan)) == {"shelf.us-east-1.east", "shelf.us-west-2.west", "box.us-west-2.there"}


def test_a_dead_region_does_not_stop_the_others() -> None:
    """What lives in a region that does not answer is left out and named; the rest is deployed, and a re-run finishes."""
    cloud, store = Cloud(), MemoryStore()
    cloud.dead.add("us-west-2")
    things = (shelf("east"), shelf("west", "us-west-2"))
    run = session(cloud, store, *things)
    planned = run.plan(ALL)
    assert planned.plan.unread == ("us-west-2",)
    assert [problem.code for problem in planned.problems] == ["region-unreachable"]
    run.apply(planned.plan)
    assert [key[0] for key in cloud.things] == ["us-east-1"]
    cloud.dead.clear()
    assert actions(deploy(cloud, store, *things)) == {"shelf.us-west-2.west": "create"}


def test_a_dead_region_is_one_problem() -> None:
    """However many kinds could not be read there, people read one problem for each region that is silent."""
    cloud = Cloud()
    cloud.dead = {"us-west-2"}
    west = shelf("low", "us-west-2")
    problems = session(cloud, MemoryStore(), *estate(), west, box("far", west, "us-west-2")).plan(ALL).problems
    assert [(problem.code, problem.at) for problem in problems] == [("region-unreachable", "us-west-2")]


def test_problems_of_one_region_name_what_was_not_read() -> None:
    """Two kinds that were not read stand in one problem; other problems stay as they are."""
    other = Problem(code="aws-error", summary="AWS refused the call", at="shelf.us-east-1")
    silent = [
        Problem(code="region-unreachable", summary="x", detail="no", at=f"{kind}.us-west-2") for kind in ("b", "a")
    ]
    first, second = one_a_region([other, *silent])
    assert (first.at, first.detail, second) == ("us-west-2", "no. Not read there: a, b", other)


def test_a_region_that_dies_during_apply_is_reported_and_the_rest_goes_on() -> None:
    """The steps of a region that stops answering fail with its name; the other region's are done."""
    cloud, store = Cloud(), MemoryStore()
    things = (shelf("east"), west := shelf("west", "us-west-2"), box("b", west, "us-west-2"))
    run = session(cloud, store, *things)
    plan = run.plan(ALL).plan
    cloud.dead.add("us-west-2")
    outcome = run.apply(plan)
    assert outcome.failed == {"shelf.us-west-2.west"}
    assert outcome.skipped == {"box.us-west-2.b"}
    assert outcome.done == {"shelf.us-east-1.east"}
    assert [problem.exit for problem in outcome.problems] == [4]


def test_an_interrupted_run_says_what_it_did_not_do() -> None:
    """After a stop every step is either done, failed or named as not done."""
    cloud, stop = Cloud(), threading.Event()
    run = session(cloud, MemoryStore(), *estate(), stop=stop)
    plan = run.plan(ALL).plan
    stop.set()
    outcome = run.apply(plan)
    assert outcome.interrupted
    assert outcome.done | outcome.failed | outcome.skipped == {step.address for step in plan.pending}
    assert outcome.skipped


def test_deletes_are_guarded() -> None:
    """Protected things must be named; more deletes than allowed are refused; naming them lifts both."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, *estate())
    plan = session(cloud, store).plan(ALL).plan
    assert [p.code for p in against_deletes(plan, KINDS, [], 0)] == ["protected", "too-many-deletes"]
    assert [p.code for p in against_deletes(plan, KINDS, [], 3)] == ["protected"]
    assert against_deletes(plan, KINDS, ["*"], 0) == []


def test_a_saved_plan_goes_stale() -> None:
    """A plan is refused when the state, the config or the account moved on."""
    cloud, store = Cloud(), MemoryStore()
    plan = session(cloud, store, *estate()).plan(ALL).plan
    assert against_staleness(plan, store.load(), "digest", "123456789012") == []
    deploy(cloud, store, shelf("other"))
    found = against_staleness(plan, store.load(), "changed", "210987654321")
    assert [problem.exit for problem in found] == [6]
    assert "serial" in found[0].detail
    assert "config" in found[0].detail
    assert "210987654321" in found[0].detail


def test_a_plan_made_before_there_was_a_state_fits_the_new_state() -> None:
    """The first plan of a project can be saved and applied: an unborn state has no lineage to differ from."""
    plan = session(Cloud(), MemoryStore(State(lineage="")), *estate()).plan(ALL).plan
    newborn = State()
    assert against_staleness(plan, newborn, "digest", "123456789012") == []
    grown = newborn.model_copy(update={"serial": 1})
    assert [problem.exit for problem in against_staleness(plan, grown, "digest", "123456789012")] == [6]


def test_a_saved_plan_does_not_overwrite_a_later_change() -> None:
    """With a recheck, a thing that changed after the plan was made is left alone and reported as stale."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, *estate())
    cloud.things[("us-east-1", "box", "two")]["size"] = 9
    run = session(cloud, store, *estate())
    plan = run.plan(ALL).plan
    cloud.things[("us-east-1", "box", "two")]["size"] = 10
    outcome = run.apply(plan, recheck=True)
    assert [problem.code for problem in outcome.problems] == ["changed-since-planned"]
    assert cloud.things[("us-east-1", "box", "two")]["size"] == 10


def test_a_circle_that_cannot_be_deferred_is_named() -> None:
    """Containers that contain each other are a problem that names the loop."""
    two = box("two", box("one", shelf("any")))
    one = box("one", two)
    with pytest.raises(SbctlError, match="circle"):
        session(Cloud(), MemoryStore(), one, two).plan(ALL)


def test_what_came_with_a_new_container_is_adopted() -> None:
    """AWS furnishes what it makes: a thing of a wanted name that came along is changed, recorded as not ours, and kept."""
    cloud, store = Cloud(), MemoryStore()
    cloud.furniture = {"name": "two", "size": 9, "tags": {"theirs": "1"}}
    deploy(cloud, store, *estate())
    assert store.load().records["box.us-east-1.two"].origin == "adopted"
    found = cloud.things[("us-east-1", "box", "two")]
    assert (found["size"], found["tags"]) == (3, {"theirs": "1"})
    assert actions(session(cloud, store, *estate()).plan(ALL).plan) == {}
