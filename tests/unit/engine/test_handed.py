"""A resource that is asked through another region by now: its ids move, and it is deleted through what it stands on."""

from __future__ import annotations

from sbctl.core.address import Address
from sbctl.core.kinds.resource import Live
from sbctl.core.plan import FieldChange
from sbctl.core.state import Record, State
from sbctl.engine.matching.handed import Handed, ids_now, in_circle, moved_ids, shown
from sbctl.engine.matching.observed import ObservedWorld

from .cloud import ThingSpec

TABLE = Address.parse("table.global.customers")
REPLICA = Address.parse("replica.us-east-1.customers")
OLD, NEW = {"name": "customers", "home": "us-east-1"}, {"name": "customers", "home": "us-west-2"}


def live(ids: dict[str, str], *also: dict[str, str]) -> Live[ThingSpec]:
    return Live(ThingSpec(name="customers"), ids, also=also)


def record(address: Address, *needs: Address) -> Record:
    return Record(address=str(address), ids=OLD, needs=[str(need) for need in needs])


def test_ids_that_moved_are_a_change_of_the_config() -> None:
    """Where it is the same resource; another one is not changed but found anew."""
    (change,) = moved_ids(record(TABLE), live(NEW, OLD))
    assert change == FieldChange(field="home", before="us-east-1", after="us-west-2", why="config")
    assert [*moved_ids(record(TABLE), live(OLD, NEW))] == []
    assert [*moved_ids(record(TABLE), live(NEW))] == []
    assert [*moved_ids(None, live(NEW, OLD))] == []


def test_what_leaves_is_deleted_through_what_it_stands_on_now() -> None:
    """The old home leaves the project, and only the new one can take its replica away."""
    world = ObservedWorld(live={TABLE: live(NEW, OLD)})
    assert ids_now(record(REPLICA, TABLE), live(OLD, NEW), world) == NEW
    assert ids_now(record(REPLICA, TABLE), live(OLD, NEW), ObservedWorld()) == OLD


def test_a_record_whose_item_got_another_name_is_known_at_both_addresses() -> None:
    other = Address.parse("replica.us-east-1.callers")
    known = record(REPLICA)
    handed = Handed([other], State(records={known.address: known}))
    world = ObservedWorld(live={other: live(OLD)})
    assert handed.before(other, live(OLD)) == known
    assert handed.before(other, live(NEW)) is None
    assert handed.now(known, world) == other
    assert handed.now(known, ObservedWorld()) is None


def test_names_go_round_in_a_circle_or_do_not() -> None:
    one, two, three = (Address.parse(f"box.us-east-1.{name}") for name in ("one", "two", "three"))
    assert not in_circle(ObservedWorld(holders={one: two, two: three}), one)
    assert in_circle(ObservedWorld(holders={one: two, two: three, three: one}), two)
    assert not in_circle(ObservedWorld(holders={one: two, two: three, three: two}), one)


def test_a_resource_is_shown_by_its_name_in_aws() -> None:
    assert [shown(live(ids)) for ids in (OLD, {"id": "i-1", "arn": "x"}, {"bucket": "b"})] == ["customers", "i-1", "b"]
