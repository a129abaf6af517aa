"""Faults as values: what they concern, how long they last, and who hears of them."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.sandbox.agenda import Agenda
from sbctl.sandbox.clock import WorldClock
from sbctl.sandbox.faults.control import FaultError, add_fault, heal, list_faults
from sbctl.sandbox.faults.fault import Fault
from sbctl.sandbox.faults.planes import is_control_plane
from sbctl.sandbox.faults.weather import Weather

EAST, WEST = "us-east-1", "us-west-2"


@pytest.fixture
def agenda() -> Agenda:
    """An agenda without a thread, moved by hand."""
    return Agenda(WorldClock())


@pytest.fixture
def weather(agenda: Agenda) -> Weather:
    """Fine weather."""
    return Weather(agenda._clock, agenda)


def kind(weather: Weather, region: str, service: str = "connect", operation: str = "ListQueues") -> str:
    """Which kind of fault breaks a request, "" for none."""
    fault = weather.breaking(region, service, operation)
    return fault.kind if fault else ""


def test_a_fault_breaks_what_it_concerns(weather: Weather) -> None:
    """Region, service and operation narrow a fault, and nothing else is broken."""
    weather.add(Fault("", "error", EAST, "connect", "ListQueues"))
    assert kind(weather, EAST) == "error"
    assert kind(weather, WEST) == ""
    assert kind(weather, EAST, operation="ListUsers") == ""
    assert kind(weather, EAST, "lambda", "Invoke") == ""


def test_a_fault_ends_by_itself(weather: Weather, agenda: Agenda) -> None:
    """After its time in the world it is over, and those who listen hear of the beginning and of the end."""
    heard: list[int] = []
    weather.listen(lambda: heard.append(len(weather.all())))
    weather.add(Fault("", "down", EAST), seconds=90)
    agenda.advance(80)
    assert weather.region_is_down(EAST)
    agenda.advance(20)
    assert not weather.region_is_down(EAST)
    assert heard == [1, 0]


def test_a_count_is_spent(weather: Weather) -> None:
    """A fault with a count breaks so many requests and is gone."""
    weather.add(Fault("", "throttle", EAST, count=2))
    assert [kind(weather, EAST) for _ in range(3)] == ["throttle", "throttle", ""]
    assert weather.all() == []


def test_a_control_plane_fails_alone(weather: Weather) -> None:
    """With a control plane gone items are still written and functions still invoked, but nothing is changed."""
    weather.add(Fault("", "control-plane", EAST))
    assert kind(weather, EAST, "dynamodb", "UpdateTable") == "control-plane"
    assert kind(weather, EAST, "dynamodb", "PutItem") == ""
    assert kind(weather, EAST, "lambda", "Invoke") == ""
    assert kind(weather, EAST, "route53", "ChangeResourceRecordSets") == "control-plane"
    assert not weather.region_is_down(EAST)
    assert is_control_plane("iam", "CreateRole")


def test_only_a_whole_region_is_a_region_that_is_down(weather: Weather) -> None:
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
def test_replication_pauses(weather: Weather, fault: Fault, paused: tuple[str, str, str, str]) -> None:
    """Replication pauses by a fault of its own, and with either of its regions; never the other way round alone."""
    assert not weather.replication_paused(*paused)
    weather.add(fault)
    assert weather.replication_paused(*paused)
    assert kind(weather, EAST) == ("down" if fault.kind == "down" and fault.region == EAST else "")


def test_one_direction_of_one_table(weather: Weather) -> None:
    """A pause of one table in one direction leaves the other direction and other tables alone."""
    weather.add(Fault("", "replication-paused", EAST, "dynamodb", target=WEST, resource="t"))
    assert not weather.replication_paused("dynamodb", WEST, EAST, "t")
    assert not weather.replication_paused("dynamodb", EAST, WEST, "u")
    assert not weather.replication_paused("s3", EAST, WEST, "t")


def test_faults_are_added_listed_and_healed(weather: Weather) -> None:
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
    ],
)
def test_what_is_no_fault_is_refused(weather: Weather, params: dict[str, Any]) -> None:
    """Unknown kinds, members and numbers are refused, and nothing is broken."""
    with pytest.raises(FaultError):
        add_fault(weather, params)
    assert weather.all() == []
