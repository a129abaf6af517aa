"""What exists is found by its recorded id, then by its tag, then by its name, however long ago it was written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sbctl.core.address import Address
from sbctl.core.kinds.resource import Live
from sbctl.core.kinds.spec import Desired
from sbctl.core.plan import Plan, Step
from sbctl.core.state import State
from sbctl.engine.drift.detect import drift_of
from sbctl.engine.matching.identity import FoundGroup, Identities
from sbctl.engine.matching.targets import targets
from sbctl.engine.planning.guards import against_deletes
from sbctl.engine.planning.name_guards import against_held_names
from sbctl.engine.planning.planner import Scope
from sbctl.engine.rebuild import rebuild
from sbctl.engine.session import Planned, Session
from sbctl.store.media.memory import MemoryStore

from .cloud import Cloud, ThingSpec, box, session, shelf
from .crates import WITH_CRATES, crate

EAST = "us-east-1"
TOP = shelf("top")
Deployed = tuple[Cloud, MemoryStore]
AGES = pytest.mark.parametrize("days", [0.0, 1.0, 400.0], ids=["at once", "a day later", "a year later"])


def run(cloud: Cloud, store: MemoryStore, *wanted: Desired, days: float = 1.0) -> Session:
    return session(cloud, store, *wanted, days=days, kinds=WITH_CRATES)


def deployed(*wanted: Desired) -> Deployed:
    cloud, store = Cloud(), MemoryStore()
    first = run(cloud, store, *wanted, days=0.0)
    assert first.apply(first.plan(Scope()).plan).problems == []
    return cloud, store


def planned(there: Deployed, *wanted: Desired, days: float = 1.0) -> Planned:
    found = run(*there, *wanted, days=days).plan(Scope())
    assert found.problems == ()
    return found


def steps(plan: Plan) -> dict[str, Step]:
    return {step.address: step for step in plan.pending}


def told(plan: Plan) -> dict[str, tuple[str, ...]]:
    """By address, what is done and which fields change."""
    return {step.address: (step.action, *(change.field for change in step.changes)) for step in plan.pending}


def renamed(cloud: Cloud, old: str, new: str, kind: str = "box") -> None:
    """Somebody renames it in the console."""
    thing = cloud.things.pop((EAST, kind, old))
    cloud.things[EAST, kind, new] = {**thing, "name": new}


def kept_as(store: MemoryStore, old: Desired, new: Desired) -> None:
    """`sbctl state rename`."""
    record = store.load().records[str(old.address)]
    store.put(record.model_copy(update={"address": str(new.address)}))
    store.drop(old.address, record.generation)


def apply(there: Deployed, *wanted: Desired, days: float = 1.0) -> Plan:
    plan = planned(there, *wanted, days=days).plan
    assert run(*there, *wanted, days=days).apply(plan).problems == []
    assert planned(there, *wanted, days=days).plan.pending == ()
    return plan


def ids(cloud: Cloud) -> set[str]:
    return {thing["id"] for thing in cloud.things.values()}


@AGES
def test_a_rename_in_the_console_is_drift_of_the_name(days: float) -> None:
    """It is renamed back, and nothing is made."""
    there = deployed(TOP, box("Support", TOP))
    before = ids(there[0])
    renamed(there[0], "Support", "Helpdesk")
    found = planned(there, TOP, box("Support", TOP), days=days)
    assert told(found.plan) == {"box.us-east-1.support": ("update", "name")}
    (moved,) = drift_of(WITH_CRATES, found, ("us-east-1", "us-west-2"))
    assert (moved.moved, moved.field, moved.live, moved.wanted) == ("changed", "name", "Helpdesk", "Support")
    apply(there, TOP, box("Support", TOP), days=days)
    assert ids(there[0]) == before


@AGES
@pytest.mark.parametrize("new", ["Support EMEA", "SUPPORT"], ids=["another name", "in case only"])
def test_a_rename_in_the_config_is_an_update(new: str, days: float) -> None:
    """After `state rename`, or without it where the address stays the same."""
    there = deployed(TOP, box("Support", TOP))
    before = ids(there[0])
    if box(new, TOP).address != box("Support", TOP).address:
        kept_as(there[1], box("Support", TOP), box(new, TOP))
    plan = apply(there, TOP, box(new, TOP), days=days)
    (step,) = plan.pending
    assert (step.action, step.changes[0].field, step.changes[0].why) == ("update", "name", "config")
    assert ids(there[0]) == before


@AGES
@pytest.mark.parametrize("with_tags", [True, False], ids=["tags", "tags taken away"])
def test_what_was_renamed_is_destroyed(with_tags: bool, days: float) -> None:
    """Destroy does not take it for gone and leave it behind."""
    there = deployed(TOP, box("Support", TOP))
    renamed(there[0], "Support", "Helpdesk")
    if not with_tags:
        there[0].things[EAST, "box", "Helpdesk"]["tags"] = {}
    everything = run(*there, days=days)
    assert everything.apply(everything.plan(Scope(), destroy=True).plan).problems == []
    assert (there[0].things, there[1].load().records) == ({}, {})


@AGES
def test_tags_taken_away_are_drift(days: float) -> None:
    """With another name at once, and for a container too."""
    there = deployed(TOP, box("Support", TOP))
    before = ids(there[0])
    renamed(there[0], "Support", "Helpdesk")
    renamed(there[0], "top", "attic", kind="shelf")
    for thing in there[0].things.values():
        thing["tags"] = {}
    plan = apply(there, TOP, box("Support", TOP), days=days)
    assert {step.action for step in plan.pending} == {"update"}
    assert ids(there[0]) == before


def test_a_tag_finds_what_no_record_knows() -> None:
    """After the state is lost: the tag says which address it is, whatever its name is by now."""
    there = deployed(TOP, box("Support", TOP))
    renamed(there[0], "Support", "Helpdesk")
    renamed(there[0], "top", "attic", kind="shelf")
    found = rebuild(run(there[0], MemoryStore(), TOP, box("Support", TOP)), State(lineage=""))
    assert set(found.evidence.values()) == {"tag"}
    assert {record.origin for record in found.state.records.values()} == {"created"}
    assert {step.action for step in found.plan.pending} == {"update"}


def test_the_tag_of_another_project_says_nothing() -> None:
    there = deployed(TOP, box("Support", TOP))
    renamed(there[0], "Support", "Helpdesk")
    there[0].things[EAST, "box", "Helpdesk"]["tags"]["sbctl:project"] = "another"
    found = rebuild(run(there[0], MemoryStore(), TOP, box("Support", TOP)), State(lineage=""))
    assert found.absent == ("box.us-east-1.support",)


def test_what_was_deleted_outside_is_made_again() -> None:
    """By id, tag and name there is nothing."""
    there = deployed(TOP, box("Support", TOP))
    del there[0].things[EAST, "box", "Support"]
    assert told(planned(there, TOP, box("Support", TOP)).plan)["box.us-east-1.support"][0] == "create"


def test_a_region_that_does_not_say_what_an_id_is_leaves_it_alone() -> None:
    """Without an answer nothing is made anew."""
    there = deployed(TOP, box("Support", TOP))
    del there[0].things[EAST, "box", "Support"]
    there[0].fail = {len(there[0].calls) + 3: "lost"}
    found = run(*there, TOP, box("Support", TOP)).plan(Scope())
    assert found.problems != ()
    assert found.plan.pending == ()


def test_a_name_that_others_have_by_now_is_not_taken_from_them() -> None:
    """Ours was renamed in the console, and somebody made another of that name: a rename that AWS would refuse is told first."""
    there = deployed(TOP, box("Support", TOP))
    renamed(there[0], "Support", "Helpdesk")
    there[0].things[EAST, "box", "Support"] = {
        **there[0].things[EAST, "box", "Helpdesk"],
        "id": "theirs",
        "name": "Support",
        "tags": {},
    }
    found = planned(there, TOP, box("Support", TOP))
    assert told(found.plan) == {"box.us-east-1.support": ("update", "name")}
    (problem,) = against_held_names(WITH_CRATES, found.plan, found.seen.world)
    assert (problem.code, problem.at, problem.exit) == ("name-taken", "box.us-east-1.support", 7)
    assert "theirs" in problem.detail


def test_a_copy_of_ours_is_not_destroyed_with_it() -> None:
    """What has only the name of something that is gone belongs to somebody else."""
    there = deployed(TOP, box("Support", TOP))
    there[0].things[EAST, "box", "Support"] |= {"id": "theirs", "tags": {}}
    plan = run(*there).plan(Scope(), destroy=True).plan
    assert steps(plan)["box.us-east-1.support"].action == "forget"


def test_names_that_move_up_are_given_one_after_the_other() -> None:
    """A becomes B's name only after B has another: a new item takes the name that another has given up."""
    there = deployed(TOP, box("Support", TOP), box("Sales", TOP))
    kept_as(there[1], box("Support", TOP), box("Old", TOP))
    kept_as(there[1], box("Sales", TOP), box("Support", TOP))
    plan = apply(there, TOP, box("Old", TOP), box("Support", TOP), box("Sales", TOP))
    assert {address: step.action for address, step in steps(plan).items()} == {
        "box.us-east-1.old": "update",
        "box.us-east-1.support": "update",
        "box.us-east-1.sales": "create",
    }
    assert len(ids(there[0])) == 4


