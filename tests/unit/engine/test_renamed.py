"""A state of an earlier version, and names that come beside others: records move, resources stay."""

from __future__ import annotations

from sbctl.core.state import Record, State
from sbctl.desired.config.apart import kept_apart
from sbctl.engine.matching.renamed import renamed
from sbctl.engine.planning.planner import Scope
from sbctl.store.media.memory import MemoryStore

from .cloud import Cloud, box, session, shelf
from .test_plan_and_apply import actions, deploy

ALL = Scope()


def of_before(store: MemoryStore, old: str, new: str) -> None:
    """Write the state as the version before wrote it."""
    state = store.load()
    rows = {
        address.replace(new, old): record.model_copy(
            update={
                "address": address.replace(new, old),
                "needs": [need.replace(new, old) for need in record.needs],
                "applied": {
                    **record.applied,
                    "tags": {**record.applied["tags"], "sbctl:address": address.replace(new, old)},
                },
            }
        )
        for address, record in state.records.items()
    }
    for record in state.records.values():
        store.drop(record.at, record.generation)
    for record in rows.values():
        store.put(record)
    store.compact()


def test_a_record_of_an_earlier_version_is_found_again() -> None:
    """`m-ller` is Müller: nothing is created or deleted, and afterwards the state has the name of now."""
    cloud, store = Cloud(), MemoryStore()
    top = shelf("Müller")
    wanted = (top, box("one", top))
    deploy(cloud, store, *wanted)
    before = {key: thing["id"] for key, thing in cloud.things.items()}
    of_before(store, "m-ller", "müller")
    for thing in cloud.things.values():
        thing["tags"] = {key: text.replace("müller", "m-ller") for key, text in thing["tags"].items()}
    planned = session(cloud, store, *wanted).plan(ALL).plan
    assert set(actions(planned).values()) == {"update"}
    deploy(cloud, store, *wanted)
    assert {key: thing["id"] for key, thing in cloud.things.items()} == before
    assert set(store.load().records) == {"shelf.us-east-1.müller", "box.us-east-1.one"}
    assert store.load().records["box.us-east-1.one"].needs == ["shelf.us-east-1.müller"]
    assert actions(session(cloud, store, *wanted).plan(ALL).plan) == {}


def test_a_name_that_comes_beside_another_moves_no_resource() -> None:
    """`a-b` comes to `A B`, which had that address: its resource stays, and stays when the other goes again."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, shelf("A B"))
    made = cloud.world()
    both = kept_apart([shelf("A B"), shelf("a-b")])
    assert len({item.address for item in both}) == 2
    planned = actions(session(cloud, store, *both).plan(ALL).plan)
    assert planned["shelf.us-east-1.a-b"] == "create"
    assert sorted(planned.values()) == ["create", "update"]
    deploy(cloud, store, *both)
    assert set(made) <= set(cloud.world())
    assert actions(session(cloud, store, *both).plan(ALL).plan) == {}
    assert len(cloud.world()) == 2


def names_of(store: MemoryStore) -> dict[str, str]:
    """What the state says of its addresses."""
    return {address: str(record.applied["name"]) for address, record in store.load().records.items()}


def test_an_address_of_the_state_does_not_change_hands() -> None:
    """`a-b` comes to `A B` and goes again: what was noted as shelf.us-east-1.a-b is the same shelf all the while."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, shelf("A B"))
    deploy(cloud, store, *kept_apart([shelf("A B"), shelf("a-b")], names_of(store)))
    both = names_of(store)
    assert both.pop("shelf.us-east-1.a-b") == "A B"
    ((newcomer, name),) = both.items()
    assert (newcomer.startswith("shelf.us-east-1.a-b-"), name) == (True, "a-b")
    (alone,) = kept_apart([shelf("a-b")], names_of(store))
    assert str(alone.address) == newcomer
    again = kept_apart([shelf("a-b"), shelf("A B")], names_of(store))
    assert actions(session(cloud, store, *again).plan(ALL).plan) == {}


def test_references_follow_names_that_are_kept_apart() -> None:
    one, other = shelf("A B"), shelf("A+B")
    wanted = kept_apart([one, other, box("on one", one), box("on other", other)])
    at = {str(item.spec.model_dump()["name"]): item for item in wanted}
    for name, on in (("on one", "A B"), ("on other", "A+B")):
        assert at[name].before == {at[on].address}
        assert at[on].spec.model_dump()["tags"]["sbctl:address"] == str(at[on].address)
    assert kept_apart([other, one])[0].address == kept_apart([one, other])[0].address


def test_the_order_of_names_does_not_matter() -> None:
    names = ["a-b", "A B", "A+B", "a B"]
    found = {
        frozenset((i.spec.model_dump()["name"], str(i.address)) for i in kept_apart(list(map(shelf, order))))
        for order in (names, names[::-1])
    }
    assert len(found) == 1


def test_a_move_that_was_killed_is_finished() -> None:
    """Both records are there and mean one resource: the old one goes, and nothing is deleted in AWS."""
    item = shelf("Müller")
    old = Record(address="shelf.us-east-1.m-ller", ids={"id": "1"}, applied={"name": "Müller"})
    new = old.model_copy(update={"address": "shelf.us-east-1.müller"})
    found = renamed(State(records={old.address: old, new.address: new}), [item])
    assert found.left == (old,)
    assert set(found.state.records) == {new.address}


def test_another_resource_at_an_old_form_stays() -> None:
    """A record with another applied name is not ours to move."""
    other = Record(address="shelf.us-east-1.m-ller", ids={"id": "1"}, applied={"name": "M ller"})
    found = renamed(State(records={other.address: other}), [shelf("Müller")])
    assert found.state.records == {other.address: other}


def test_a_saved_plan_of_an_earlier_version_keeps_its_addresses() -> None:
    """It speaks of `m-ller`, so the record stays there until the next plan."""
    cloud, store = Cloud(), MemoryStore()
    item = shelf("Müller")
    deploy(cloud, store, item)
    of_before(store, "m-ller", "müller")
    plan = session(cloud, store, item).plan(ALL).plan
    steps = tuple(step.model_copy(update={"address": step.address.replace("müller", "m-ller")}) for step in plan.steps)
    session(cloud, store, item).apply(plan.model_copy(update={"steps": steps}))
    assert set(store.load().records) == {"shelf.us-east-1.m-ller"}
