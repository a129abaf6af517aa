"""The rules of faults: which request they strike, what they say of regions and replication, when they end."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sbctl.sandbox import models
from sbctl.sandbox.agenda import Agenda
from sbctl.sandbox.clock import WorldClock
from sbctl.sandbox.control import control
from sbctl.sandbox.faults.answers import FAILURES, answer_of
from sbctl.sandbox.faults.fault import KINDS, Fault
from sbctl.sandbox.faults.faults import Faults
from sbctl.sandbox.faults.planes import DATA_PLANE, operations_of
from sbctl.sandbox.faults.wanted import wanted
from sbctl.sandbox.identify import Identity, Request
from sbctl.sandbox.world import World, WorldSettings

EAST, WEST, EUROPE = "us-east-1", "us-west-2", "eu-west-2"


class Stage:
    """A world's clock, agenda and faults, without the rest of it."""

    def __init__(self, chance: float = 0.0) -> None:
        self.clock = WorldClock()
        self.agenda = Agenda(self.clock)
        self.faults = Faults(self.clock, self.agenda, lambda: chance)

    def add(self, kind: str, region: str = EAST, /, **params: Any) -> Fault:
        return self.faults.add(wanted({"kind": kind, "region": region, **params}, self.clock.seconds()))

    def struck(self, service: str, operation: str, region: str = EAST) -> str:
        """The kind of the fault that strikes such a request; "" for none."""
        fault = self.faults.strike(Identity(service, region, operation))
        return fault.kind if fault else ""


@pytest.fixture
def stage() -> Stage:
    """A world where nothing is broken."""
    return Stage()


@pytest.mark.parametrize(
    ("scope", "struck"),
    [
        ({}, [True, True, True, False]),
        ({"service": "connect"}, [True, True, False, False]),
        ({"service": "connect", "operation": "ListQueues"}, [True, False, False, False]),
    ],
)
def test_a_fault_strikes_what_it_names(stage: Stage, scope: dict[str, str], struck: list[bool]) -> None:
    """A fault is about one region, and there about everything, a service or an operation."""
    stage.add("error", **scope)
    asked = [
        stage.struck("connect", "ListQueues"),
        stage.struck("connect", "ListInstances"),
        stage.struck("dynamodb", "GetItem"),
        stage.struck("connect", "ListQueues", WEST),
    ]
    assert [bool(kind) for kind in asked] == struck


def test_the_most_severe_fault_strikes(stage: Stage) -> None:
    """A region that is slow, throttled and then down is down, whatever was added first."""
    stage.add("slow", delay=1)
    stage.add("throttle")
    stage.add("down")
    assert stage.struck("connect", "ListQueues") == "down"


def test_a_counted_fault_is_over_when_it_struck_as_often(stage: Stage) -> None:
    """A fault for two requests strikes two, is then gone from the list, and says so to listeners."""
    heard: list[int] = []
    stage.add("error", count=2)
    stage.faults.listen(lambda: heard.append(len(stage.faults.active())))
    assert [stage.struck("s3", "GetObject") for _ in range(3)] == ["error", "error", ""]
    assert heard == [0]


@pytest.mark.parametrize(("chance", "kind"), [(0.29, "error"), (0.31, "")])
def test_a_probable_fault_strikes_by_chance(chance: float, kind: str) -> None:
    """A probability of 0.3 strikes where the chance falls below it, and not above."""
    stage = Stage(chance)
    stage.add("error", probability=0.3)
    assert stage.struck("s3", "GetObject") == kind


def test_a_region_is_down_when_all_of_it_is_silent(stage: Stage) -> None:
    """Down and hanging make a region down; a service or a few requests of it do not, nor do errors."""
    stage.add("down", service="connect")
    stage.add("down", count=3)
    stage.add("down", probability=0.5)
    stage.add("error")
    assert not stage.faults.region_is_down(EAST)
    assert stage.faults.service_is_down("connect", EAST)
    assert not stage.faults.service_is_down("lambda", EAST)
    stage.add("hang")
    assert stage.faults.region_is_down(EAST)
    assert stage.faults.service_is_down("lambda", EAST)
    assert not stage.faults.region_is_down(WEST)


