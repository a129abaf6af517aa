"""Drills with callers: numbers stay behind when a region is lost, and a carrier that a step re-routes brings calls over."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.carrier import Asked, Carrier, carrier
from tests.cases.conftest import awake
from tests.sandbox.deployed import EAST, WEST, Scene
from tests.waits import advanced_until
from tests.worlds import trusted


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The default project with a number in each of two regions, both with a flow."""
    with awake(tmp_path_factory.mktemp("callers")) as found:
        yield found


@pytest.fixture(scope="module")
def numbers(scene: Scene) -> dict[str, str]:
    return {region: _claimed(scene, region) for region in (EAST, WEST)}


def _claimed(scene: Scene, region: str) -> str:
    """A number of a region's instance whose calls go to the sales flow."""
    connect = scene.client("connect", region)
    [instance] = connect.list_instances()["InstanceSummaryList"]
    free = connect.search_available_phone_numbers(
        TargetArn=instance["Arn"], PhoneNumberCountryCode="US", PhoneNumberType="TOLL_FREE"
    )
    number: str = free["AvailableNumbersList"][0]["PhoneNumber"]
    claimed = connect.claim_phone_number(TargetArn=instance["Arn"], PhoneNumber=number)["PhoneNumberId"]
    advanced_until(
        scene.world,
        lambda: (
            connect.describe_phone_number(PhoneNumberId=claimed)["ClaimedPhoneNumberSummary"]["PhoneNumberStatus"][
                "Status"
            ]
            == "CLAIMED"
        ),
        "the number is claimed",
    )
    flows = connect.list_contact_flows(InstanceId=instance["Id"])["ContactFlowSummaryList"]
    [flow] = [one["Id"] for one in flows if one["Name"] == "SalesInbound"]
    connect.associate_phone_number_contact_flow(PhoneNumberId=claimed, InstanceId=instance["Id"], ContactFlowId=flow)
    return number


def control(scene: Scene, method: str, action: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """One request to the sandbox, as any program makes it."""
    request = urllib.request.Request(
        f"{scene.running.endpoint}/_sandbox/{action}",
        None if body is None else json.dumps(body).encode(),
        {**trusted(scene.running), "Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request) as answer:
        found: dict[str, Any] = json.loads(answer.read())
        return found


def kit_with(scene: Scene, folder: Path, *steps: dict[str, Any]) -> str:
    """The deployment's kit with steps of one's own."""
    kit = json.loads((scene.state / "failover-kit.json").read_text())
    kit["rules"]["steps"] = steps
    path = folder / "kit.json"
    path.write_text(json.dumps({**kit, "format": 2}))
    return str(path)


def running(scene: Scene) -> list[str]:
    return [row["id"] for row in control(scene, "GET", "callers")["callers"] if row["state"] == "running"]


def assert_nothing_left(scene: Scene) -> None:
    """No callers, and no agents of the drill."""
    assert running(scene) == []
    assert not [row for row in control(scene, "GET", "agents")["agents"] if row["simulated"]]


def test_calls_to_the_lost_regions_number_fail(scene: Scene, numbers: dict[str, str]) -> None:
    """They are answered, or served out of hours, before the fault and never after it: on the page, and not judged."""
    code, said = scene.run("drill", "run", "region-loss")
    assert code == 0, said["problems"]
    callers, data = said["data"]["callers"], said["data"]
    assert callers["numbers"] == [numbers[EAST]]
    assert callers["judged"] is False
    assert data["callers_rto_seconds"] is None
    assert callers["answered"] + callers["served"] > 0
    assert callers["lost"] > 0
    assert {row["region"] for row in callers["seconds"] if row["answered"] or row["served"]} == {EAST}
    page = Path(data["report"]).read_text(encoding="utf-8")
    assert "to the end" in page
    assert "DNS moves no telephone number" in page
    assert_nothing_left(scene)


def rerouting(scene: Scene, numbers: dict[str, str]) -> Any:
    """A carrier that sends calls to the first region's number to that of the region it is told."""

    def answer(asked: Asked) -> tuple[int, str]:
        to = json.loads(asked.body)["to"]
        wanted = {"number": numbers[EAST], "to": "" if to == EAST else numbers[to]}
        control(scene, "POST", "callers/route", wanted)
        return 200, f"calls go to {to}"

    return answer


def step_of(server: Carrier) -> dict[str, Any]:
    call = {"url": f"{server.url}/route", "body": {"to": "${to}"}, "caFile": server.ca_file}
    return {"name": "carrier", "after": "signal", "movesNumbers": True, "timeoutSeconds": 30, "https": call}


def test_a_carrier_that_is_told_brings_calls_over(scene: Scene, numbers: dict[str, str], tmp_path: Path) -> None:
    """With a step of one's own callers are answered in the other region, are judged, and go back with the restore."""
    with carrier(tmp_path, rerouting(scene, numbers)) as server:
        kit = kit_with(scene, tmp_path, step_of(server))
        code, said = scene.run("drill", "run", "region-loss", "--callers", "60/min", "--kit", kit)
        assert code == 0, said["problems"]
        data = said["data"]
        assert data["callers"]["judged"]
        assert 0 < data["callers_rto_seconds"] < 300
        assert WEST in {row["region"] for row in data["callers"]["seconds"] if row["answered"] or row["served"]}
        assert [row["status"] for row in data["own_steps"]] == ["done"]
        assert f"calls go to {WEST}" in Path(data["report"]).read_text(encoding="utf-8")
        assert [json.loads(asked.body)["to"] for asked in server.asked] == [WEST, EAST]
    assert_nothing_left(scene)


@pytest.mark.long
def test_a_carrier_that_fails_is_a_limit_that_did_not_hold(
    scene: Scene, numbers: dict[str, str], tmp_path: Path
) -> None:
    """Traffic moves all the same; the drill deviates, by the step and by the callers whom nobody answered."""
    assert numbers
    with carrier(tmp_path, lambda _: (503, "maintenance")) as server:
        code, said = scene.run("drill", "run", "region-loss", "--kit", kit_with(scene, tmp_path, step_of(server)))
    assert code == 8
    missed = {limit["name"] for limit in said["data"]["limits"] if not limit["held"]}
    assert missed == {"step carrier", "callers answered again"}
    assert said["data"]["rto_seconds"] < 300
    assert_nothing_left(scene)


def test_without_callers(scene: Scene) -> None:
    """`--no-callers` is heeded; both options, or a rate that is none, are no command."""
    code, said = scene.run("drill", "run", "planned-switch", "--level", "check", "--no-callers")
    assert code == 0
    assert said["data"]["callers"] is None
    assert scene.run("drill", "run", "dns-flap", "--no-callers", "--callers", "30/min")[0] == 2
