"""A state is made anew from what exists: the same records, what is ours told apart, nothing touched."""

from __future__ import annotations

from typing import Any

from sbctl.core.kinds.spec import Desired
from sbctl.core.state import Record, State
from sbctl.engine.planning.planner import Scope
from sbctl.engine.rebuild import Rebuilt, rebuild
from sbctl.store.media.memory import MemoryStore

from .cloud import Cloud, box, circle, session, shelf


def estate() -> tuple[Desired, ...]:
    top, low = circle(shelf("top"), shelf("low", "us-west-2", size=2))
    return top, low, box("one", top), box("two", low, "us-west-2")


def deployed() -> tuple[Cloud, State]:
    cloud, store = Cloud(), MemoryStore()
    run = session(cloud, store, *estate())
    run.apply(run.plan(Scope()).plan)
    return cloud, store.load()


def rebuilt(cloud: Cloud, hint: State | None = None, wanted: tuple[Desired, ...] | None = None) -> Rebuilt:
    return rebuild(session(cloud, MemoryStore(), *(wanted or estate())), hint or State(lineage=""))


def essence(record: Record) -> dict[str, Any]:
    """A record without what only time told."""
    return record.model_dump(exclude={"created_at", "updated_at", "generation"})


def origins(found: Rebuilt) -> dict[str, str]:
    return {record.at.name: record.origin for record in found.state.records.values()}


def test_a_lost_state_is_made_anew_as_it_was() -> None:
    """Every record is as the deploy had left it, the plan on it is empty, and nothing was written."""
    cloud, before = deployed()
    world, made = cloud.world(), len(cloud.calls)
    found = rebuilt(cloud)
    assert {name: essence(r) for name, r in found.state.records.items()} == {
        name: essence(r) for name, r in before.records.items()
    }
    assert found.plan.pending == ()
    assert session(cloud, MemoryStore(found.state), *estate()).plan(Scope()).plan.pending == ()
    assert cloud.world() == world
    assert {operation for _, operation in cloud.calls[made:]} <= {"List", "Get", "Ask"}


def test_what_somebody_else_made_is_adopted() -> None:
    """Without our tag, or with another project's, a thing with the right name is adopted and will not be destroyed."""
    cloud, _ = deployed()
    cloud.things[("us-east-1", "shelf", "top")]["tags"] = {}
    cloud.things[("us-east-1", "box", "one")]["tags"]["sbctl:project"] = "another"
    found = rebuilt(cloud)
    assert origins(found) == {"top": "adopted", "low": "created", "one": "adopted", "two": "created"}
    assert found.evidence["shelf.us-east-1.top"] == "name"
    run = session(cloud, MemoryStore(found.state), *estate())
    actions = {step.at.name: step.action for step in run.plan(Scope(), destroy=True).plan.steps}
    assert actions == {"top": "forget", "low": "delete", "one": "forget", "two": "delete"}


def test_what_was_adopted_is_known_without_any_record() -> None:
    """A deploy changes what it adopts, and does not give it the tags by which it would be taken for ours afterwards."""
    cloud, store = Cloud(), MemoryStore()
    cloud.call("cloud", "Create", "us-east-1", kind="shelf", name="top", shelf="", size=7, tags={"theirs": "1"})
    run = session(cloud, store, *estate())
    run.apply(run.plan(Scope()).plan)
    tags = cloud.things[("us-east-1", "shelf", "top")]["tags"]
    assert tags == {"theirs": "1"}
    assert session(cloud, store, *estate()).plan(Scope()).plan.pending == ()
    found = rebuilt(cloud)
    assert origins(found) == {"top": "adopted", "low": "created", "one": "created", "two": "created"}
    assert found.plan.pending == ()


def test_the_tag_of_an_earlier_version_is_taken_back() -> None:
    """What is on record as adopted and carries our tags all the same loses them with the next deploy, and only these."""
    cloud, before = deployed()
    taken = before.records["shelf.us-east-1.top"].model_copy(update={"origin": "adopted"})
    store = MemoryStore(before.with_record(taken))
    run = session(cloud, store, *estate())
    plan = run.plan(Scope()).plan
    assert [(step.address, [change.field for change in step.changes]) for step in plan.pending] == [
        ("shelf.us-east-1.top", ["tags.sbctl:address", "tags.sbctl:project"])
    ]
    run.apply(plan)
    assert session(cloud, store, *estate()).plan(Scope()).plan.pending == ()


def test_what_an_older_state_knew_counts_more_than_a_tag() -> None:
    """An adopted thing that carries our tag since an update stays adopted when a generation of the state says so."""
    cloud, before = deployed()
    taken = before.records["shelf.us-east-1.top"].model_copy(update={"origin": "adopted"})
    found = rebuilt(cloud, before.with_record(taken))
    assert origins(found)["top"] == "adopted"
    assert found.evidence["shelf.us-east-1.top"] == "record"


def test_a_thing_made_anew_since_is_judged_by_its_tag() -> None:
    """A record of another thing under the same name says nothing about this one."""
    cloud, before = deployed()
    old = before.records["box.us-east-1.one"].model_copy(update={"origin": "adopted", "ids": {"id": "box-0"}})
    assert origins(rebuilt(cloud, before.with_record(old)))["one"] == "created"


def test_what_is_recorded_and_no_longer_wanted_is_found_again() -> None:
    """What the config has dropped stays recorded, so that the next deploy still deletes it."""
    cloud, before = deployed()
    found = rebuilt(cloud, before, estate()[:3])
    assert "box.us-west-2.two" in found.state.records
    assert [(step.address, step.action) for step in found.plan.pending] == [("box.us-west-2.two", "delete")]


def test_what_is_not_there_is_told() -> None:
    """A wanted thing that AWS does not have is absent, and what the plan would do says so."""
    cloud, _ = deployed()
    del cloud.things[("us-east-1", "box", "one")]
    found = rebuilt(cloud)
    assert found.absent == ("box.us-east-1.one",)
    assert "box.us-east-1.one" not in found.state.records
    assert [step.action for step in found.plan.pending] == ["create"]


def test_a_silent_region_keeps_its_records() -> None:
    """Of a region that does not answer the records stay as they were; without any they are told to be unknown."""
    cloud, before = deployed()
    cloud.dead = {"us-west-2"}
    found = rebuilt(cloud, before)
    there = ("box.us-west-2.two", "shelf.us-west-2.low")
    assert (found.kept, found.unknown) == (there, ())
    assert found.state.records["box.us-west-2.two"] == before.records["box.us-west-2.two"]
    assert [problem.code for problem in found.problems] == ["region-unreachable"]
    blind = rebuilt(cloud)
    assert (blind.kept, blind.unknown) == ((), there)
    assert blind.plan.unread == ("us-west-2",)


def test_drift_is_recorded_as_it_is_and_planned() -> None:
    """What AWS has instead of the wanted value is what the record says, and the plan puts it right."""
    cloud, _ = deployed()
    cloud.things[("us-west-2", "shelf", "low")]["size"] = 9
    found = rebuilt(cloud)
    assert found.state.records["shelf.us-west-2.low"].applied["size"] == 9
    assert [(step.address, step.changes[0].before) for step in found.plan.pending] == [("shelf.us-west-2.low", 9)]