def test_names_that_were_exchanged_are_told() -> None:
    """No order of renames gives them back."""
    there = deployed(TOP, box("Support", TOP), box("Sales", TOP))
    for old, new in (("Support", "x"), ("Sales", "Support"), ("x", "Sales")):
        renamed(there[0], old, new)
    found = planned(there, TOP, box("Support", TOP), box("Sales", TOP))
    assert [problem.code for problem in against_held_names(WITH_CRATES, found.plan, found.seen.world)] == [
        "names-exchanged"
    ] * 2


def test_another_name_where_the_name_is_the_id_is_a_replacement_behind_guards() -> None:
    """As for the bucket of an item: it is not made beside the first, and the first is not forgotten."""
    there = deployed(crate("recordings", "first"))
    plan = planned(there, crate("recordings", "second")).plan
    assert told(plan) == {"crate.us-east-1.recordings": ("replace", "name")}
    refused = [problem.code for problem in against_deletes(plan, WITH_CRATES, (), 0)]
    assert refused == ["protected", "too-many-deletes"]
    assert against_deletes(plan, WITH_CRATES, ["crate.us-east-1.recordings"], 0) == []


def theirs(cloud: Cloud, name: str) -> None:
    cloud.things[EAST, "crate", name] = {"id": f"id of {name}", "name": name, "size": 1, "colour": "red", "tags": {}}


