"""Faults as values: what they concern, how long they last, and who hears of them."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.sandbox.faults.answers import FAILURES, answer_of
from sbctl.sandbox.faults.control import FaultError, add_fault, heal, list_faults
from sbctl.sandbox.faults.fault import KINDS, Fault
from sbctl.sandbox.faults.planes import DATA, is_control_plane, operations_of
from sbctl.sandbox.faults.registry import FaultRegistry
from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.time.scheduler import Scheduler
from sbctl.sandbox.wire import models
from sbctl.sandbox.wire.identify import Identity

EAST, WEST = "us-east-1", "us-west-2"


@pytest.fixture
def scheduler() -> Scheduler:
    """An scheduler without a thread, moved by hand."""
    return Scheduler(WorldClock())


@pytest.fixture
def weather(scheduler: Scheduler) -> FaultRegistry:
    """Fine weather."""
    return FaultRegistry(scheduler._clock, scheduler)


def kind(weather: FaultRegistry, region: str, service: str = "connect", operation: str = "ListQueues") -> str:
    """Which kind of fault breaks a request, "" for none."""
    fault = weather.breaking(region, service, operation)
    return fault.kind if fault else ""


def test_a_fault_breaks_what_it_concerns(weather: FaultRegistry) -> None:
    """Region, service and operation narrow a fault, and nothing else is broken."""
    weather.add(Fault("", "error", EAST, "connect", "ListQueues"))
    assert kind(weather, EAST) == "error"
    assert kind(weather, WEST) == ""
    assert kind(weather, EAST, operation="ListUsers") == ""
    assert kind(weather, EAST, "lambda", "Invoke") == ""


def test_a_fault_ends_by_itself(weather: FaultRegistry, scheduler: Scheduler) -> None:
    """After its time in the world it is over, and those who listen hear of the beginning and of the end."""
    heard: list[int] = []
    weather.listen(lambda: heard.append(len(weather.all())))
    weather.add(Fault("", "down", EAST), seconds=90)
    scheduler.advance(80)
    assert weather.region_is_down(EAST)
    scheduler.advance(20)
    assert not weather.region_is_down(EAST)
    assert heard == [1, 0]


def test_a_count_is_spent(weather: FaultRegistry) -> None:
    """A fault with a count breaks so many requests and is gone."""
    weather.add(Fault("", "throttle", EAST, count=2))
    assert [kind(weather, EAST) for _ in range(3)] == ["throttle", "throttle", ""]
    assert weather.all() == []


def test_the_most_severe_fault_breaks_a_request(weather: FaultRegistry) -> None:
    """A region that is slow, throttled and then down is down for its clients too, whatever was added first."""
    for added in ("slow", "throttle", "down"):
        weather.add(Fault("", added, EAST))
    assert kind(weather, EAST) == "down"
    assert weather.region_is_down(EAST)


def test_a_spent_fault_is_heard_of(weather: FaultRegistry) -> None:
    """Those who listen hear when a count is spent, as when a fault is healed, and when the world is made new."""
    weather.add(Fault("", "hang", EAST, count=1))
    weather.add(Fault("", "down", WEST))
    heard: list[int] = []
    weather.listen(lambda: heard.append(len(weather.all())))
    kind(weather, EAST)
    weather.reset()
    assert heard == [1, 0]


@pytest.mark.parametrize(("chance", "broken"), [(0.29, "error"), (0.31, "")])
def test_a_probability_breaks_some(scheduler: Scheduler, chance: float, broken: str) -> None:
    """A probability of 0.3 breaks a request where chance falls below it, and not above."""
    weather = FaultRegistry(scheduler._clock, scheduler, lambda: chance)
    weather.add(Fault("", "error", EAST, probability=0.3))
    assert kind(weather, EAST) == broken


@pytest.mark.parametrize("narrow", [{"count": 3}, {"probability": 0.5}, {"operation": "ListQueues"}])
def test_a_few_broken_requests_are_no_outage(weather: FaultRegistry, narrow: dict[str, Any]) -> None:
    """A region some of whose requests get no answer is not down: its functions run and it replicates."""
    weather.add(Fault("", "down", EAST, **narrow))
    assert not weather.region_is_down(EAST)
    assert not weather.replication_paused("dynamodb", EAST, WEST)


def test_a_service_that_is_down_does_not_replicate(weather: FaultRegistry) -> None:
    """With DynamoDB down at either end its items wait, and objects go on."""
    weather.add(Fault("", "down", WEST, "dynamodb"))
    assert weather.replication_paused("dynamodb", EAST, WEST)
    assert weather.replication_paused("dynamodb", WEST, EAST)
    assert not weather.replication_paused("s3", EAST, WEST)


@pytest.mark.parametrize(
    ("service", "operation"),
    [("lambda", "InvokeFunctionUrl"), ("s3", "PutObject"), ("dynamodbstreams", "GetRecords"), ("sts", "AssumeRole")],
)
def test_data_planes_go_on(weather: FaultRegistry, service: str, operation: str) -> None:
    """Function URLs, objects, streams and tokens outlive their control planes."""
    weather.add(Fault("", "control-plane", EAST))
    assert kind(weather, EAST, service, operation) == ""


def test_the_table_of_planes_names_real_operations() -> None:
    """Every operation of a data plane is one that the service has."""
    for service, operations in DATA.items():
        assert operations <= operations_of(service), service


def test_every_failure_is_one_that_the_service_has() -> None:
    """The codes of failing services are declared in their models with that status, where they are declared at all."""
    on_pages_alone = {"cloudwatch", "events", "route53", "s3"}
    for service, (code, status) in FAILURES.items():
        declared = {
            known: shape
            for operation in models.operation_names(service)
            for known, shape in models.error_shapes(service, operation).items()
        }
        assert service in on_pages_alone or code in declared, service
        error = declared[code].metadata.get("error", {}) if code in declared else {}
        assert status == error.get("httpStatusCode", status), service


def test_a_named_code_has_its_declared_status() -> None:
    """An error with a code that the operation declares comes with that status; any other is a server error."""
    who = Identity("connect", EAST, "CreateQueue")
    declared = answer_of(who, Fault("f1", "error", code="DuplicateResourceException"))
    invented = answer_of(who, Fault("f1", "error", code="Whatever"))
    assert (declared.status, invented.status) == (409, 500)


def test_a_control_plane_fails_alone(weather: FaultRegistry) -> None:
    """With a control plane gone items are still written and functions still invoked, but nothing is changed."""
    weather.add(Fault("", "control-plane", EAST))
    assert kind(weather, EAST, "dynamodb", "UpdateTable") == "control-plane"
    assert kind(weather, EAST, "dynamodb", "PutItem") == ""
    assert kind(weather, EAST, "lambda", "Invoke") == ""
    assert kind(weather, EAST, "route53", "ChangeResourceRecordSets") == "control-plane"
    assert not weather.region_is_down(EAST)
    assert is_control_plane("iam", "CreateRole")


def test_only_a_whole_region_is_a_region_that_is_down(weather: FaultRegistry) -> None:
    """One service that is down is no lost region; a region that hangs is."""
    weather.add(Fault("", "down", EAST, "connect"))
    assert not weather.region_is_down(EAST)
    weather.add(Fault("", "hang", WEST))
    assert weather.region_is_down(WEST)


@pytest.mark.parametrize(
    ("fault", "paused"),
    [
        (Fault("", "replication-paused", EAST, "dynamodb", target=WEST, resource="t"), ("dynamodb", EAST, WEST, "t")),
        (Fault("", "replication-paused", EAST), ("s3", EAST, WEST, "b")),
        (Fault("", "down", WEST), ("s3", EAST, WEST, "b")),
        (Fault("", "down", EAST), ("dynamodb", EAST, WEST, "t")),
    ],
)
def test_replication_pauses(weather: FaultRegistry, fault: Fault, paused: tuple[str, str, str, str]) -> None:
    """Replication pauses by a fault of its own, and with either of its regions; never the other way round alone."""
    assert not weather.replication_paused(*paused)
    weather.add(fault)
    assert weather.replication_paused(*paused)
    assert kind(weather, EAST) == ("down" if fault.kind == "down" and fault.region == EAST else "")


def test_one_direction_of_one_table(weather: FaultRegistry) -> None:
    """A pause of one table in one direction leaves the other direction and other tables alone."""
    weather.add(Fault("", "replication-paused", EAST, "dynamodb", target=WEST, resource="t"))
    assert not weather.replication_paused("dynamodb", WEST, EAST, "t")
    assert not weather.replication_paused("dynamodb", EAST, WEST, "u")
    assert not weather.replication_paused("s3", EAST, WEST, "t")


def test_faults_are_added_listed_and_healed(weather: FaultRegistry) -> None:
    """The control API answers each fault with its id; healing ends one, those of a region, or all."""
    first = add_fault(weather, {"kind": "down", "region": EAST, "seconds": 60})
    second = add_fault(weather, {"kind": "slow", "region": WEST, "delay_seconds": 0.5})
    assert [fault["id"] for fault in list_faults(weather)["faults"]] == [first["id"], second["id"]]
    assert (second["delay_seconds"], "until" in first) == (0.5, True)
    assert heal(weather, {"region": WEST}) == {"healed": [second["id"]]}
    assert heal(weather, {}) == {"healed": [first["id"]]}
    with pytest.raises(FaultError, match="f9"):
        heal(weather, {"id": "f9"})


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"kind": "earthquake"},
        {"kind": "down", "regoin": EAST},
        {"kind": "down", "seconds": -1},
        {"kind": "down", "count": True},
        {"kind": "down", "region": 5},
        {"kind": "down", "target": WEST},
        {"kind": "down", "resource": "customers"},
        {"kind": "down", "delay_seconds": 2},
        {"kind": "error", "probability": 1.5},
        {"kind": "error", "count": 1.5},
        {"kind": "replication-paused", "count": 2},
        {"kind": "control-plane", "operation": "CreateTable"},
        {"kind": "slow", "delay_seconds": 1e9},
    ],
)
def test_what_is_no_fault_is_refused(weather: FaultRegistry, params: dict[str, Any]) -> None:
    """Unknown kinds, members and numbers are refused, and nothing is broken."""
    with pytest.raises(FaultError):
        add_fault(weather, params)
    assert weather.all() == []


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"region": "us-east1"}, "did you mean us-east-1"),
        ({"region": "us-east-9"}, "there is no region"),
        ({"service": "conect"}, "did you mean connect"),
        ({"service": "connect", "operation": "ListQueue"}, "did you mean ListQueues"),
        ({"service": "route53", "region": WEST}, "lives in us-east-1"),
    ],
)
def test_a_fault_that_could_never_break_anything_is_refused(
    weather: FaultRegistry, params: dict[str, Any], reason: str
) -> None:
    """A misspelt region, service or operation, and a global service elsewhere than at home, are refused with the reason."""
    with pytest.raises(FaultError, match=reason):
        add_fault(weather, {"kind": "down", **params})
    assert weather.all() == []


def test_every_kind_needs_no_more_than_its_name(weather: FaultRegistry) -> None:
    """Each kind can be asked for without anything else, and then concerns everything."""
    for name in KINDS:
        add_fault(weather, {"kind": name})
    assert [fault.kind for fault in weather.all()] == list(KINDS)