def test_replication_is_paused_from_and_to_a_region(stage: Stage) -> None:
    """A pause in one region stops both directions of the named service, and nothing between other regions."""
    stage.add("replication-paused", service="dynamodb")
    paused = stage.faults.replication_paused
    assert paused("dynamodb", EAST, WEST)
    assert paused("dynamodb", WEST, EAST)
    assert not paused("dynamodb", WEST, EUROPE)
    assert not paused("s3", EAST, WEST)
    assert stage.struck("dynamodb", "PutItem") == ""


def test_replication_may_be_paused_for_one_table(stage: Stage) -> None:
    """A pause that names a table leaves the other tables alone."""
    stage.add("replication-paused", service="dynamodb", resource="customers")
    assert stage.faults.replication_paused("dynamodb", EAST, WEST, "customers")
    assert not stage.faults.replication_paused("dynamodb", EAST, WEST, "settings")
    assert not stage.faults.replication_paused("dynamodb", EAST, WEST)


@pytest.mark.parametrize("region", [EAST, WEST])
@pytest.mark.parametrize(("scope", "s3"), [({}, True), ({"service": "dynamodb"}, False)])
def test_what_is_down_does_not_replicate(stage: Stage, region: str, scope: dict[str, str], s3: bool) -> None:
    """Replication stops when either end is down, the region or the service alone, and goes on when it is healed."""
    stage.add("down", region, **scope)
    assert stage.faults.replication_paused("dynamodb", EAST, WEST, "customers")
    assert stage.faults.replication_paused("s3", EAST, WEST) is s3
    stage.faults.heal()
    assert not stage.faults.replication_paused("dynamodb", EAST, WEST, "customers")


@pytest.mark.parametrize(
    ("service", "operation", "kind"),
    [
        ("dynamodb", "CreateTable", "control-plane"),
        ("dynamodb", "PutItem", ""),
        ("lambda", "CreateFunction", "control-plane"),
        ("lambda", "InvokeFunctionUrl", ""),
        ("s3", "CreateBucket", "control-plane"),
        ("s3", "GetObject", ""),
        ("route53", "ChangeResourceRecordSets", "control-plane"),
        ("iam", "CreateRole", "control-plane"),
        ("sts", "AssumeRole", ""),
    ],
)
def test_a_control_plane_fails_without_its_data_plane(stage: Stage, service: str, operation: str, kind: str) -> None:
    """Where the control planes of a region fail, data goes on; and the region does not count as down."""
    stage.add("control-plane")
    assert stage.struck(service, operation) == kind
    assert not stage.faults.region_is_down(EAST)


def test_listeners_hear_of_every_change(stage: Stage) -> None:
    """Adding, healing and expiring are each heard once, and healing nothing is not."""
    heard: list[int] = []
    stage.faults.listen(lambda: heard.append(len(stage.faults.active())))
    stage.faults.heal()
    stage.add("down")
    stage.add("error", **{"for": 60})
    stage.agenda.advance(61)
    stage.faults.heal()
    assert heard == [1, 2, 1, 0]


def test_a_fault_ends_at_its_time(stage: Stage) -> None:
    """A fault for five minutes strikes until then, and no longer after, even before the agenda has come to it."""
    stage.add("down", **{"for": 300})
    stage.agenda.advance(290)
    assert stage.faults.region_is_down(EAST)
    stage.clock.advance(11)
    assert not stage.faults.region_is_down(EAST)
    assert stage.struck("s3", "GetObject") == ""


def test_healing_by_id_or_region(stage: Stage) -> None:
    """One fault, those of one region, or all are healed; the others stay."""
    first, second, third = stage.add("down"), stage.add("error"), stage.add("down", WEST)
    assert stage.faults.heal(identity=first.id) == [first]
    assert stage.faults.heal(region=EAST) == [second]
    assert stage.faults.heal() == [third]


def test_every_failure_is_one_that_the_service_has() -> None:
    """The error codes that faults answer are declared somewhere in the service's model, where it declares any such."""
    undeclared = {
        "cloudwatch",
        "events",
        "route53",
        "s3",
    }  # theirs stand on the pages of common errors, or under other names
    for service, (code, status) in FAILURES.items():
        declared = {
            known: shape
            for operation in models.operation_names(service)
            for known, shape in models.error_shapes(service, operation).items()
        }
        assert service in undeclared or code in declared, service
        error = declared[code].metadata.get("error", {}) if code in declared else {}
        assert status == error.get("httpStatusCode", status), service


def test_the_table_of_planes_names_real_operations() -> None:
    """Every data-plane operation is one that the service has."""
    for service, operations in DATA_PLANE.items():
        assert operations <= operations_of(service), service