def test_the_name_of_another_that_exists_leaves_ours_behind_guards() -> None:
    """The other is adopted, and never destroyed; ours stays in AWS, which has to be allowed like its deletion."""
    there = deployed(crate("recordings", "first"))
    theirs(there[0], "second")
    wanted = crate("recordings", "second")
    plan = planned(there, wanted).plan
    (step,) = plan.pending
    assert (step.action, step.ids, step.leaves) == ("adopt", {"name": "second"}, {"name": "first"})
    assert [problem.code for problem in against_deletes(plan, WITH_CRATES, (), 0)] == ["protected", "too-many-deletes"]
    apply(there, wanted)
    assert there[1].load().records[step.address].origin == "adopted"
    assert ids(there[0]) == {"crate-1", "id of second"}


@pytest.mark.parametrize("exists", [True, False])
def test_what_was_there_before_sbctl_is_not_deleted_for_another_name(exists: bool) -> None:
    """It stays in AWS, and that no longer anything manages it has to be allowed."""
    cloud, store = Cloud(), MemoryStore()
    theirs(cloud, "first")
    if exists:
        theirs(cloud, "second")
    apply((cloud, store), crate("recordings", "first"))
    plan = planned((cloud, store), crate("recordings", "second")).plan
    (step,) = plan.pending
    assert (step.action, step.leaves) == ("adopt" if exists else "create", {"name": "first"})
    assert against_deletes(plan, WITH_CRATES, (), 0) != []
    apply((cloud, store), crate("recordings", "second"))
    assert (EAST, "crate", "first") in cloud.things


