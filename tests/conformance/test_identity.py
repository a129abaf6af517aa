"""Every kind is found by its recorded id: a day after the last write, renamed, or without its tags. New ones join in.

Each lives in an empty sandbox, and the engine plans it from a state that knows its id.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from sbctl.core.address import GLOBAL, Address
from sbctl.core.clock import FakeClock
from sbctl.core.events import silent
from sbctl.core.kinds.discover import discover
from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.spec import Desired, Spec
from sbctl.core.kinds.values import plain
from sbctl.core.plan import Plan
from sbctl.core.state import Record, State
from sbctl.engine.planning.guards import against_deletes
from sbctl.engine.planning.planner import Scope
from sbctl.engine.session import Session
from sbctl.sandbox.http.server import Running
from sbctl.store.media.memory import MemoryStore
from tests.conformance.life import Life, Recorder
from tests.conformance.prerequisites import Prerequisites
from tests.conformance.test_lifecycle import aws_client, client, empty, served
from tests.unit.engine.cloud import PROJECT

__all__ = ["aws_client", "client", "empty", "served"]

SHELF: dict[str, Kind[Any, Any]] = discover("sbctl.resources", "RESOURCE")
DAY = timedelta(days=1)
BEHIND_SECONDS = 120.0
"""Of the world's time, after which its search indexes show a change. Its checkers would have to look all day long."""
OTHERS = {"resource_type": "CHAT_TRANSCRIPTS", "type": "A"}
"""Another value of a field that is no free text."""


def key_fields(kind: Kind[Any, Any], spec: Spec) -> Iterator[str]:
    """The fields that make the natural key, but not what says in which container it is."""
    for name in type(spec).model_fields:
        value = getattr(spec, name)
        if isinstance(value, str) and name != kind.within:
            yield from [name] * (kind.key(other(spec, name)) != kind.key(spec))


def other(spec: Spec, field: str) -> Spec:
    """The spec with another key."""
    return spec.model_copy(update={field: OTHERS.get(field, f"{getattr(spec, field)}-2")})


@dataclass
class Recorded:
    """A resource that a state of yesterday knows."""

    life: Life
    ids: Mapping[str, str]
    store: MemoryStore
    address: Address

    def session(self, wanted: Spec) -> Session:
        kind, aws = self.life.kind, self.life.aws
        wants = (Desired(address=self.address, spec=wanted),)
        clock = FakeClock()
        clock.sleep(DAY.total_seconds())
        stop = threading.Event()
        return Session({kind.name: kind}, PROJECT, wants, "", aws, aws, self.store, clock, silent, stop)

    def plan(self, wanted: Spec) -> Plan:
        self.life.aws.wait(BEHIND_SECONDS, "indexes")
        planned = self.session(wanted).plan(Scope())
        assert planned.problems == ()
        return planned.plan

    def by_hand(self, wanted: Spec) -> None:
        """Somebody changes it."""
        live = self.life.kind.read(self.life.aws, self.life.region, self.ids)
        assert live is not None
        self.life.update(live, wanted, self.life.before)

    def count(self) -> int:
        self.life.aws.wait(BEHIND_SECONDS, "indexes")
        return len([*self.life.kind.list(self.life.aws, self.life.region, self.life.within)])

    def put_right(self, wanted: Spec, plan: Plan) -> None:
        """The plan is an update, after which there is one resource, and nothing more to do."""
        assert [step.action for step in plan.pending] == ["update"]
        before = self.count()
        run = self.session(wanted)
        assert run.apply(plan).problems == []
        assert self.plan(wanted).pending == ()
        assert self.count() == before
        assert [dict(record.ids) for record in self.store.load().records.values()] == [dict(self.ids)]


@pytest.fixture(params=sorted(SHELF))
def recorded(request: pytest.FixtureRequest, aws_client: Any, client: Any, empty: Running) -> Recorded:
    kind = SHELF[request.param]
    life = Life(kind, Recorder(aws_client, empty.world), Prerequisites(client, empty.world))
    ids = life.create()
    address = Address.of(kind.name, GLOBAL if kind.scope == GLOBAL else life.region, "example")
    if (tagged := getattr(life.before, "tags", {})).get("sbctl:address"):
        address = Address.parse(tagged["sbctl:address"])
    record = Record(address=str(address), ids=dict(ids), applied=plain(life.before), updated_at=FakeClock().now())
    return Recorded(life, ids, MemoryStore(State(records={record.address: record})), address)


def test_it_is_found_by_its_id_whatever_its_name(recorded: Recorded) -> None:
    """Renamed by hand or in the config, and without its tags: an update, or a replacement that the guards stop."""
    kind, spec = recorded.life.kind, recorded.life.before
    assert recorded.plan(spec).pending == ()
    for field in key_fields(kind, spec):
        wanted = other(spec, field)
        plan = recorded.plan(wanted)
        (step,) = plan.pending
        assert field in {change.field for change in step.changes}
        if field in kind.spec.replace_on:
            assert step.action == "replace"
            assert against_deletes(plan, {kind.name: kind}, (), 0) != []
        elif field == "name":
            assert step.action == "update"
            recorded.by_hand(wanted)
            back = recorded.plan(spec)
            assert [change.why for step in back.pending for change in step.changes] == ["drift"]
            recorded.put_right(spec, back)
        else:
            assert step.action == "update"
    if "tags" in kind.spec.model_fields and "tags" not in kind.spec.create_only:
        recorded.by_hand(spec.model_copy(update={"tags": {}}))
        plan = recorded.plan(spec)
        assert {change.field.partition(".")[0] for step in plan.pending for change in step.changes} == {"tags"}
        recorded.put_right(spec, plan)