def test_a_named_code_has_the_status_that_the_operation_declares(stage: Stage) -> None:
    """An error with a code of the service's own comes with its own status; an invented one is a server error."""
    who = Identity("connect", EAST, "CreateQueue")
    declared = stage.add("error", service="connect", code="DuplicateResourceException")
    invented = stage.add("error", service="connect", code="Whatever")
    assert (answer_of(who, declared).status, answer_of(who, invented).status) == (409, 500)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"kind": "dwon"}, "did you mean down"),
    ({"kind": "down", "region": "east"}, "must be a region"),
    ({"kind": "down", "service": "conect"}, "did you mean connect"),
    ({"kind": "down", "service": "connect", "operation": "ListQueue"}, "did you mean ListQueues"),
    ({"kind": "down", "operation": "ListQueues"}, "needs its service"),
    ({"kind": "control-plane", "region": WEST, "service": "route53"}, "lives in us-east-1"),
    ({"kind": "slow"}, "needs a delay"),
    ({"kind": "slow", "delay": -1}, "above 0"),
    ({"kind": "down", "delay": 2}, "delay is for slow"),
    ({"kind": "down", "count": 0}, "above 0"),
    ({"kind": "down", "count": True}, "whole number"),
    ({"kind": "error", "probability": 1.5}, "at most 1"),
    ({"kind": "replication-paused", "count": 2}, "takes no count"),
    ({"kind": "down", "for": 60, "until": "2100-01-01T00:00:00Z"}, "not both"),
    ({"kind": "down", "until": "2001-01-01T00:00:00Z"}, "future"),
    ({"kind": "down", "until": "soon"}, "not a time"),
    ({"kind": "down", "colour": "red"}, "has no 'colour'"),
    ({"kind": ["down"]}, "must be a text"),
]


@pytest.mark.parametrize(("params", "reason"), WRONG)
def test_a_fault_that_could_never_strike_is_refused(params: dict[str, Any], reason: str) -> None:
    """A request for a fault that makes no sense is answered with the reason, and nothing is broken."""
    world = World(WorldSettings())
    status, answer = do(world, "POST", "faults", {"region": EAST, **params})
    assert (status, world.faults.active()) == (400, [])
    assert reason in answer["error"]


def test_the_control_api_adds_lists_and_heals() -> None:
    """A fault added is in the list and in the status with what was asked, is ended by id, and an unknown id is refused."""
    world = World(WorldSettings())
    asked = {"region": EAST, "kind": "slow", "service": "connect", "delay": 2, "count": 5, "for": 300}
    added = do(world, "POST", "faults", asked)[1]["fault"]
    assert {name: added[name] for name in asked if name != "for"} == {k: v for k, v in asked.items() if k != "for"}
    assert do(world, "GET", "faults")[1]["faults"] == do(world, "GET", "status")[1]["faults"] == [added]
    assert do(world, "POST", "heal", {"id": "f99"})[0] == 400
    assert do(world, "POST", "heal", {"id": added["id"]}) == (200, {"healed": [added], "faults": []})


def test_delete_takes_its_arguments_from_the_query() -> None:
    """DELETE faults?region= ends those of that region alone."""
    world = World(WorldSettings())
    for region in (EAST, WEST):
        do(world, "POST", "faults", {"region": region, "kind": "down"})
    answer = control(world, Request("DELETE", "/_sandbox/faults", f"region={EAST}", {}, b""))[1]
    assert [fault["region"] for fault in answer["faults"]] == [WEST]


def test_a_reset_heals() -> None:
    """A world made new has no faults."""
    world = World(WorldSettings())
    do(world, "POST", "faults", {"region": EAST, "kind": "down"})
    assert do(world, "POST", "reset")[1]["faults"] == []


def test_every_kind_can_be_asked_for(stage: Stage) -> None:
    """Each kind needs no more than a region, and slow its delay."""
    for kind in KINDS:
        stage.add(kind, **({"delay": 1} if kind == "slow" else {}))
    assert [fault.kind for fault in stage.faults.active()] == list(KINDS)


def do(world: World, method: str, action: str, params: Any = None) -> tuple[int, dict[str, Any]]:
    """One control request."""
    body = b"" if params is None else json.dumps(params).encode()
    return control(world, Request(method, f"/_sandbox/{action}", "", {}, body))
