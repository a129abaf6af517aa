"""Random renames in the config, the console and labels, tags taken away, at any age of the last write: no run makes a double,
and none forgets anything.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from sbctl.core.kinds.spec import Desired
from sbctl.core.state import State
from sbctl.engine.drift.detect import drift_of
from sbctl.engine.planning.guards import against_deletes
from sbctl.engine.planning.name_guards import against_held_names
from sbctl.engine.planning.planner import Scope
from sbctl.engine.rebuild import rebuild
from sbctl.engine.session import Planned, Session
from sbctl.store.media.memory import MemoryStore

from .cloud import Cloud, box, session, shelf
from .crates import WITH_CRATES, crate

EAST = "us-east-1"
NAMES = st.sampled_from(["Sales", "SALES", "Support", "support", "VIP", "Help desk", "Billing"])
AGES = st.sampled_from([0.0, 0.0005, 0.002, 1.0, 400.0])
PICKS = st.integers(0, 9)
ITEMS = ("one", "two")


class Renames(RuleBasedStateMachine):
    """An operator with a config and a state, colleagues in the console, and strangers in the same account."""

    def __init__(self) -> None:
        super().__init__()
        self.cloud = Cloud()
        self.store = MemoryStore()
        self.days = 0.0
        self.label = "west"
        self.boxes: list[str] = []
        self.crates = {item: f"crate-{item}" for item in ITEMS}
        self.allowed: set[str] = set()
        """Ids of what was ours, and was left behind by somebody's leave."""

    @property
    def wanted(self) -> list[Desired]:
        top = replace(shelf("top"), initial=frozenset({"name"}))
        top = replace(top, spec=top.spec.model_copy(update={"name": f"shelf-{self.label}"}))
        return [top, *(box(name, top) for name in self.boxes), *(crate(*row) for row in self.crates.items())]

    def run(self, *wanted: Desired) -> Session:
        return session(self.cloud, self.store, *wanted, days=self.days, kinds=WITH_CRATES)

    def ours(self) -> list[str]:
        """The ids of all that sbctl made and that is still there: only it gives tokens."""
        return sorted(thing["id"] for thing in self.cloud.things.values() if "token" in thing)

    def ids(self) -> dict[str, str]:
        """Address → id in the cloud, of what is recorded as made by sbctl."""
        crates = {thing["name"]: thing["id"] for key, thing in self.cloud.things.items() if key[1] == "crate"}
        return {
            address: record.ids["id"] if "id" in record.ids else crates[record.ids["name"]]
            for address, record in self.store.load().records.items()
            if record.origin == "created"
        }

    @initialize()
    def begin(self) -> None:
        self.boxes = ["Sales", "Support"]
        self.deploy(self.days, leave=False)

    @rule(age=AGES, leave=st.booleans())
    def deploy(self, age: float, *, leave: bool) -> None:
        self.days += age
        planned = self.run(*self.wanted).plan(Scope())
        assert planned.problems == ()
        if against_held_names(WITH_CRATES, planned.plan, planned.seen.world):
            self.give_in()
            return
        limits = (["*"], None) if leave else ((), 0)
        if against_deletes(planned.plan, WITH_CRATES, *limits):
            return
        self.check_drift(planned)
        left = {self.cloud.things[EAST, "crate", s.leaves["name"]]["id"] for s in planned.plan.pending if s.leaves}
        assert self.run(*self.wanted).apply(planned.plan).problems == []
        self.allowed |= left
        self.whole()

    def give_in(self) -> None:
        """What names the problems told of: strangers leave, and names that go round in a circle are given up."""
        self.strangers_leave()
        records = self.store.load().records
        self.crates = {item: records[f"crate.{EAST}.{item}"].ids["name"] for item in ITEMS}
        for key in [key for key in sorted(self.cloud.things) if key[1] == "box"]:
            thing = self.cloud.things.pop(key)
            self.cloud.things[EAST, "box", thing["id"]] = {**thing, "name": thing["id"]}

    def check_drift(self, planned: Planned) -> None:
        """Nothing was deleted outside, so nothing is told as deleted."""
        found = drift_of(WITH_CRATES, planned, (EAST, "us-west-2"))
        assert {one.moved for one in found} <= {"changed"}

    def whole(self) -> None:
        """After a deploy everything wanted is there once, as it is wanted, and the state knows all that is ours."""
        assert self.run(*self.wanted).plan(Scope()).plan.pending == ()
        there = sorted(name for _, kind, name in self.cloud.things if kind == "box")
        assert set(self.boxes) <= set(there)
        assert set(self.store.load().records) == {str(item.address) for item in self.wanted}
        known = [*self.ids().values()]
        self.allowed -= {*known}  # its name was wanted again, and it was taken back
        assert sorted([*known, *(self.allowed & {*self.ours()})]) == self.ours()

    @rule(pick=PICKS, new=NAMES)
    def rename_in_console(self, pick: int, new: str) -> None:
        things = sorted(key for key in self.cloud.things if key[1] != "crate")
        key = things[pick % len(things)]
        if (EAST, key[1], new) not in self.cloud.things:
            thing = self.cloud.things.pop(key)
            self.cloud.things[EAST, key[1], new] = {**thing, "name": new}

    @rule(pick=PICKS)
    def take_tags_away(self, pick: int) -> None:
        key = sorted(self.cloud.things)[pick % len(self.cloud.things)]
        self.cloud.things[key]["tags"] = {}

    @rule(new=NAMES, kind=st.sampled_from(["box", "crate", "shelf"]))
    def strangers_make_one(self, new: str, kind: str) -> None:
        name = f"crate-{new}" if kind == "crate" else new
        on = {"shelf": self.store.load().records["shelf.us-east-1.top"].ids["id"]} if kind == "box" else {}
        thing = {"id": f"their-{kind}-{name}", "name": name, "size": 1, "colour": "red", "tags": {}, **on}
        self.cloud.things.setdefault((EAST, kind, name), thing)

    @rule()
    def strangers_leave(self) -> None:
        """What others made goes, but for what was adopted of it."""
        kept = {name for record in self.store.load().records.values() for name in record.ids.values()}
        for key, thing in [*self.cloud.things.items()]:
            if "token" not in thing and not kept & {thing["id"], thing["name"]}:
                del self.cloud.things[key]

    @rule(pick=PICKS, new=NAMES)
    def rename_in_config(self, pick: int, new: str) -> None:
        """With `state rename`, where the address is another one then."""
        top = self.wanted[0]
        old = self.boxes[pick % len(self.boxes)]
        before, after = box(old, top).address, box(new, top).address
        others = {box(name, top).address for name in self.boxes if name != old}
        record = self.store.load().get(before)
        if after in others or record is None:
            return
        self.boxes[self.boxes.index(old)] = new
        if before != after and self.store.load().get(after) is None:
            self.store.put(record.model_copy(update={"address": str(after)}))
            self.store.drop(before, record.generation)

    @rule(item=st.sampled_from(ITEMS), new=NAMES)
    def name_another_crate(self, item: str, new: str) -> None:
        if f"crate-{new}" not in self.crates.values():
            self.crates[item] = f"crate-{new}"

    @rule()
    def exchange_crates(self) -> None:
        self.crates = dict(zip(ITEMS, reversed(self.crates.values()), strict=True))

    @rule(new=NAMES)
    def add_a_box(self, new: str) -> None:
        top = self.wanted[0]
        if box(new, top).address not in {box(name, top).address for name in self.boxes}:
            self.boxes.append(new)

    @rule(label=st.sampled_from(["west", "oregon", "VIP"]))
    def relabel(self, label: str) -> None:
        self.label = label

    @rule()
    def lose_the_state(self) -> None:
        """Where all that is ours can still be told by its tag."""
        records = self.store.load().records
        tagged = {thing["id"]: thing["tags"].get("sbctl:address") for thing in self.cloud.things.values()}
        told = {tagged[known]: known for known in self.ids().values()} == self.ids() and not self.allowed
        names = {str(item.address) for item in self.wanted} == set(records) == set(self.ids())
        if not told or not names or any(crate["name"] not in self.crates.values() for crate in self._crates()):
            return
        found = rebuild(self.run(*self.wanted), State(lineage=""))
        assert {address: record.ids for address, record in found.state.records.items()} == {
            address: record.ids for address, record in records.items()
        }

    def _crates(self) -> list[dict[str, Any]]:
        return [thing for key, thing in self.cloud.things.items() if key[1] == "crate" and "token" in thing]

    @invariant()
    def nothing_is_forgotten(self) -> None:
        """Whatever a run was allowed to do: all that is ours is in the state, once."""
        assert sorted([*self.ids().values(), *(self.allowed & set(self.ours()))]) == self.ours()

    def teardown(self) -> None:
        self.days += 1.0
        run = self.run()
        assert run.apply(run.plan(Scope(), destroy=True).plan).problems == []
        assert set(self.ours()) <= self.allowed
        assert self.store.load().records == {}


def tried(times: int, steps: int) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    chosen = settings(max_examples=times, stateful_step_count=steps, deadline=None, suppress_health_check=checks)
    run_state_machine_as_test(Renames, settings=chosen)


def test_no_run_makes_a_double_or_forgets_anything() -> None:
    tried(8, 15)


@pytest.mark.long
def test_no_run_makes_a_double_or_forgets_anything_in_many_lives() -> None:
    tried(400, 40)