def test_an_item_of_another_name_takes_its_resource_along() -> None:
    """Without `state rename`, where the resource has a name of its own: it is still ours, and is not deleted."""
    there = deployed(crate("recordings", "first"))
    plan = apply(there, crate("archive", "first"))
    assert {address: step.action for address, step in steps(plan).items()} == {
        "crate.us-east-1.archive": "adopt",
        "crate.us-east-1.recordings": "forget",
    }
    assert against_deletes(plan, WITH_CRATES, (), 0) == []
    assert [record.origin for record in there[1].load().records.values()] == ["created"]
    assert ids(there[0]) == {"crate-1"}


def initial(name: str) -> Desired:
    """A shelf whose name sbctl makes up."""
    return replace(shelf("top"), spec=shelf("top").spec.model_copy(update={"name": name}), initial=frozenset({"name"}))


@AGES
@pytest.mark.parametrize("state", ["kept", "lost"])
def test_a_name_that_sbctl_makes_up_is_for_a_creation_alone(state: str, days: float) -> None:
    """As the alias of an instance, which is made of the region's label: another label changes nothing that exists."""
    there = deployed(initial("acme-west"))
    if state == "lost":
        there = there[0], MemoryStore()
    plan = planned(there, initial("acme-oregon"), days=days).plan
    assert [step.action for step in plan.pending] == ([] if state == "kept" else ["adopt"])
    assert [change for step in plan.pending for change in step.changes] == []


def test_one_that_has_the_made_up_name_is_no_rival() -> None:
    there = deployed(initial("acme-west"))
    there[0].things[EAST, "shelf", "acme-oregon"] = {"id": "theirs", "name": "acme-oregon", "size": 1, "tags": {}}
    found = planned(there, initial("acme-oregon"))
    assert (found.plan.pending, against_held_names(WITH_CRATES, found.plan, found.seen.world)) == ((), [])


@pytest.mark.parametrize("moved", [True, False])
def test_finding_by_id_costs_no_call_where_a_list_shows_it(moved: bool) -> None:
    """One list in each place, also where a name moved."""
    boxes = [box("Support", TOP), *(box(f"box {number}", TOP) for number in range(20))]
    there = deployed(TOP, *boxes)
    if moved:
        renamed(there[0], "Support", "Helpdesk")
    before = len(there[0].calls)
    planned(there, TOP, *boxes)
    assert len(there[0].calls) - before == 2


def test_an_address_outside_of_the_scope_keeps_what_is_its_own() -> None:
    """A plan of one address does not take what another has for free."""
    there = deployed(TOP, box("Support", TOP))
    kept_as(there[1], box("Support", TOP), box("Old", TOP))
    new = box("Support", TOP)
    scope = Scope(addresses=frozenset({Address.parse("box.us-east-1.support")}))
    plan = run(*there, TOP, box("Old", TOP), new).plan(scope).plan
    assert {step.address: step.action for step in plan.pending} == {"box.us-east-1.support": "create"}


def test_a_rename_that_the_state_was_not_told_of_is_stopped_and_told() -> None:
    """The old one would be deleted, and the way to keep it is named."""
    there = deployed(TOP, box("Support", TOP))
    plan = planned(there, TOP, box("Help", TOP)).plan
    (problem,) = against_deletes(plan, WITH_CRATES, (), 0)
    assert "sbctl state rename box.us-east-1.support box.us-east-1.help" in problem.detail
    assert "rename" not in against_deletes(planned(there, TOP).plan, WITH_CRATES, (), 0)[0].detail


def test_what_two_readers_find_is_one_resource() -> None:
    """One looked for its tag, the other for its name."""
    wanted = box("a", TOP)
    state = State()
    group, kind = FoundGroup(), WITH_CRATES["box"]
    seen = [Live(spec=ThingSpec(name="a"), ids={"id": "7"}, outputs={}, owner=str(wanted.address)) for _ in range(2)]
    group.add(kind, ("box", EAST), seen, Identities(WITH_CRATES, state, targets([wanted], state), EAST))
    assert (len(group.lives), len(group.by_key["a"]), len(group.by_owner[str(wanted.address)])) == (1, 1, 1)
